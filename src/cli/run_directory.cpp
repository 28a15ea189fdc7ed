#include "cli/run_directory.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>

#include "sys/private_folder.hpp"

namespace lineshaft::cli {
namespace {

namespace fs = std::filesystem;
using sys::folder_access;

constexpr auto base_of_system = "/run/lineshaft";

std::string own_base() { return run_base(sys::own_uid(), std::getenv("XDG_RUNTIME_DIR")); }

std::string pid_in(const run_directory& where) {
  std::ifstream file(where.lock());
  std::string pid;
  file >> pid;
  return pid.empty() ? "another process" : "process " + pid;
}

// systemd.exec(5), RuntimeDirectory=. The service around this program may have one of its own: only a folder of this
// name is meant.
std::optional<std::string> made_by_systemd(const std::string& pipeline) {
  const char* folder = std::getenv("RUNTIME_DIRECTORY");
  if (folder == nullptr || !std::string_view(folder).ends_with("/lineshaft/" + pipeline)) return std::nullopt;
  return folder;
}

bool is_there(const std::string& socket) {
  std::error_code ec;
  return fs::exists(socket, ec);
}

}  // namespace

std::string run_base(unsigned uid, const char* runtime_dir) {
  if (uid == 0) return base_of_system;
  if (runtime_dir != nullptr && *runtime_dir == '/') return std::string(runtime_dir) + "/lineshaft";
  return std::format("/tmp/lineshaft-{}", uid);
}

run_directory run_directory_of(const std::string& pipeline, const std::string& declared, const std::string& folder) {
  if (!declared.empty()) return {(fs::path(folder) / declared).lexically_normal()};
  return {made_by_systemd(pipeline).value_or(own_base() + "/" + pipeline)};
}

run_directory find_run_directory(const std::string& pipeline, const std::string& declared, const std::string& folder) {
  auto own = run_directory_of(pipeline, declared, folder);
  if (!declared.empty() || holder_of(own)) return own;
  run_directory of_system{std::string(base_of_system) + "/" + pipeline};
  return is_there(of_system.socket()) ? of_system : own;
}

std::vector<std::string> running_pipelines() {
  std::vector<std::string> names;
  for (const auto& base : {own_base(), std::string(base_of_system)}) {
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(base, ec)) {
      auto name = entry.path().filename().string();
      if (!std::ranges::contains(names, name) && holder_of({entry.path()})) names.push_back(std::move(name));
    }
  }
  std::ranges::sort(names);
  return names;
}

result<> make(const run_directory& where, reach open_to) {
  const auto passable = open_to == reach::others;
  // Below /tmp anybody can have made the folder above first. What the system's one holds may be known.
  const auto above = fs::path(where.path).parent_path().string();
  if (above == own_base()) {
    const auto access = above == base_of_system ? folder_access::listed
                        : passable              ? folder_access::passed
                                                : folder_access::closed;
    if (auto made = sys::make_own_folder(above, access); !made) return made;
  }
  return sys::make_own_folder(where.path, passable ? folder_access::passed : folder_access::closed);
}

std::optional<std::string> closed_above(const run_directory& where) {
  for (auto path = fs::path(where.path).parent_path(); path.has_relative_path(); path = path.parent_path()) {
    std::error_code ec;
    const auto facts = fs::status(path, ec);
    if (!ec && (facts.permissions() & fs::perms::others_exec) == fs::perms::none) return path.string();
  }
  return std::nullopt;
}

result<run_lock> run_lock::take(const run_directory& where, const std::string& pipeline) {
  auto held = sys::try_lock(where.lock());
  if (!held) return std::unexpected(held.error());
  if (!*held)
    return fail(std::format("pipeline '{}' is run by {} already (lock '{}')", pipeline, pid_in(where), where.lock()));
  if (auto written = sys::write_holder((*held)->get(), std::format("{}\n", ::getpid())); !written)
    return std::unexpected(written.error());
  return run_lock(std::move(**held));
}

std::optional<std::string> holder_of(const run_directory& where) {
  const auto held = sys::is_locked(where.lock());
  // Of another user the socket is all that may be seen.
  if (!held) return is_there(where.socket()) ? std::optional("a process of another user") : std::nullopt;
  return *held ? std::optional(pid_in(where)) : std::nullopt;
}

}  // namespace lineshaft::cli
