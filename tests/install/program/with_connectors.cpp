// A feed, a queue and a cache by URL, in a program that links nothing but their targets.
#include <lineshaft/cache.hpp>
#include <lineshaft/feed.hpp>
#include <lineshaft/lineshaft.hpp>
#include <lineshaft/queue.hpp>
namespace asio = boost::asio;

struct chain_options { std::string feed, queue, cache; };
BOOST_DESCRIBE_STRUCT(chain_options, (), (feed, queue, cache))

template <class T>
T value_of(lineshaft::result<T> got) {
  if (!got) throw std::runtime_error(got.error().message());
  return std::move(*got);
}

// Every event of the feed through the queue into the cache.
class chain : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "chain";
  using options = chain_options;
  chain(options o, lineshaft::worker_context& context) : options_(std::move(o)), context_(context) {}
  asio::awaitable<void> start() override {
    const auto feed = value_of(co_await lineshaft::open_feed(context_.executor(), options_.feed));
    const auto into = value_of(co_await lineshaft::open_producer(context_, options_.queue));
    const auto from = value_of(co_await lineshaft::open_consumer(context_, options_.queue));
    const auto cache = value_of(co_await lineshaft::open_cache(context_.executor(), options_.cache));
    while (const auto frame = value_of(co_await feed->next())) {
      for (const auto& event : frame->events) {
        const lineshaft::message one{.body = event.json};
        if (const auto sent = co_await into->send({&one, 1}); !sent) throw std::runtime_error(sent.error().message());
        const auto received = value_of(co_await from->receive());
        if (const auto kept = co_await cache->set("last", std::string(received.begin()->body)); !kept)
          throw std::runtime_error(kept.error().message());
        from->done();
        context_.metrics().processed.add();
      }
    }
    context_.finish();
  }

 private:
  options options_;
  lineshaft::worker_context& context_;
};

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<chain>);
  lineshaft::process_manager manager(host);
  const auto started = manager.start_worker<chain>("a", {argv[1], argv[2], argv[3]});
  while (started && manager.get_status("a").state != lineshaft::worker_state::completed &&
         manager.get_status("a").state != lineshaft::worker_state::backoff)
    std::this_thread::yield();
  std::cout << lineshaft::to_json(manager.get_status("a")) << '\n';
}
