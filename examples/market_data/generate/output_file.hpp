#pragma once
// Where generated frames go: a file, a gzip file if the name ends with .gz, or standard output for "-".
#include <memory>
#include <string>
#include <string_view>

#include "lineshaft/error.hpp"

namespace market_data {

class output_file {
 public:
  static lineshaft::result<output_file> open(const std::string& name);
  output_file(output_file&&) noexcept;
  output_file& operator=(output_file&&) noexcept;
  ~output_file();

  /// False once something could not be written; `close()` says what.
  bool write(std::string_view bytes);
  /// Everything is in the file, or why not.
  lineshaft::result<> close();

 private:
  struct state;
  explicit output_file(std::unique_ptr<state>);
  std::unique_ptr<state> state_;
};

}  // namespace market_data
