#include "cli/run_directory.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>

#include "sys/private_folder.hpp"

namespace lineshaft::cli {
namespace {

std::string pid_in(const run_directory& where) {
  std::ifstream file(where.lock());
  std::string pid;
  file >> pid;
  return pid.empty() ? "another process" : "process " + pid;
}

}  // namespace

std::string run_base(unsigned uid, const char* runtime_dir) {
  if (uid == 0) return "/run/lineshaft";
  if (runtime_dir != nullptr && *runtime_dir == '/') return std::string(runtime_dir) + "/lineshaft";
  return std::format("/tmp/lineshaft-{}", uid);
}

run_directory run_directory_of(const std::string& pipeline, const std::string& declared, const std::string& folder) {
  if (!declared.empty()) return {(std::filesystem::path(folder) / declared).lexically_normal()};
  return {run_base(sys::own_uid(), std::getenv("XDG_RUNTIME_DIR")) + "/" + pipeline};
}

result<> make(const run_directory& where) {
  // Below /tmp anybody can have made the folder above first.
  const auto above = std::filesystem::path(where.path).parent_path().string();
  if (above == run_base(sys::own_uid(), std::getenv("XDG_RUNTIME_DIR"))) {
    if (auto made = sys::make_private_folder(above); !made) return made;
  }
  return sys::make_private_folder(where.path);
}

result<run_lock> run_lock::take(const run_directory& where, const std::string& pipeline) {
  if (auto made = make(where); !made) return std::unexpected(made.error());
  auto held = sys::try_lock(where.lock());
  if (!held) return std::unexpected(held.error());
  if (!*held)
    return fail(std::format("pipeline '{}' is run by {} already (lock '{}')", pipeline, pid_in(where), where.lock()));
  if (auto written = sys::write_all((*held)->get(), std::format("{}\n", ::getpid())); !written)
    return std::unexpected(written.error());
  return run_lock(std::move(**held));
}

std::optional<std::string> holder_of(const run_directory& where) {
  if (!std::filesystem::exists(where.lock())) return std::nullopt;
  const auto held = sys::try_lock(where.lock());
  if (!held || *held) return std::nullopt;
  return pid_in(where);
}

}  // namespace lineshaft::cli
