#include "supervisor/names.hpp"

#include "base/names.hpp"

namespace lineshaft::supervisor {

result<> check_name(std::string_view name) { return lineshaft::check_name(name); }

}  // namespace lineshaft::supervisor
