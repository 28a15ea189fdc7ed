#include "cli/files.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/terminal.hpp"
#include "config/document.hpp"

namespace lineshaft::cli {
namespace {

constexpr auto usual_file = "pipeline.toml";

std::optional<std::string> variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// Not by what it is: whether one that cannot be opened lies there is not said by opening it.
bool is_there(const std::string& path) {
  std::error_code ec;
  return std::filesystem::symlink_status(path, ec).type() != std::filesystem::file_type::not_found;
}

// "-" would be standard input: read once, and a reload needs it again. So it is not offered.
std::expected<std::string, std::string> content_of(const std::string& path) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec)) return std::unexpected("it is a folder");
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::unexpected(std::error_code(errno, std::generic_category()).message());
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// A working directory that has gone has no name: then the path stays as it was given.
std::filesystem::path absolute(const std::string& path) {
  std::error_code ec;
  auto whole = std::filesystem::absolute(path, ec);
  return ec ? std::filesystem::path(path) : whole;
}

void tell(const invocation& with, const std::vector<config::fault>& faults) {
  const auto summary = std::format("{} in the pipeline file; nothing was done",
                                   faults.size() == 1 ? "1 fault" : std::format("{} faults", faults.size()));
  if (with.common.json) {
    boost::json::array all;
    for (const auto& one : faults) all.push_back(to_json(one));
    auto told = failure(summary);
    told["faults"] = std::move(all);
    std::cout << boost::json::serialize(told) << '\n';
    return;
  }
  for (const auto& one : faults) std::cerr << to_text(one) << '\n';
  complain(with, summary);
}

// Whoever asks after a running pipeline may have spoiled its file since.
std::string text_at(const config::table& in, std::string_view name) {
  const auto* found = config::find(in, name);
  const auto* text = found == nullptr ? nullptr : found->content.as<std::string>();
  return text == nullptr ? std::string() : *text;
}

}  // namespace

std::expected<std::optional<pipeline_place>, std::string> whereabouts(const invocation& with) {
  auto files = with.common.files;
  if (files.empty()) {
    if (!is_there(usual_file)) return std::nullopt;
    files = {usual_file};
  }
  config::value whole{{}, config::table()};
  for (const auto& file : files) {
    const auto text = content_of(file);
    if (!text) return std::unexpected(file + ": cannot be read: " + text.error());
    auto document = config::parse_document(file, *text);
    if (!document) return std::unexpected(to_text(document.error()));
    config::merge(whole, std::move(*document));
  }
  std::vector<config::fault> ignored;
  config::expand_variables(whole, variable, ignored);
  const auto* part = config::find(*whole.as<config::table>(), "pipeline");
  const auto* members = part == nullptr ? nullptr : part->content.as<config::table>();
  pipeline_place out{config::pipeline_file().pipeline.name, {}, {}, absolute(files.front()).parent_path()};
  if (members == nullptr) return out;
  if (auto name = text_at(*members, "name"); !name.empty()) out.pipeline = std::move(name);
  out.run_dir = text_at(*members, "run_dir");
  out.log_dir = text_at(*members, "log_dir");
  return out;
}

std::expected<config::pipeline_file, std::vector<config::fault>> read_pipeline(const invocation& with,
                                                                               const std::vector<std::string>& paths) {
  std::vector<config::source> sources;
  std::vector<config::fault> faults;
  for (std::size_t at = 0; at < paths.size(); ++at) {
    const auto& shown = at < with.common.files.size() ? with.common.files[at] : paths[at];
    auto text = content_of(paths[at]);
    if (!text) {
      faults.push_back({{std::make_shared<const std::string>(shown)}, "", "cannot be read: " + text.error(), ""});
      continue;
    }
    sources.push_back({shown, std::move(*text)});
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return config::load(sources, {with.common.profiles, with.host.classes(), variable});
}

std::expected<loaded_pipeline, int> load_pipeline(const invocation& with) {
  auto files = with.common.files;
  if (files.empty()) {
    if (!is_there(usual_file)) {
      complain(with, "there is no pipeline.toml here, and no file was named",
               with.program + " -f FILE …, or " + with.program + " init for a first one");
      return std::unexpected(wrong_usage);
    }
    files = {usual_file};
  }
  loaded_pipeline out;
  for (const auto& file : files) out.paths.push_back(absolute(file).lexically_normal());
  out.folder = std::filesystem::path(out.paths.front()).parent_path();
  auto named = with;
  named.common.files = files;
  auto read = read_pipeline(named, out.paths);
  if (!read) {
    tell(with, read.error());
    return std::unexpected(wrong_usage);
  }
  out.file = std::move(*read);
  return out;
}

}  // namespace lineshaft::cli
