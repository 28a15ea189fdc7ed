// lineshaft-top.so
#include "top/application.hpp"

extern "C" __attribute__((visibility("default"))) int lineshaft_top(const lineshaft::cli::top_host& host) {
  return lineshaft::top::application(host).run();
}
