#include "close_on_exec.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

TEST(close_on_exec, holds_for_a_library_that_binds_its_calls_one_by_one_and_goes_on_to_do_so) {
  void* library = ::dlopen(LAZY_CURL, RTLD_LAZY | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << ::dlerror();
  const auto open_socket = reinterpret_cast<int (*)()>(::dlsym(library, "open_socket"));
  const auto call_something_else = reinterpret_cast<int (*)()>(::dlsym(library, "call_something_else"));
  lineshaft::otlp::close_sockets_of_curl_on_exec();
  const int fd = open_socket();
  EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
  ::close(fd);
  EXPECT_EQ(call_something_else(), ::getppid());
}
