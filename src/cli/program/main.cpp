// The lineshaft command for pipelines of programs: it has no worker classes of its own.
#include "lineshaft/main.hpp"

int main(int argc, char** argv) { return lineshaft::main(argc, argv, {}); }
