// `local:NAME`: a queue that the manager holds.
#include "local/consumer.hpp"
#include "local/producer.hpp"

namespace lineshaft::local {

namespace {

template <class Base, class End>
opening<Base> open(worker_context& context, connector_url url, queue_role role) {
  if (auto known = url.check_parameters({}); !known) co_return std::unexpected(std::move(known.error()));
  if (url.rest.empty())
    co_return fail(std::errc::invalid_argument, "cannot open queue '" + url.text + "': it has no name");
  auto held = co_await context.open_queue(url.rest, role);
  if (!held) co_return std::unexpected(std::move(held.error()));
  auto end = End::open(context.executor(), url.rest, std::move(*held));
  if (!end) co_return std::unexpected(std::move(end.error()));
  co_return std::unique_ptr<Base>(std::move(*end));
}

[[maybe_unused]] const bool entered = register_connector(
    queue_connector{.scheme = "local",
                    .open_producer =
                        [](worker_context& context, connector_url url) {
                          return open<queue_producer, producer>(context, std::move(url), queue_role::producer);
                        },
                    .open_consumer =
                        [](worker_context& context, connector_url url) {
                          return open<queue_consumer, consumer>(context, std::move(url), queue_role::consumer);
                        }});

}  // namespace

}  // namespace lineshaft::local
