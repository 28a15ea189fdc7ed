#include "resource.hpp"

#include <opentelemetry/sdk/version/version.h>
#include <pwd.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <format>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "base/rfc3339.hpp"

namespace lineshaft::otlp {

namespace {

namespace sdk = opentelemetry::sdk;

// The constructor of the base is for detectors. Resource::Create() would merge OTEL_RESOURCE_ATTRIBUTES back in, not
// decoded and from a cache.
class plain_resource : public sdk::resource::Resource {
 public:
  explicit plain_resource(const sdk::resource::ResourceAttributes& attributes) : Resource(attributes) {}
};

std::string variable(const char* const* environment, std::string_view name) {
  for (; *environment != nullptr; ++environment) {
    const std::string_view one = *environment;
    if (one.starts_with(name) && one.substr(name.size()).starts_with('='))
      return std::string(one.substr(name.size() + 1));
  }
  return {};
}

std::string executable() {
  std::error_code ec;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", ec);
  return ec ? std::string() : path.filename().string();
}

// argv[0], and how many there are: what the others are may be secrets.
std::pair<std::string, std::int64_t> command() {
  std::ifstream file("/proc/self/cmdline");
  std::string first, more;
  std::getline(file, first, '\0');
  std::int64_t count = first.empty() ? 0 : 1;
  while (std::getline(file, more, '\0')) ++count;
  return {first, count};
}

// Of this machine's own list: a directory that is asked over a network would hold the process up.
std::string owner() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> users(std::fopen("/etc/passwd", "re"), std::fclose);
  const auto own = ::geteuid();
  while (const auto* user = users ? ::fgetpwent(users.get()) : nullptr) {
    if (user->pw_uid == own) return user->pw_name;
  }
  return {};
}

// Field 22 of /proc/self/stat is when the process began, in clock ticks since the machine did.
std::string creation_time() {
  using namespace std::chrono;
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text, '\0');
  auto at = text.rfind(')');
  for (int field = 2; field < 22 && at != text.npos; ++field) at = text.find(' ', at + 1);
  if (at == text.npos) return {};
  std::uint64_t ticks = 0;
  std::from_chars(text.data() + at + 1, text.data() + text.size(), ticks);
  timespec booted{};
  ::clock_gettime(CLOCK_BOOTTIME, &booted);
  const auto since_boot = milliseconds(ticks * 1000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK)));
  const auto age = seconds(booted.tv_sec) + milliseconds(booted.tv_nsec / 1'000'000) - since_boot;
  return rfc3339(system_clock::now() - age);
}

std::string random_id() {
  std::random_device random;
  return std::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:08x}{:04x}", random(), random() & 0xffff, random() & 0xfff,
                     (random() & 0x3fff) | 0x8000, random(), random() & 0xffff);
}

// std::string throughout: a literal would become the value true.
void set(sdk::resource::ResourceAttributes& all, const char* key, std::string value) {
  if (!value.empty()) all[key] = std::move(value);
}

sdk::resource::ResourceAttributes facts_of_process() {
  sdk::resource::ResourceAttributes all;
  const auto program = executable();
  set(all, "service.name", "unknown_service:" + program);
  set(all, "service.instance.id", random_id());
  set(all, "process.executable.name", program);
  set(all, "process.creation.time", creation_time());
  set(all, "process.owner", owner());
  if (const auto [first, count] = command(); count > 0) {
    set(all, "process.command", first);
    all["process.args_count"] = count;
  }
  all["process.pid"] = static_cast<std::int64_t>(::getpid());
  all["process.parent_pid"] = static_cast<std::int64_t>(::getppid());
  set(all, "telemetry.sdk.language", "cpp");
  set(all, "telemetry.sdk.name", "opentelemetry");
  set(all, "telemetry.sdk.version", OPENTELEMETRY_SDK_VERSION);
  return all;
}

}  // namespace

sdk::resource::Resource resource_of(const telemetry::settings& wanted, const char* const* environment) {
  // One for all signals: the process is the same, and so is the number that it has drawn.
  static const auto& facts = *new auto(facts_of_process());
  auto all = facts;
  set(all, "lineshaft.worker.name", variable(environment, "LINESHAFT_WORKER"));
  const auto generation = variable(environment, "LINESHAFT_GENERATION");
  std::int64_t number = 0;
  if (std::from_chars(generation.data(), generation.data() + generation.size(), number).ec == std::errc())
    all["lineshaft.worker.generation"] = number;
  for (const auto& [key, value] : wanted.resource) all[key] = value;
  set(all, "service.name", wanted.service_name);
  for (const char* own : {"telemetry.sdk.language", "telemetry.sdk.name", "telemetry.sdk.version"})
    all[own] = facts.at(own);
  return plain_resource(all);
}

}  // namespace lineshaft::otlp
