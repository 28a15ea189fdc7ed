#include "control/metric_table.hpp"

#include <array>
#include <chrono>

namespace lineshaft::control {
namespace {

using value = std::optional<double>;
using status = const worker_status&;
using queue = const queue_status&;

double seconds(std::chrono::milliseconds span) { return std::chrono::duration<double>(span).count(); }

value of_counter(std::uint64_t count) { return static_cast<double>(count); }

constexpr auto counter = metric_kind::counter;
constexpr auto gauge = metric_kind::gauge;
constexpr auto untyped = metric_kind::untyped;

constexpr std::array<metric<worker_status>, 21> of_workers = {{
    {"lineshaft_worker_up", gauge, "1 if the worker has a process.", [](status w) { return value(w.alive); }},
    {"lineshaft_worker_ready", gauge, "1 if it is ready.", [](status w) { return value(w.ready); }},
    {"lineshaft_worker_generation", gauge, "How many processes have carried its name.",
     [](status w) { return value(w.generation); }},
    {"lineshaft_worker_uptime_seconds", gauge, "Of its process.",
     [](status w) { return w.alive ? value(seconds(w.uptime)) : value(); }},
    {"lineshaft_worker_beat_age_seconds", gauge, "Since its event loop last began or ended a handler.",
     [](status w) { return w.alive ? value(seconds(w.age)) : value(); }},
    {"lineshaft_worker_loop_busy", gauge, "1 if its event loop is inside a handler.",
     [](status w) { return w.loop == loop_state::none ? value() : value(w.loop == loop_state::busy); }},
    {"lineshaft_worker_last_exit_code", gauge, "How its last process ended: exit code, or minus the signal.",
     [](status w) { return w.last_exit ? value(w.last_exit->code) : value(); }},
    {"lineshaft_worker_processed_total", counter, "Inputs handled to their end.",
     [](status w) { return of_counter(w.processed); }},
    {"lineshaft_worker_errors_total", counter, "Failures that have no counter of their own.",
     [](status w) { return of_counter(w.errors); }},
    {"lineshaft_worker_decoding_errors_total", counter, "Inputs that could not be read.",
     [](status w) { return of_counter(w.decoding_errors); }},
    {"lineshaft_worker_published_total", counter, "Outputs written.", [](status w) { return of_counter(w.published); }},
    {"lineshaft_worker_processing_errors_total", counter, "Inputs that the worker's logic refused.",
     [](status w) { return of_counter(w.processing_errors); }},
    {"lineshaft_worker_own_restarts_total", counter, "What the worker itself started anew, such as connections.",
     [](status w) { return of_counter(w.restarts); }},
    {"lineshaft_worker_running", gauge, "1 if the worker has not been asked to leave.",
     [](status w) { return value(w.running); }},
    {"lineshaft_worker_mdq_connected", gauge, "1 if the queue it works on is there.",
     [](status w) { return value(w.mdq_connected); }},
    {"lineshaft_worker_mdc_connected", gauge, "1 if the cache it works on is there.",
     [](status w) { return value(w.mdc_connected); }},
    {"lineshaft_worker_output_lines_total", counter, "Lines that it printed, where output is captured.",
     [](status w) { return of_counter(w.output.lines); }},
    {"lineshaft_worker_output_bytes_total", counter, "Bytes that it printed, where output is captured.",
     [](status w) { return of_counter(w.output.bytes); }},
    {"lineshaft_worker_output_lost_lines_total", counter, "Of them lines that were not written.",
     [](status w) { return of_counter(w.output.lost_lines); }},
    {"lineshaft_worker_output_lost_bytes_total", counter, "Of them bytes that were not written.",
     [](status w) { return of_counter(w.output.lost_bytes); }},
    {"lineshaft_worker_refused_notifications_total", counter, "At its NOTIFY_SOCKET, from strangers or unreadable.",
     [](status w) { return of_counter(w.refused_notifications); }},
}};

constexpr std::array<metric<queue_status>, 5> of_queues = {{
    {"lineshaft_queue_messages_sent_total", counter, "By all producers.", [](queue q) { return of_counter(q.sent); }},
    {"lineshaft_queue_messages_done_total", counter, "By all consumers.", [](queue q) { return of_counter(q.done); }},
    {"lineshaft_queue_messages_lost_total", counter, "Taken by consumers that died before they said done.",
     [](queue q) { return of_counter(q.lost); }},
    {"lineshaft_queue_messages_in_flight", gauge, "Taken by living consumers, and not done yet.",
     [](queue q) { return of_counter(q.in_flight); }},
    {"lineshaft_queue_depth", gauge, "Messages waiting.", [](queue q) { return of_counter(q.depth); }},
}};

constexpr std::array<metric<worker_status>, 10> of_predecessor = {{
    {"kuhl_haus_mdp_processor_alive", untyped, "As lineshaft_worker_up.", [](status w) { return value(w.alive); }},
    {"kuhl_haus_mdp_processor_running", untyped, "As lineshaft_worker_running.",
     [](status w) { return value(w.running); }},
    {"kuhl_haus_mdp_processor_processed_total", untyped, "As lineshaft_worker_processed_total.",
     [](status w) { return of_counter(w.processed); }},
    {"kuhl_haus_mdp_processor_errors_total", untyped, "As lineshaft_worker_errors_total.",
     [](status w) { return of_counter(w.errors); }},
    {"kuhl_haus_mdp_processor_decoding_errors_total", untyped, "As lineshaft_worker_decoding_errors_total.",
     [](status w) { return of_counter(w.decoding_errors); }},
    {"kuhl_haus_mdp_processor_published_total", untyped, "As lineshaft_worker_published_total.",
     [](status w) { return of_counter(w.published); }},
    {"kuhl_haus_mdp_processor_processing_errors", untyped, "As lineshaft_worker_processing_errors_total.",
     [](status w) { return of_counter(w.processing_errors); }},
    {"kuhl_haus_mdp_processor_mdq_connected", untyped, "As lineshaft_worker_mdq_connected.",
     [](status w) { return value(w.mdq_connected); }},
    {"kuhl_haus_mdp_processor_mdc_connected", untyped, "As lineshaft_worker_mdc_connected.",
     [](status w) { return value(w.mdc_connected); }},
    {"kuhl_haus_mdp_processor_restarts_total", untyped, "As lineshaft_worker_own_restarts_total.",
     [](status w) { return of_counter(w.restarts); }},
}};

}  // namespace

std::span<const metric<worker_status>> worker_metrics_table() { return of_workers; }
std::span<const metric<queue_status>> queue_metrics_table() { return of_queues; }
std::span<const metric<worker_status>> predecessor_metrics_table() { return of_predecessor; }

}  // namespace lineshaft::control
