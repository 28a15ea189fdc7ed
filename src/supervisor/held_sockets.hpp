#pragma once
// The listening sockets that the manager holds for its workers, so that a connection in a backlog outlives any worker.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::supervisor {

/// On the supervisor's thread alone. Destroying it closes the sockets, and removes the files of Unix sockets.
class held_sockets {
 public:
  held_sockets() = default;
  ~held_sockets();
  held_sockets(const held_sockets&) = delete;
  held_sockets& operator=(const held_sockets&) = delete;

  /// A descriptor of the socket at `endpoint`, which is made the first time, and held as long as a worker uses it.
  result<unique_fd> open(const std::string& endpoint, const std::string& worker);
  /// The same for all those of a worker, in the order of their names, or none.
  result<std::vector<unique_fd>> open_all(const std::map<std::string, std::string>& wanted, const std::string& worker);
  /// A worker uses these, and no others any more: what nobody uses is closed, so that who connects there is refused,
  /// and does not wait in the backlog of nobody.
  void keep(const std::string& worker, const std::set<std::string>& used);

 private:
  struct held {
    unique_fd socket;
    std::set<std::string> users;
  };

  std::map<std::string, held, std::less<>> sockets_;
};

}  // namespace lineshaft::supervisor
