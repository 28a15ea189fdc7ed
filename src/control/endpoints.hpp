#pragma once
// The endpoints, one function each.
#include <boost/asio/awaitable.hpp>

#include "control/service.hpp"

namespace lineshaft::control {

reply status_of_all(service& with);
reply status_of_one(service& with, const call& asked);
reply exits_of(service& with, const call& asked);
boost::asio::awaitable<reply> queues(service& with);

/// A stream, or with ?follow=false what is kept.
reply events(service& with, const call& asked);
reply logs(service& with, const call& asked);

boost::asio::awaitable<reply> alive(service& with);
reply ready(service& with);
reply health(service& with);
boost::asio::awaitable<reply> metrics(service& with);

boost::asio::awaitable<reply> start_worker(service& with, call asked);
boost::asio::awaitable<reply> stop_worker(service& with, call asked);
boost::asio::awaitable<reply> restart_worker(service& with, call asked);
boost::asio::awaitable<reply> signal_worker(service& with, call asked);
boost::asio::awaitable<reply> scale_worker(service& with, call asked);
boost::asio::awaitable<reply> reload(service& with, call asked);
boost::asio::awaitable<reply> stop_some(service& with, call asked);
boost::asio::awaitable<reply> stop_everything(service& with, call asked);

}  // namespace lineshaft::control
