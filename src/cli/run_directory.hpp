#pragma once
// Where a running pipeline is found: its folder, with the socket and the lock. One manager a pipeline.
#include <functional>
#include <optional>
#include <string>

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

/// By its name, or as the file declares it: absolute, or from `folder`.
run_directory run_directory_of(const std::string& pipeline, const std::string& declared, const std::string& folder);

/// Makes the folder where it is missing, for this user alone.
result<> make(const run_directory& where);

/// Held by the manager for as long as it lives. Its end, however it comes, frees it; a file that lies there says
/// nothing.
class run_lock {
 public:
  /// Makes the folder where it is missing. An error names the process that holds it.
  static result<run_lock> take(const run_directory& where, const std::string& pipeline);

 private:
  explicit run_lock(unique_fd held) : held_(std::move(held)) {}
  unique_fd held_;
};

/// Whether somebody holds it, and who.
std::optional<std::string> holder_of(const run_directory& where);

}  // namespace lineshaft::cli
