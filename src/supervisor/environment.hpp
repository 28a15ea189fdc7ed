#pragma once
// What a worker's process finds in its environment.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lineshaft/trace_context.hpp"

namespace lineshaft::supervisor {

/// The environment of this process as it is now. To be called on the thread that starts a worker.
std::vector<std::string> inherited_environment();

/// The file that this process runs, without its folder.
std::string program_name();

using shared_environment = std::shared_ptr<const std::vector<std::string>>;

/// One copy for all workers that are started one after the other in the same environment, as most are. From any thread.
shared_environment share(std::vector<std::string> environment);

/// NAME=value, in place of what the name had before.
void set_variable(std::vector<std::string>& environment, const std::string& name, const std::string& value);

/// The same with a worker's own: the context it is started under and no other, its identity, and its options'
/// `extra`, which win over everything else.
std::vector<std::string> worker_environment(std::vector<std::string> inherited, const trace_context& context,
                                            const std::string& name, std::uint32_t generation,
                                            const std::map<std::string, std::string>& extra);

}  // namespace lineshaft::supervisor
