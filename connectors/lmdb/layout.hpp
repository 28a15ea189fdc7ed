#pragma once
// What lies in the file. Table `keys`: key → record, a header and what its kind needs: the value itself, the
// fields of a hash, or counts. The entries of lists and the members of sorted sets lie in tables of their own, under
// keys that begin with the length of the key they belong to and the key.
//   entries  … sequence number          → entry
//   scores   … member                   → score
//   order    … sortable score, member   → nothing
// Numbers in keys are big-endian, so that LMDB's order of bytes is theirs. Nothing that is read is trusted.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineshaft::lmdb {

enum class kind : std::uint32_t { value = 1, list = 2, hash = 3, scores = 4 };

/// "a list"
std::string_view to_string(kind);

struct record {
  kind is;
  std::chrono::milliseconds expires{};  ///< since the epoch; 0: never
  std::string_view content;             ///< into the map: until the transaction ends or writes
};
struct record_header {
  std::int64_t expires;
  std::uint32_t is, reserved;
};
static_assert(sizeof(record_header) == 16);

std::optional<record> decode_record(std::string_view bytes);

/// The content of a list's record.
struct list_content {
  std::uint64_t next;   ///< the sequence number of the next entry
  std::uint64_t count;  ///< the entries are next − count … next − 1
};

using field_view = std::pair<std::string_view, std::string_view>;
/// The content of a hash's record: its fields, in the order in which they were first written.
std::string encode_fields(const std::vector<field_view>& fields);
std::optional<std::vector<field_view>> decode_fields(std::string_view content);

/// What a child's key begins with.
std::string child_prefix(std::string_view key);
void append_number(std::string& key, std::uint64_t number);
std::optional<std::uint64_t> read_number(std::string_view bytes);

/// As numbers, in the order of the scores; −0 is 0. Not for NaN.
std::uint64_t sortable(double score);
double score_of(std::uint64_t sortable);

/// LMDB's own limit is 511 bytes for a whole key, with what goes before and behind.
inline constexpr std::size_t key_limit = 511 - 2 - 8;

}  // namespace lineshaft::lmdb
