#pragma once
// spdlog, compiled into this library under a name of its own: a program that uses spdlog may have built it in any of
// its ways, which do not go together in one program, and none of its libraries is to be loaded by each worker (ADR 92).
#define SPDLOG_HEADER_ONLY
#define SPDLOG_USE_STD_FORMAT
#define spdlog lineshaft_spdlog
#include <spdlog/logger.h>      // IWYU pragma: export
#include <spdlog/sinks/sink.h>  // IWYU pragma: export
#undef spdlog
