#pragma once
// The whole `lineshaft` command for a program's own worker classes.
#include <span>

#include "lineshaft/worker_class.hpp"

namespace lineshaft {

/// `return lineshaft::main(argc, argv, lineshaft::worker_classes<…>);` is all that such a program's main() does: it
/// makes the host itself. `classes` has to live as long as the program.
int main(int argc, char** argv, std::span<const worker_class> classes);

}  // namespace lineshaft
