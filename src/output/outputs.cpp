#include "output/outputs.hpp"

#include <fcntl.h>

#include <filesystem>

#include "output/capture.hpp"
#include "output/collector.hpp"
#include "output/log_writer.hpp"
#include "output/rotation.hpp"
#include "sys/descriptor.hpp"
#include "sys/file.hpp"

namespace lineshaft::output {
namespace {

/// A rotation renames each of them.
constexpr std::uint32_t most_old_files = 1000;
/// A disk that takes longer is one that may take for ever.
constexpr auto patience_at_the_end = std::chrono::seconds(2);

// A program that changes its directory must not move its logs.
std::string absolute(const std::string& path) {
  std::error_code ec;
  const auto full = std::filesystem::absolute(path, ec);
  return ec || path.empty() ? path : full.string();
}

}  // namespace

outputs::outputs(const std::string& log_dir) : log_dir_(absolute(log_dir)) {}

outputs::~outputs() {
  collector_.reset();
  if (writer_) writer_->close(patience_at_the_end);
}

result<output_options> outputs::prepare(const std::string& worker, output_options declared) {
  if (!declared.to) declared.to = log_dir_.empty() ? output_to::inherit : output_to::file;
  if (declared.to != output_to::file) return declared;
  if (log_dir_.empty()) return fail("cannot capture output in a file: no log_dir is declared");
  if (declared.rotate_count > most_old_files)
    return fail(std::errc::invalid_argument, "cannot keep " + std::to_string(declared.rotate_count) +
                                                 " old files of output: the most is " + std::to_string(most_old_files));
  const std::scoped_lock lock(mutex_);
  if (auto opened = open_folder(); !opened) return std::unexpected(opened.error());
  if (auto writable = sys::check_writable(folder_->get()); !writable)
    return fail(writable.error().code, "cannot write to the directory '" + log_dir_ + "'");
  // Not made here: it may be the replicas that have a file each.
  const auto file = sys::openat(folder_->get(), log_name(worker), O_RDWR | O_APPEND);
  if (!file && file.error().code == std::errc::no_such_file_or_directory) return declared;
  const auto path = "'" + log_name(worker) + "' in '" + log_dir_ + "'";
  if (!file) return fail(file.error().code, "cannot open " + path);
  const auto facts = sys::facts_of(file->get());
  if (!facts || !facts->regular) return fail("cannot write to " + path + ": it is no file");
  return declared;
}

result<> outputs::open_folder() {
  if (folder_) return {};
  std::error_code ec;
  std::filesystem::create_directories(log_dir_, ec);
  if (ec) return fail(ec, "cannot make the directory '" + log_dir_ + "'");
  auto folder = sys::open(log_dir_.c_str(), O_RDONLY | O_DIRECTORY);
  if (!folder) return std::unexpected(folder.error());
  folder_ = std::make_shared<const unique_fd>(std::move(*folder));
  return {};
}

result<> outputs::start_threads(output_to where) {
  const std::scoped_lock lock(mutex_);
  if (!wake_) {
    auto wake = sys::eventfd();
    if (!wake) return std::unexpected(wake.error());
    wake_ = std::make_shared<const unique_fd>(std::move(*wake));
  }
  if (where == output_to::file && !writer_) {
    auto writer = std::make_shared<log_writer>([wake = wake_] { sys::signal_event(wake->get()); });
    if (auto started = writer->start(); !started) return started;
    writer_ = std::move(writer);
  }
  if (collector_) return {};
  auto started = collector::start(wake_);
  if (!started) return std::unexpected(started.error());
  collector_ = std::move(*started);
  return {};
}

result<captured_output> outputs::open(const std::string& worker, std::uint32_t generation, const output_options& how,
                                      const std::shared_ptr<account>& counts) {
  if (auto started = start_threads(*how.to); !started) return std::unexpected(started.error());
  auto out = sys::pipe();
  if (!out) return std::unexpected(out.error());
  auto err = sys::pipe();
  if (!err) return std::unexpected(err.error());
  auto out_copy = sys::duplicate(out->read.get());
  if (!out_copy) return std::unexpected(out_copy.error());
  auto err_copy = sys::duplicate(err->read.get());
  if (!err_copy) return std::unexpected(err_copy.error());
  std::optional<log_target> target;
  if (how.to == output_to::file) target = {writer_, writer_->join(folder_, worker, {how, generation, counts})};
  captured_output made{std::move(out->write), std::move(err->write), {std::move(*out_copy), std::move(*err_copy)}, {}};
  made.captured = std::make_shared<capture>(line_stamp(worker, generation), std::move(out->read), std::move(err->read),
                                            std::move(target), counts,
                                            line_tap{recent_, std::make_shared<line_origin>(worker, generation)});
  if (auto added = collector_->add(made.captured); !added) return std::unexpected(added.error());
  return made;
}

std::vector<std::string> outputs::process_ended(const std::shared_ptr<capture>& captured) {
  auto last = captured->process_ended();
  collector_->process_ended(captured);
  return last;
}

void outputs::flush(std::chrono::steady_clock::time_point until) {
  std::shared_ptr<log_writer> writer;
  {
    const std::scoped_lock lock(mutex_);
    writer = writer_;
  }
  if (writer) writer->flush(until);
}

}  // namespace lineshaft::output
