#pragma once
// The verbs, one function and one cmd_<verb>.cpp each.
#include "cli/verb.hpp"

namespace lineshaft::cli {

verb init_verb();
verb check_verb();
verb run_verb();
verb up_verb();
verb top_verb();
verb queues_verb();
verb down_verb();
verb status_verb();
verb start_verb();
verb stop_verb();
verb restart_verb();
verb scale_verb();
verb reload_verb();
verb logs_verb();
verb events_verb();
verb why_verb();
verb wait_verb();
verb signal_verb();
verb exec_verb();
verb classes_verb();
verb schema_verb();
verb export_verb();
verb completion_verb();
verb complete_verb();
verb version_verb();

}  // namespace lineshaft::cli
