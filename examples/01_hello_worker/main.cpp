#include <lineshaft/lineshaft.hpp>

struct greeter : lineshaft::worker {
  static constexpr std::string_view class_name = "greeter";
  struct options {
    std::string whom = "world";
  };
  greeter(options given, lineshaft::worker_context& context) : whom(given.whom), counted(context.metrics().processed) {}
  boost::asio::awaitable<void> start() override {
    std::cout << "hello " << whom << ", from a process of my own" << std::endl;
    counted.add();
    co_return;  // the worker lives on until it is stopped
  }
  std::string whom;
  lineshaft::counter& counted;
};
BOOST_DESCRIBE_STRUCT(greeter::options, (), (whom))

int main(int argc, char** argv) {
  lineshaft::host host(argc, argv, lineshaft::worker_classes<greeter>);
  lineshaft::process_manager manager(host);
  if (!manager.start_worker<greeter>("a", {.whom = "mill"}) || !manager.wait_ready("a")) return 1;
  std::cout << lineshaft::to_json(manager.get_status("a")) << '\n';
}
