#include "worker/exception_text.hpp"

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace lineshaft::runtime;

namespace {

struct thing {};
struct own_exception : std::exception {
  const char* what() const noexcept override { return "own words"; }
};
namespace asio_error = boost::asio::error;
using boost::system::system_error;

template <class T>
std::exception_ptr thrown(T value) {
  return std::make_exception_ptr(std::move(value));
}

std::exception_ptr nested() {
  try {
    try {
      throw std::runtime_error("inner");
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outer"));
    }
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace

TEST(exception_text, is_what_it_says_or_else_what_it_is) {
  const struct {
    std::exception_ptr exception;
    std::string text;
  } table[] = {
      {thrown(std::runtime_error("cannot connect")), "cannot connect"},
      {thrown(std::runtime_error("")), ""},
      {thrown(own_exception()), "own words"},
      {thrown(std::bad_alloc()), "std::bad_alloc"},
      {nested(), "outer"},
      {thrown(42), "an exception of type int"},
      {thrown(std::string("text")),
       "an exception of type " + std::string("std::__cxx11::basic_string<char, "
                                             "std::char_traits<char>, std::allocator<char> >")},
      {thrown("literal"), "an exception of type char const*"},
      {thrown(thing()), "an exception of type (anonymous namespace)::thing"},
      {thrown(std::function<void()>()), "an exception of type std::function<void ()>"},
  };
  for (const auto& row : table) EXPECT_EQ(exception_text(row.exception), row.text);
}

TEST(exception_text, leaves_no_exception_current_behind) {
  (void)exception_text(thrown(1));
  (void)is_cancellation(thrown(1));
  EXPECT_FALSE(std::current_exception());
}

TEST(exception_text, cancellation_is_operation_aborted_and_nothing_else) {
  const struct {
    const char* what;
    std::exception_ptr exception;
    bool cancelled;
  } table[] = {
      {"asio's own", thrown(system_error(asio_error::operation_aborted)), true},
      {"with words around it", thrown(system_error(asio_error::operation_aborted, "reading")), true},
      {"the end of a stream", thrown(system_error(asio_error::eof)), false},
      {"a lost connection", thrown(system_error(asio_error::connection_reset)), false},
      {"an exception that only says so", thrown(std::runtime_error("Operation canceled")), false},
      {"no exception class", thrown(125), false},
  };
  for (const auto& row : table) EXPECT_EQ(is_cancellation(row.exception), row.cancelled) << row.what;
}
