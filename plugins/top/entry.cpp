// lineshaft-top.so
#include "top/application.hpp"

extern "C" __attribute__((visibility("default"))) int lineshaft_top(const lineshaft::cli::top_host& host) {
  // Never destroyed: a command under way takes as long as its worker, and the process of the view ends now.
  return (new lineshaft::top::application(host))->run();
}
