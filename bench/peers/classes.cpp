// The same worker as a class, in a program that is the whole `lineshaft` command: it runs the program, too.
#include <lineshaft/lineshaft.hpp>
#include <lineshaft/main.hpp>

#include "line.hpp"

namespace {

struct no_options {};
BOOST_DESCRIBE_STRUCT(no_options, (), ())

class line_writer : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "line_writer";
  using options = no_options;
  line_writer(no_options, lineshaft::worker_context&) {}
  boost::asio::awaitable<void> start() override {
    peers::write_line();
    co_return;
  }
};

}  // namespace

int main(int argc, char** argv) { return lineshaft::main(argc, argv, lineshaft::worker_classes<line_writer>); }
