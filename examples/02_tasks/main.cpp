// Tasks: workers that end by themselves. One with success, one that fails and says why.
#include <lineshaft/lineshaft.hpp>

struct task_options {
  bool broken = false;
};
BOOST_DESCRIBE_STRUCT(task_options, (), (broken))

class adder : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "adder";
  using options = task_options;
  adder(options given, lineshaft::worker_context& context) : options_(given), context_(context) {}
  boost::asio::awaitable<void> start() override {
    if (options_.broken) throw std::runtime_error("the abacus has lost a bead");
    for (int number = 1; number <= 100; ++number) context_.metrics().processed.add();
    co_return;
  }

 private:
  options options_;
  lineshaft::worker_context& context_;
};

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  lineshaft::host host(argc, argv, lineshaft::worker_classes<adder>);
  lineshaft::process_manager manager(host);
  const lineshaft::start_options as_task{.restart = {.mode = lineshaft::restart_mode::never},
                                         .kind = lineshaft::worker_kind::task};
  for (const bool broken : {false, true}) {
    const auto started = manager.start_worker<adder>(broken ? "broken" : "whole", {.broken = broken}, as_task);
    if (!started) return 1;
  }
  for (const char* name : {"whole", "broken"}) {
    while (!manager.get_status(name).last_exit) std::this_thread::sleep_for(1ms);
    const auto status = manager.get_status(name);
    std::cout << name << ": " << to_string(status.state) << ", " << status.last_exit->reason << ", processed "
              << status.processed << '\n';
  }
}
