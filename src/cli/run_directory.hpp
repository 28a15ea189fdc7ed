#pragma once
// Where a running pipeline is found: its folder, with the socket and the lock. One manager a pipeline.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::cli {

struct run_directory {
  std::string path;

  std::string socket() const { return path + "/control.sock"; }
  std::string lock() const { return path + "/lock"; }
};

/// The folder above those of all pipelines: $XDG_RUNTIME_DIR/lineshaft, as root /run/lineshaft, else
/// /tmp/lineshaft-UID.
std::string run_base(unsigned uid, const char* runtime_dir);

/// Where the manager makes it: as the file declares it, absolute or from `folder`; else by its name, in the folder that
/// systemd has made for it ($RUNTIME_DIRECTORY), else below run_base().
run_directory run_directory_of(const std::string& pipeline, const std::string& declared, const std::string& folder);

/// Where somebody finds it: the same, and if nobody listens there, a service of the system has it below /run/lineshaft.
run_directory find_run_directory(const std::string& pipeline, const std::string& declared, const std::string& folder);

/// The names of those that run and have not declared their place, as far as this user may know.
std::vector<std::string> running_pipelines();

/// Who may reach the socket.
enum class reach { own_user, others };

/// Makes the folder where it is missing. Others than this user come to the socket at most, and to nothing else.
result<> make(const run_directory& where, reach open_to);

/// The first folder above it that others than this user cannot pass.
std::optional<std::string> closed_above(const run_directory& where);

/// Held by the manager for as long as it lives. Its end, however it comes, frees it; a file that lies there says
/// nothing.
class run_lock {
 public:
  /// In a folder that was made. An error names the process that holds it.
  static result<run_lock> take(const run_directory& where, const std::string& pipeline);

 private:
  explicit run_lock(unique_fd held) : held_(std::move(held)) {}
  unique_fd held_;
};

/// Whether somebody holds it, and who: "process 123". Takes nothing itself.
std::optional<std::string> holder_of(const run_directory& where);

}  // namespace lineshaft::cli
