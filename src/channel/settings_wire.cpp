#include "channel/settings_wire.hpp"

namespace lineshaft::channel {
namespace {

template <class T, class Each>
void write_list(wire_writer& to, const std::vector<T>& list, Each each) {
  to.put(static_cast<std::uint32_t>(list.size()));
  for (const auto& one : list) each(one);
}

// A hostile count allocates nothing: the first element that is not there ends the list.
template <class T, class Each>
void read_list(wire_reader& from, std::vector<T>& list, Each each) {
  for (auto count = from.get<std::uint32_t>(); count > 0 && !from.failed(); --count) list.push_back(each());
}

template <class T>
void write_maybe(wire_writer& to, const std::optional<T>& value) {
  to.put(value.has_value());
  to.put(value.value_or(T{}));
}

template <class T>
std::optional<T> read_maybe(wire_reader& from) {
  const bool given = from.get<std::uint8_t>() != 0;
  const auto value = from.get<T>();
  return given ? std::optional(value) : std::nullopt;
}

void write(wire_writer& to, const sys::limit& limit) {
  to.put(limit.resource);
  to.put(limit.value.soft);
  to.put(limit.value.hard);
}

sys::limit read_limit(wire_reader& from) {
  sys::limit limit;
  limit.resource = from.get<int>();
  limit.value.soft = from.get<std::uint64_t>();
  limit.value.hard = from.get<std::uint64_t>();
  return limit;
}

void write(wire_writer& to, const sys::user_identity& user) {
  to.put(std::string_view(user.name));
  to.put(user.uid);
  to.put(user.gid);
  write_list(to, user.groups, [&](gid_t gid) { to.put(gid); });
}

sys::user_identity read_user(wire_reader& from) {
  sys::user_identity user;
  user.name = from.get_text();
  user.uid = from.get<uid_t>();
  user.gid = from.get<gid_t>();
  read_list(from, user.groups, [&] { return from.get<gid_t>(); });
  return user;
}

}  // namespace

void write(wire_writer& to, const sys::process_settings& settings) {
  write_list(to, settings.limits, [&](const sys::limit& limit) { write(to, limit); });
  write_maybe(to, settings.nice);
  write_list(to, settings.cpus, [&](unsigned cpu) { to.put(cpu); });
  write_maybe(to, settings.oom_score_adj);
  to.put(settings.user.has_value());
  if (settings.user) write(to, *settings.user);
  to.put(settings.no_new_privs);
  write_maybe(to, settings.umask);
  to.put(std::string_view(settings.working_directory));
}

void read(wire_reader& from, sys::process_settings& settings) {
  read_list(from, settings.limits, [&] { return read_limit(from); });
  settings.nice = read_maybe<int>(from);
  read_list(from, settings.cpus, [&] { return from.get<unsigned>(); });
  settings.oom_score_adj = read_maybe<int>(from);
  if (from.get<std::uint8_t>() != 0) settings.user = read_user(from);
  settings.no_new_privs = from.get<std::uint8_t>() != 0;
  settings.umask = read_maybe<std::uint32_t>(from);
  settings.working_directory = from.get_text();
}

}  // namespace lineshaft::channel
