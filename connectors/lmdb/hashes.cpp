#include "lmdb/hashes.hpp"

#include <algorithm>

namespace lineshaft::lmdb {

namespace {

// Sorted by name; of two with one name, the later stays.
std::vector<field_view> merge(std::vector<field_view> fields, const std::vector<cache_field>& later) {
  for (const auto& [name, value] : later) fields.emplace_back(name, value);
  std::ranges::stable_sort(fields, {}, &field_view::first);
  const auto same_name = [](const field_view& a, const field_view& b) { return a.first == b.first; };
  // std::unique keeps the first of a run: run backwards, that is the last.
  const auto kept = std::unique(fields.rbegin(), fields.rend(), same_name);
  fields.erase(fields.begin(), kept.base());
  return fields;
}

}  // namespace

result<> apply(transaction& to, const cache_write::set_fields& write) {
  const auto before = to.prepare(write.key, kind::hash);
  if (!before) return std::unexpected(before.error());
  auto old = *before ? decode_fields((*before)->content) : std::vector<field_view>();
  if (!old) return to.damaged(write.key);
  const auto fields = merge(std::move(*old), write.fields);
  if (fields.empty()) return {};
  const auto content = encode_fields(fields);
  return to.store(write.key, {.is = kind::hash, .expires = to.expiry(write.life, *before), .content = content});
}

result<std::vector<cache_field>> get_fields(transaction& from, std::string_view key) {
  const auto found = from.find(key, kind::hash);
  if (!found) return std::unexpected(found.error());
  const auto views = *found ? decode_fields((*found)->content) : std::vector<field_view>();
  if (!views) return from.damaged(key);
  std::vector<cache_field> fields;
  for (const auto& [name, value] : *views) fields.push_back({std::string(name), std::string(value)});
  return fields;
}

}  // namespace lineshaft::lmdb
