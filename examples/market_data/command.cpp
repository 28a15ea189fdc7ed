// market-data-command: the lineshaft command with the worker classes of this example, for its pipeline.toml.
#include "market_data/pipeline.hpp"

int main(int argc, char** argv) { return lineshaft::main(argc, argv, market_data::worker_classes()); }
