#pragma once
// What the library and a plug-in with the OpenTelemetry SDK know of each other: plain C, so that a program and a
// plug-in of another build find out by the version alone whether they fit. Everything else goes through OpenTelemetry's
// API, whose global providers they share.
#include <atomic>
#include <cstdint>

extern "C" {

/// Where it is counted what becomes of what is recorded. Never gone, and perhaps shared with another process, which
/// goes on reading it when this one has been killed.
struct lineshaft_telemetry_counts {
  std::atomic<std::uint64_t>*spans_recorded, *spans_delivered, *log_records_recorded, *log_records_delivered;
  std::atomic<std::uint64_t>* metric_exports_failed;  ///< since the last one that did not
};

/// What a plug-in asks of its program; any of its threads may call it, and counts.
struct lineshaft_telemetry_host {
  void* self;
  /// A line for the log about telemetry itself; `level` is lineshaft::telemetry::log_level.
  void (*log)(void* self, int level, const char* text);
  lineshaft_telemetry_counts counts;
  /// After each collection of metrics, before they are sent: the SDK holds no lock, and takes new instruments.
  void (*collected)(void* self);
};

struct lineshaft_telemetry_plugin {
  std::uint32_t version;  ///< lineshaft_telemetry_version
  /// Makes the SDK that `environment` asks for and puts its providers in the place of the global ones. Once,
  /// and again after each end, in a process that must not be cloned any more. `other`: the plug-in with the exporters
  /// that this one lacks, or null. 0, or -1 where it has told the log why not.
  int (*start)(const char* const* environment, const lineshaft_telemetry_host* host,
               const lineshaft_telemetry_plugin* other);
  /// Hands over what there is for at most `milliseconds`; after that nothing is recorded any more.
  void (*finish)(std::uint64_t milliseconds);
  /// An exporter of the SDK that both plug-ins share, owned by the caller; null if this plug-in has none such.
  void* (*make_exporter)(const char* const* environment, int signal);
};

/// The one symbol of a plug-in.
using lineshaft_telemetry_entry = const lineshaft_telemetry_plugin*();
}

inline constexpr std::uint32_t lineshaft_telemetry_version = 2;
inline constexpr const char* lineshaft_telemetry_symbol = "lineshaft_telemetry";
