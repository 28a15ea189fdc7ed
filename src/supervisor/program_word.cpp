#include "supervisor/program_word.hpp"

#include <algorithm>
#include <system_error>

#include "base/utf8.hpp"
#include "telemetry/utf8.hpp"

namespace lineshaft::supervisor {
namespace {

constexpr std::size_t most_notes = 8;

void note(std::vector<std::string>& notes, std::string text) {
  if (notes.size() < most_notes && !std::ranges::contains(notes, text)) notes.push_back(std::move(text));
}

}  // namespace

std::string word_of_process(std::string_view said) {
  constexpr std::string_view cut = " …";
  if (said.size() <= longest_word) return telemetry::well_formed_utf8(said);
  return telemetry::well_formed_utf8(whole_characters(said, longest_word - cut.size())).append(cut);
}

void program_word::take(const policy::notification& said, policy::time_point now) {
  if (said.status) status = telemetry::well_formed_utf8(*said.status);
  if (said.error_number) error = std::generic_category().message(*said.error_number);
  if (said.error_number == 0) error.clear();
  if (said.reloading) reloading = true;
  if (said.ready) reloading = false;
  if (said.watchdog) beat = now;
  if (said.watchdog_trigger) wants_watchdog = true;
  if (said.main_pid) {
    note(notes, "MAINPID=" + telemetry::well_formed_utf8(said.main_pid->substr(0, 16)) +
                    " refused: the worker is the process that was started");
  }
}

}  // namespace lineshaft::supervisor
