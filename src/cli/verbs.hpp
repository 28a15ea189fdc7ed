#pragma once
// The verbs, one function and one cmd_<verb>.cpp each.
#include "cli/verb.hpp"

namespace lineshaft::cli {

verb init_verb();
verb check_verb();
verb run_verb();
verb exec_verb();
verb classes_verb();
verb schema_verb();
verb export_verb();
verb completion_verb();
verb names_verb();
verb version_verb();

}  // namespace lineshaft::cli
