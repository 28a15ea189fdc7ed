#pragma once

namespace lineshaft::otlp {

/// The sockets that libcurl opens from now on are not inherited by what this process executes. Again is harmless; any
/// thread.
void close_sockets_of_curl_on_exec();

}  // namespace lineshaft::otlp
