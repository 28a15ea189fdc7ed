#pragma once
// Worker classes that print.
#include <array>
#include <iostream>

#include "children/classes.hpp"

namespace children {

struct print_options {
  std::string text;  // printed to standard output when it starts, as it is
  std::string errors;
  std::string then;  // abort, exit
};
BOOST_DESCRIBE_STRUCT(print_options, (), (text, errors, then))

class prints : public child<print_options> {
 public:
  static constexpr std::string_view class_name = "prints";
  using child::child;
  asio::awaitable<void> start() override {
    std::cout << options_.text;
    std::cerr << options_.errors;
    if (options_.then == "abort") std::abort();
    if (options_.then == "exit") ::_exit(3);
    co_await for_ever(context_.executor());
  }
};

/// Prints in stop() what no pipe can hold, and says in a file that it came to the end of it.
class prints_in_stop : public child<report_options> {
 public:
  static constexpr std::string_view class_name = "prints_in_stop";
  using child::child;
  asio::awaitable<void> stop() override {
    for (int line = 0; line < 1000; ++line) std::cout << std::string(99, 'x') << '\n';
    report(options_.file, std::cout ? "printed" : "could not print");
    co_return;
  }
};

}  // namespace children
