#include "status/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>

namespace lineshaft {
namespace json = boost::json;

std::string_view to_string(worker_state state) {
  switch (state) {
    case worker_state::stopped: return "stopped";
    case worker_state::starting: return "starting";
    case worker_state::running: return "running";
    case worker_state::stopping: return "stopping";
    case worker_state::backoff: return "backoff";
    case worker_state::completed: return "completed";
    case worker_state::failed: return "failed";
  }
  return "unknown";
}

std::string_view to_string(loop_state state) {
  switch (state) {
    case loop_state::none: return "none";
    case loop_state::idle: return "idle";
    case loop_state::busy: return "busy";
  }
  return "unknown";
}

namespace {

json::object metrics_to_json(const std::map<std::string, metric_value>& metrics, const json::storage_ptr& memory = {}) {
  json::object out(memory);
  for (const auto& [name, value] : metrics) {
    out[name] = std::visit([](auto one) { return json::value(one); }, value);
  }
  return out;
}

json::object figures_to_json(const worker_figures& figures) {
  return {{"processed", figures.processed},
          {"errors", figures.errors},
          {"decoding_errors", figures.decoding_errors},
          {"published", figures.published},
          {"processing_errors", figures.processing_errors},
          {"mdq_connected", figures.mdq_connected},
          {"mdc_connected", figures.mdc_connected},
          {"restarts", figures.restarts},
          {"metrics", metrics_to_json(figures.metrics)}};
}

json::object restarts_to_json(const restart_counts& counts, const json::storage_ptr& memory) {
  return {{{"crash", counts.crash},
           {"completion", counts.completion},
           {"watchdog", counts.watchdog},
           {"asked", counts.asked},
           {"reload", counts.reload},
           {"group", counts.group},
           {"recycle", counts.recycle}},
          memory};
}

json::object output_to_json(const output_status& output, const json::storage_ptr& memory) {
  return {{{"lines", output.lines},
           {"bytes", output.bytes},
           {"lost_lines", output.lost_lines},
           {"lost_bytes", output.lost_bytes},
           {"error", output.error}},
          memory};
}

json::array states_to_json(const std::vector<state_moment>& states) {
  json::array out;
  for (const auto& [state, after] : states)
    out.push_back(json::object{{"state", to_string(state)}, {"after_ms", after.count()}});
  return out;
}

}  // namespace

json::object to_json(const exit_record& record) {
  return {{"generation", record.generation},
          {"pid", record.pid},
          {"code", record.code_known ? json::value(record.code) : json::value(nullptr)},
          {"core_dumped", record.core_dumped},
          {"out_of_memory", record.out_of_memory},
          {"success", record.success},
          {"reason", record.reason},
          {"error", record.error},
          {"stack", record.stack},
          {"lifetime_ms", record.lifetime.count()},
          {"user_us", record.user_time.count()},
          {"system_us", record.system_time.count()},
          {"max_resident_bytes", record.max_resident_bytes},
          {"lost_messages", record.lost_messages},
          {"undelivered",
           {{"spans", record.undelivered.spans},
            {"log_records", record.undelivered.log_records},
            {"metric_exports", record.undelivered.metric_exports}}},
          {"figures", figures_to_json(record.figures)},
          {"output", json::array(record.output.begin(), record.output.end())},
          {"status_text", record.status_text},
          {"cause", record.cause},
          {"asked_by", record.asked_by},
          {"trace_id", record.trace_id},
          {"states", states_to_json(record.states)},
          {"notes", json::value_from(record.notes)},
          {"left_behind", json::value_from(record.left_behind)}};
}

json::object to_json(const worker_status& status, const json::storage_ptr& memory) {
  if (status.name.empty()) return {{{"alive", false}}, memory};
  json::object out(memory);
  out.reserve(40);  // a caller may add some
  out.insert({{"alive", status.alive},
              {"pid", status.pid ? json::value(*status.pid) : json::value(nullptr)},
              {"processed", status.processed},
              {"errors", status.errors},
              {"decoding_errors", status.decoding_errors},
              {"published", status.published},
              {"processing_errors", status.processing_errors},
              {"mdq_connected", status.mdq_connected},
              {"mdc_connected", status.mdc_connected},
              {"restarts", status.restarts},
              {"running", status.running},
              {"name", status.name},
              {"state", to_string(status.state)},
              {"ready", status.ready},
              {"generation", status.generation},
              {"process_restarts", status.process_restarts},
              {"uptime_ms", status.uptime.count()},
              {"age_ms", status.age.count()},
              {"error", status.error},
              {"last_exit", status.last_exit ? json::value(to_json(*status.last_exit)) : json::value(nullptr)},
              {"metrics", metrics_to_json(status.metrics, memory)},
              {"loop", to_string(status.loop)},
              {"restarts_by", restarts_to_json(status.restarts_by, memory)},
              {"next_start_ms", status.next_start ? json::value(status.next_start->count()) : json::value(nullptr)},
              {"output", output_to_json(status.output, memory)},
              {"status_text", status.status_text},
              {"reloading", status.reloading},
              {"refused_notifications", status.refused_notifications}});
  return out;
}

json::object to_json(const worker_status& status) { return to_json(status, {}); }

}  // namespace lineshaft
