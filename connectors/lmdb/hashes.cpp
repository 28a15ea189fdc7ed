#include "lmdb/hashes.hpp"

#include <algorithm>

namespace lineshaft::lmdb {

namespace {

// A hash is mostly written with the same fields in the same order: each is looked for where the one before it led.
void put(std::vector<field_view>& fields, std::size_t& expected, const cache_field& each) {
  const auto has_name = [&](const field_view& field) { return field.first == each.name; };
  auto at = fields.begin() + static_cast<std::ptrdiff_t>(std::min(expected, fields.size()));
  if (at == fields.end() || !has_name(*at)) at = std::ranges::find_if(fields, has_name);
  expected = static_cast<std::size_t>(at - fields.begin()) + 1;
  if (at == fields.end())
    fields.emplace_back(each.name, each.value);
  else
    at->second = each.value;
}

}  // namespace

result<> apply(transaction& to, const cache_write::set_fields& write) {
  const auto before = to.prepare(write.key, kind::hash);
  if (!before) return std::unexpected(before.error());
  auto fields = *before ? decode_fields((*before)->content) : std::vector<field_view>();
  if (!fields) return to.damaged(write.key);
  std::size_t expected = 0;
  for (const auto& each : write.fields) put(*fields, expected, each);
  if (fields->empty()) return {};
  const auto content = encode_fields(*fields);
  return to.store(write.key, {.is = kind::hash, .expires = to.expiry(write.life, *before), .content = content});
}

result<std::vector<cache_field>> get_fields(transaction& from, std::string_view key) {
  const auto found = from.find(key, kind::hash);
  if (!found) return std::unexpected(found.error());
  auto views = *found ? decode_fields((*found)->content) : std::vector<field_view>();
  if (!views) return from.damaged(key);
  std::ranges::sort(*views, {}, &field_view::first);
  std::vector<cache_field> fields;
  fields.reserve(views->size());
  for (const auto& [name, value] : *views) fields.push_back({std::string(name), std::string(value)});
  return fields;
}

}  // namespace lineshaft::lmdb
