#include "output/log_reader.hpp"

#include <fcntl.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <ranges>
#include <set>

#include "base/whole_number.hpp"
#include "output/rotation.hpp"
#include "sys/descriptor.hpp"
#include "sys/file.hpp"

namespace lineshaft::output {
namespace {

constexpr std::size_t piece = 64 * 1024;

struct file_name {
  std::string worker;
  std::uint32_t number = 0;
};

// "a.log", "a.log.1", "a.log.2.zst"
std::optional<file_name> read_name(std::string_view name) {
  if (name.ends_with(".log")) return file_name{std::string(name.substr(0, name.size() - 4)), 0};
  if (name.ends_with(".zst")) name.remove_suffix(4);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || !name.substr(0, dot).ends_with(".log")) return std::nullopt;
  const auto number = whole_number<std::uint32_t>(name.substr(dot + 1));
  if (!number) return std::nullopt;
  return file_name{std::string(name.substr(0, dot - 4)), *number};
}

result<std::vector<file_name>> names_in(const std::string& folder) {
  std::vector<file_name> all;
  std::error_code ec;
  for (std::filesystem::directory_iterator at(folder, ec), end; !ec && at != end; at.increment(ec)) {
    if (auto name = read_name(at->path().filename().string())) all.push_back(std::move(*name));
  }
  if (ec) return fail(ec, "cannot read the folder '" + folder + "'");
  return all;
}

}  // namespace

result<std::vector<std::string>> logged_workers(const std::string& folder) {
  const auto all = names_in(folder);
  if (!all) return std::unexpected(all.error());
  std::set<std::string> workers;
  for (const auto& one : *all) workers.insert(one.worker);
  return std::vector(workers.begin(), workers.end());
}

file_lines::file_lines(int file, std::string name) : file_(file), name_(std::move(name)) {
  if (name_.ends_with(".zst")) packed_.emplace();
}

std::optional<std::string_view> file_lines::next() {
  for (;;) {
    if (const auto end = read_.find('\n', at_); end != std::string::npos) {
      const auto line = std::string_view(read_).substr(at_, end - at_);
      at_ = end + 1;
      return line;
    }
    if (ended_) return std::nullopt;
    read_.erase(0, at_);
    at_ = 0;
    fill();
  }
}

void file_lines::fill() {
  const auto stop = [this](const error& why) {
    problem_ = error{why.code, "cannot read all of '" + name_ + "': " + why.doing};
    ended_ = true;
  };
  std::vector<char> bytes(piece);
  const auto count = sys::pread(file_, bytes, offset_);
  if (!count) return stop(count.error());
  offset_ += *count;
  ended_ = *count == 0;
  if (!packed_) {
    read_.append(bytes.data(), *count);
  } else if (const auto put = packed_->put(std::span(bytes).first(*count), read_); !put) {
    stop(put.error());
  } else if (ended_ && !packed_->whole()) {
    stop({{}, "it ends in the middle"});
  }
}

log_reader::log_reader(const std::string& folder, const std::string& worker, std::string since)
    : since_(std::move(since)) {
  open_files(folder, worker);
}

// The youngest first: what a rotation moves on meanwhile is then met twice, and not missed.
void log_reader::open_files(const std::string& folder, const std::string& worker) {
  // One that is not there yet holds nothing.
  if (std::error_code ec; !std::filesystem::exists(folder, ec) && !ec) return;
  const auto all = names_in(folder);
  auto opened = sys::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (!all || !opened) return problems_.push_back(all ? opened.error() : all.error());
  std::uint32_t oldest = 0;
  for (const auto& one : *all) oldest = std::max(oldest, one.worker == worker ? one.number : 0);
  const auto log = log_name(worker);
  add(opened->get(), log, 0);
  for (std::uint32_t number = 1; number <= oldest; ++number) {
    if (!since_.empty() && !files_.empty() && first_time(files_.back()) <= since_) break;
    const auto before = files_.size();
    add(opened->get(), rotated_name(log, number), number);
    if (files_.size() == before) add(opened->get(), compressed_name(log, number), number);
  }
  std::ranges::reverse(files_);
}

void log_reader::add(int folder, const std::string& name, std::uint32_t number) {
  auto opened = sys::openat(folder, name, O_RDONLY);
  if (!opened) {
    if (opened.error().code != std::errc::no_such_file_or_directory) problems_.push_back(opened.error());
    return;
  }
  const auto facts = sys::facts_of(opened->get());
  if (!facts || !facts->regular || std::ranges::contains(files_, facts->inode, &file::inode)) return;
  files_.push_back({std::move(*opened), name, facts->inode, number});
}

// Of a file without any, nothing is known: it is none that could be left out.
std::string log_reader::first_time(const file& of) {
  file_lines lines(of.open.get(), of.name);
  while (const auto line = lines.next()) {
    if (const auto read = read_stamped(*line)) return std::string(read->time);
  }
  return "~";
}

std::optional<std::string> log_reader::begins_late(std::uint32_t kept) {
  if (files_.empty() || files_.front().number < kept) return std::nullopt;
  auto first = first_time(files_.front());
  if (first == "~" || (!since_.empty() && first <= since_)) return std::nullopt;
  return first;
}

std::optional<logged_line> log_reader::line_of(std::string_view text) {
  if (const auto read = read_stamped(text)) {
    before_ = {std::string(read->time), read->generation, read->is, {}};
    text = read->text;
  }
  if (before_.time < since_) return std::nullopt;
  auto made = before_;
  made.text = text;
  return made;
}

std::optional<logged_line> log_reader::next() {
  for (; at_ < files_.size(); ++at_) {
    if (!lines_) lines_.emplace(files_[at_].open.get(), files_[at_].name);
    while (const auto line = lines_->next()) {
      if (auto read = line_of(*line)) return read;
    }
    if (lines_->problem()) problems_.push_back(*lines_->problem());
    lines_.reset();
  }
  return std::nullopt;
}

std::vector<logged_line> log_reader::last(std::size_t count, const std::function<bool(const logged_line&)>& wanted) {
  std::deque<logged_line> found;
  for (const auto& one : files_ | std::views::reverse) {
    if (found.size() == count) break;
    std::deque<logged_line> of_this;
    file_lines lines(one.open.get(), one.name);
    before_ = {};
    while (const auto line = lines.next()) {
      auto read = line_of(*line);
      if (!read || !wanted(*read)) continue;
      of_this.push_back(std::move(*read));
      if (of_this.size() + found.size() > count) of_this.pop_front();
    }
    if (lines.problem()) problems_.push_back(*lines.problem());
    std::ranges::move(of_this | std::views::reverse, std::front_inserter(found));
  }
  return {std::make_move_iterator(found.begin()), std::make_move_iterator(found.end())};
}

}  // namespace lineshaft::output
