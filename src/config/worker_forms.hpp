#pragma once
// The forms that only a worker has: its options, what it waits for, when it is ready.
#include "config/form.hpp"
#include "config/words.hpp"

namespace lineshaft::config::form {

/// The options of a worker class: what they mean is the class's to say.
struct free_table {
  using type = boost::json::object;
  static bool read(const value& from, const std::string& path, type& into, faults& found);
  static std::string expected() { return "a table"; }
  static std::string write(const type&) { return "{}"; }
  static boost::json::object schema() { return {{"type", "object"}}; }
};

/// ["a", "b"], or { a = "ready" }
struct dependencies {
  using type = std::vector<dependency>;
  static bool read(const value& from, const std::string& path, type& into, faults& found);
  static std::string expected() { return R"(["NAME", …] or { NAME = "started" | "ready" | "completed", … })"; }
  static std::string write(const type&) { return "[]"; }
  static boost::json::object schema();
};

/// "start", "notify", "tcp:ADDRESS:PORT", "http://ADDRESS:PORT/PATH"
struct readiness_wish {
  ready_when when = ready_when::start;
  std::string probe;
};
struct readiness {
  using type = readiness_wish;
  static reading<type> parse(const value& from);
  static std::string expected() { return R"("start", "notify", "tcp:ADDRESS:PORT" or "http://ADDRESS:PORT/PATH")"; }
  static boost::json::object schema();
};

}  // namespace lineshaft::config::form
