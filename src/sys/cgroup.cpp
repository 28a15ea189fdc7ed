#include "sys/cgroup.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>

#include "sys/descriptor.hpp"
#include "sys/error.hpp"
#include "sys/fault.hpp"
#include "sys/file.hpp"
#include "sys/relations.hpp"

namespace lineshaft::sys {
namespace {

constexpr mode_t folder_mode = 0755;

result<std::string> content_of(const std::string& path) {
  auto file = open(path.c_str(), O_RDONLY);
  if (!file) return std::unexpected(file.error());
  std::string content;
  if (auto ec = read_to_end(file->get(), content.max_size(), content)) return fail(ec, "cannot read '" + path + "'");
  return content;
}

bool is_marked_delegated(const std::string& folder) {
  char value = 0;
  for (const char* name : {"user.delegate", "trusted.delegate"}) {
    if (::getxattr(folder.c_str(), name, &value, 1) == 1 && value == '1') return true;
  }
  return false;
}

}  // namespace

result<> cgroup_tree::make(const std::string& folder) {
  if (auto ec = injected("mkdir.cgroup")) return fail(ec, "cannot make '" + folder + "'");
  if (::mkdir(folder.c_str(), folder_mode) < 0) return fail(last_error(), "cannot make '" + folder + "'");
  return {};
}

result<> cgroup_tree::remove(const std::string& folder) {
  if (::rmdir(folder.c_str()) < 0) return fail(last_error(), "cannot remove '" + folder + "'");
  return {};
}

result<std::string> cgroup_tree::read(const std::string& file) { return content_of(file); }

result<> cgroup_tree::write(const std::string& file, std::string_view text) {
  const auto to = sys::open(file.c_str(), O_WRONLY);
  if (!to) return std::unexpected(to.error());
  if (::write(to->get(), text.data(), text.size()) < 0)
    return fail(last_error(), "cannot write '" + std::string(text) + "' to '" + file + "'");
  return {};
}

result<unique_fd> cgroup_tree::open(const std::string& file) { return sys::open(file.c_str(), O_WRONLY); }

result<unique_fd> cgroup_tree::watch(const std::string& file) {
  auto opened = sys::open(file.c_str(), O_RDONLY);
  // What this descriptor has read is known: what comes after is news.
  char known[256];
  if (opened && ::read(opened->get(), known, sizeof known) < 0) return fail(last_error(), "cannot read '" + file + "'");
  return opened;
}

std::vector<std::string> cgroup_tree::folders_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code ec;
  for (std::filesystem::directory_iterator one(folder, ec), end; !ec && one != end; one.increment(ec)) {
    std::error_code no_folder;
    if (one->is_directory(no_folder)) names.push_back(one->path().filename());
  }
  return names;
}

bool cgroup_tree::is_left_to_us(const std::string& folder) {
  // sd_booted(3)
  if (::access("/run/systemd/system", F_OK) != 0) return true;
  for (std::filesystem::path at = folder; at.has_relative_path(); at = at.parent_path()) {
    if (is_marked_delegated(at)) return true;
  }
  return false;
}

bool cgroup_tree::is_ours(pid_t process) {
  const auto self = ::getpid();
  while (process > 1 && process != self) {
    const auto known = relations_of(process);
    if (!known) return false;
    process = known->parent;
  }
  return process == self;
}

bool is_in_cgroup(pid_t process, std::string_view end) {
  const auto content = content_of("/proc/" + std::to_string(process) + "/cgroup");
  if (!content) return false;
  std::string_view rest = *content;
  const auto line = rest.rfind("0::", 0) == 0 ? 0 : rest.find("\n0::");
  if (line == std::string_view::npos) return false;
  rest.remove_prefix(rest.find("::", line) + 2);
  return rest.substr(0, rest.find('\n')).ends_with(end);
}

}  // namespace lineshaft::sys
