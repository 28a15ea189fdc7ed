#include "base/plugin.hpp"

#include <dlfcn.h>

#include <cstdlib>

namespace lineshaft {
namespace {

std::string path_of(const std::string& plugin) {
  const char* folder = std::getenv("LINESHAFT_PLUGIN_DIR");
  return folder == nullptr || *folder == '\0' ? plugin : std::string(folder) + "/" + plugin;
}

}  // namespace

result<void*> plugin_symbol(const std::string& plugin, const char* symbol) {
  const auto cannot = "cannot open the plug-in '" + plugin + "': ";
  // Now: each clone of the fork server would otherwise resolve for itself, on pages of its own.
  void* library = ::dlopen(path_of(plugin).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return fail(cannot + ::dlerror());
  void* found = ::dlsym(library, symbol);
  if (found == nullptr) return fail(cannot + "it is no plug-in of Lineshaft");
  return found;
}

}  // namespace lineshaft
