#include "lmdb/layout.hpp"

#include <bit>
#include <cstring>

namespace lineshaft::lmdb {

namespace {

constexpr std::uint64_t sign = std::uint64_t{1} << 63;

void append_size(std::string& out, std::size_t size) {
  const auto narrow = static_cast<std::uint32_t>(size);
  out.append(reinterpret_cast<const char*>(&narrow), sizeof narrow);
}

// Takes a size and so many bytes off the front. Nothing if they are not there.
std::optional<std::string_view> take_sized(std::string_view& from) {
  std::uint32_t size = 0;
  if (from.size() < sizeof size) return std::nullopt;
  std::memcpy(&size, from.data(), sizeof size);
  if (from.size() - sizeof size < size) return std::nullopt;
  const auto taken = from.substr(sizeof size, size);
  from.remove_prefix(sizeof size + size);
  return taken;
}

}  // namespace

std::string_view to_string(kind is) {
  switch (is) {
    case kind::value: return "a value";
    case kind::list: return "a list";
    case kind::hash: return "a hash";
    case kind::scores: return "a sorted set";
  }
  return "something unknown";
}

std::optional<record> decode_record(std::string_view bytes) {
  record_header header;
  if (bytes.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.is < static_cast<std::uint32_t>(kind::value) || header.is > static_cast<std::uint32_t>(kind::scores))
    return std::nullopt;
  return record{static_cast<kind>(header.is), std::chrono::milliseconds(header.expires), bytes.substr(sizeof header)};
}

std::string encode_fields(const std::vector<field_view>& fields) {
  std::string content;
  std::size_t size = 0;
  for (const auto& [name, value] : fields) size += 8 + name.size() + value.size();
  content.reserve(size);
  for (const auto& [name, value] : fields) {
    append_size(content, name.size());
    content += name;
    append_size(content, value.size());
    content += value;
  }
  return content;
}

std::optional<std::vector<field_view>> decode_fields(std::string_view content) {
  std::vector<field_view> fields;
  fields.reserve(32);
  while (!content.empty()) {
    const auto name = take_sized(content);
    if (!name) return std::nullopt;
    const auto value = take_sized(content);
    if (!value) return std::nullopt;
    fields.emplace_back(*name, *value);
  }
  return fields;
}

std::string child_prefix(std::string_view key) {
  std::string prefix;
  prefix.reserve(2 + key.size() + 8);
  prefix += static_cast<char>(key.size() >> 8);
  prefix += static_cast<char>(key.size() & 0xff);
  prefix += key;
  return prefix;
}

void append_number(std::string& key, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(number >> shift & 0xff);
}

std::optional<std::uint64_t> read_number(std::string_view bytes) {
  if (bytes.size() < 8) return std::nullopt;
  std::uint64_t number = 0;
  for (const unsigned char byte : bytes.substr(0, 8)) number = number << 8 | byte;
  return number;
}

std::uint64_t sortable(double score) {
  const auto bits = std::bit_cast<std::uint64_t>(score + 0.0);  // −0 + 0 is 0
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

double score_of(std::uint64_t sortable) {
  return std::bit_cast<double>((sortable & sign) != 0 ? sortable & ~sign : ~sortable);
}

}  // namespace lineshaft::lmdb
