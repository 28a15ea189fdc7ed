#pragma once
// The words that stand for the values of enumerations in a pipeline file.
#include <array>
#include <string_view>
#include <utility>

#include "base/role.hpp"
#include "lineshaft/pipeline.hpp"

namespace lineshaft::config::words {

template <class T, std::size_t Count>
using list = std::array<std::pair<std::string_view, T>, Count>;

struct restart_modes {
  using type = restart_mode;
  static constexpr list<type, 3> all{
      {{"never", type::never}, {"on_failure", type::on_failure}, {"always", type::always}}};
};
struct kinds {
  using type = worker_kind;
  static constexpr list<type, 2> all{{{"service", type::service}, {"task", type::task}}};
};
struct methods {
  using type = start_method;
  static constexpr list<type, 2> all{{{"fork_server", type::fork_server}, {"exec", type::exec}}};
};
struct conditions {
  using type = start_condition;
  static constexpr list<type, 3> all{
      {{"started", type::started}, {"ready", type::ready}, {"completed", type::completed}}};
};
struct strategies {
  using type = group_strategy;
  static constexpr list<type, 3> all{
      {{"one_for_one", type::one_for_one}, {"one_for_all", type::one_for_all}, {"rest_for_one", type::rest_for_one}}};
};
struct destinations {
  using type = output_to;
  static constexpr list<type, 4> all{
      {{"file", type::file}, {"memory", type::memory}, {"inherit", type::inherit}, {"null", type::null}}};
};
struct overflows {
  using type = output_overflow;
  static constexpr list<type, 2> all{{{"block", type::block}, {"drop", type::drop}}};
};
struct roles {
  using type = role;
  static constexpr auto& all = role_words;
};

}  // namespace lineshaft::config::words
