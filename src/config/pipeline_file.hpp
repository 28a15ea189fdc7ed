#pragma once
// A pipeline as its files describe it.
#include <string>
#include <vector>

#include "config/control_file.hpp"
#include "config/value.hpp"
#include "lineshaft/manager_options.hpp"
#include "lineshaft/pipeline.hpp"

namespace lineshaft::config {

/// One [worker.NAME] as it was read.
struct read_worker {
  worker_spec spec;
  std::vector<std::string> profiles;  ///< empty: it is always there
  place where;                        ///< of its name
  const value* written = nullptr;     ///< its table, for the places of its keys
};

struct written_group {
  group_spec spec;
  place where;  ///< of its restart_limit, else of its name
};

struct pipeline_file {
  pipeline_spec pipeline;
  manager_options manager;
  control_file control;
  std::string run_dir;  ///< empty: by the pipeline's name
};

}  // namespace lineshaft::config
