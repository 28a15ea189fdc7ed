#pragma once
// What is loaded only when it is wanted: dlopen(3), dlsym(3). It stays loaded.
#include <string>

#include "lineshaft/error.hpp"

namespace lineshaft {

/// The symbol of a plug-in, which is looked for in $LINESHAFT_PLUGIN_DIR, or as the dynamic linker does: in
/// LD_LIBRARY_PATH and in the program's RUNPATH.
result<void*> plugin_symbol(const std::string& plugin, const char* symbol);

}  // namespace lineshaft
