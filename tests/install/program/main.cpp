#include <lineshaft/lineshaft.hpp>
namespace asio = boost::asio;
using namespace std::chrono_literals;

struct ticker_options { std::string text = "tick"; int every_ms = 1000; };
BOOST_DESCRIBE_STRUCT(ticker_options, (), (text, every_ms))

class ticker : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "ticker";
  using options = ticker_options;
  ticker(options o, lineshaft::worker_context& context) : options_(std::move(o)), context_(context) {}
  asio::awaitable<void> start() override {
    asio::steady_timer timer(context_.executor());
    while (context_.running()) {
      context_.metrics().processed.add();
      timer.expires_after(std::chrono::milliseconds(options_.every_ms));
      co_await timer.async_wait(asio::use_awaitable);
    }
  }
 private:
  options options_;
  lineshaft::worker_context& context_;
};

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<ticker>);
  lineshaft::process_manager manager(host);
  if (auto started = manager.start_worker<ticker>("a", {.every_ms = 10}); !started) return 1;
  std::this_thread::sleep_for(1s);
  std::cout << lineshaft::to_json(manager.get_status("a")) << '\n';
  manager.stop_all(2s);
}
