#pragma once
// The manager's own telemetry: from the first worker that it starts to its end.
#include <memory>
#include <string>

#include "supervisor/manager_metrics.hpp"

namespace lineshaft::supervisor {

/// Of the managers that live in one process at a time the first begins and the last ends it.
class telemetry_session {
 public:
  telemetry_session() = default;
  /// The event loop runs no more. What there is to be exported is, for at most as long as the environment says.
  ~telemetry_session();
  telemetry_session(const telemetry_session&) = delete;
  telemetry_session& operator=(const telemetry_session&) = delete;

  /// Again is harmless. From any thread.
  void begin(const std::string& service, const metric_source& source);

 private:
  bool begun_ = false;
  std::shared_ptr<exported_manager> exported_;  ///< if something is
};

}  // namespace lineshaft::supervisor
