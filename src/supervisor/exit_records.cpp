#include "supervisor/exit_records.hpp"

#include "status/block_reader.hpp"
#include "supervisor/exit_reason.hpp"

namespace lineshaft::supervisor {

exit_record record_of(const process& ended, const sys::exit_status& status, const policy::worker_life& life,
                      const worker_definition& worker, const std::string& said, policy::time_point now) {
  exit_record record;
  record.generation = life.generation();
  record.pid = ended.pid();
  record.code = status.code;
  record.code_known = status.known;
  record.core_dumped = status.core_dumped;
  record.error = said;
  record.lifetime = std::chrono::duration_cast<std::chrono::milliseconds>(now - ended.started());
  record.user_time = status.user_time;
  record.system_time = status.system_time;
  record.max_resident_bytes = status.max_resident_bytes;
  if (const auto& block = ended.block()) record.figures = status::read_figures(block->bytes());
  record.figures.running = false;
  record.reason = exit_reason({status, life.cause(), life.restarting_because(), life.gave_up(), life.killed(),
                               !worker.is_program(), said, worker.how, life.stop_budget()});
  return record;
}

}  // namespace lineshaft::supervisor
