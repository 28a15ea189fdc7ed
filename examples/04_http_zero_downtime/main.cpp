// Two web servers behind one socket, replaced one after the other every two seconds: no connection is refused.
//   04_http_zero_downtime [ADDRESS:PORT [ROUNDS]]
#include "web.hpp"

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  lineshaft::host host(argc, argv, lineshaft::worker_classes<zero_downtime::web>);
  const std::string endpoint = argc > 1 ? argv[1] : "127.0.0.1:8080";
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;

  lineshaft::process_manager manager(host);
  auto web =
      lineshaft::worker_of<zero_downtime::web>("web", {.endpoint = endpoint}, {.ready = lineshaft::ready_when::notify});
  web.replicas = 2;
  if (const auto started = manager.start_pipeline({.workers = {web}}); !started) {
    std::cerr << started.error().message() << '\n';
    return 1;
  }
  for (const auto* name : {"web-0", "web-1"}) {
    if (const auto ready = manager.wait_ready(name); !ready) {
      std::cerr << ready.error().message() << '\n';
      return 1;
    }
  }
  std::cout << "serving at http://" << endpoint << "/" << std::endl;
  for (int round = 1; round <= rounds; ++round) {
    std::this_thread::sleep_for(2s);
    const auto rolled = manager.restart_rolling("web");
    std::cout << "round " << round << ": " << (rolled ? "both replaced" : rolled.error().message()) << std::endl;
  }
}
