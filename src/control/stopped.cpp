#include "control/stopped.hpp"

#include <string_view>

namespace lineshaft::control {
namespace {

std::string_view to_text(const stop_outcome& outcome) {
  switch (outcome.how) {
    case stop_outcome::not_running: return "not_running";
    case stop_outcome::clean: return "clean";
    case stop_outcome::killed: return "killed";
  }
  return "unknown";
}

}  // namespace

boost::json::object to_json(const stop_outcome& outcome) {
  return {{"name", outcome.name},
          {"outcome", to_text(outcome)},
          {"took_ms", outcome.took.count()},
          {"exit", outcome.exit ? boost::json::value(lineshaft::to_json(*outcome.exit)) : boost::json::value(nullptr)}};
}

}  // namespace lineshaft::control
