// lineshaft-cache: looks into an embedded cache while workers write it.
#include <CLI/CLI.hpp>
#include <iostream>
#include <print>

#include "lmdb/hashes.hpp"
#include "lmdb/lists.hpp"
#include "lmdb/options.hpp"
#include "lmdb/scores.hpp"
#include "lmdb/values.hpp"

using namespace lineshaft;
using namespace lineshaft::lmdb;

namespace {

struct asked {
  std::string path, key;
  std::size_t count = 10;
};

result<> no_such_key(const asked& what) {
  return fail("there is no key '" + what.key + "' in cache '" + what.path + "'");
}

// What a key holds, of whatever kind, where that is readable at a glance; else which verb shows it.
result<> print_key(transaction& from, const asked& what) {
  const auto found = from.find(what.key);
  if (!found) return std::unexpected(found.error());
  if (!*found) return no_such_key(what);
  switch ((*found)->is) {
    case kind::value: std::println("{}", (*found)->content); return {};
    case kind::list: return fail("key '" + what.key + "' holds a list: lineshaft-cache list shows it");
    case kind::scores: return fail("key '" + what.key + "' holds a sorted set: lineshaft-cache top shows it");
    case kind::hash: break;
  }
  const auto fields = get_fields(from, what.key);
  if (!fields) return std::unexpected(fields.error());
  for (const auto& [name, value] : *fields) std::println("{}\t{}", name, value);
  return {};
}

result<> print_top(transaction& from, const asked& what) {
  const auto scores = get_top(from, what.key, what.count);
  if (!scores) return std::unexpected(scores.error());
  if (scores->empty()) return no_such_key(what);
  std::size_t rank = 0;
  for (const auto& [member, score] : *scores) std::println("{}\t{}\t{}", ++rank, score, member);
  return {};
}

result<> print_list(transaction& from, const asked& what) {
  const auto entries = get_range(from, what.key, what.count);
  if (!entries) return std::unexpected(entries.error());
  if (entries->empty()) return no_such_key(what);
  for (const auto& entry : *entries) std::println("{}", entry);
  return {};
}

result<> print_keys(transaction& from, const asked& what) {
  const auto keys = find_keys(from, what.key);
  if (!keys) return std::unexpected(keys.error());
  for (const auto& key : *keys) std::println("{}", key);
  return {};
}

using verb = result<> (*)(transaction&, const asked&);

result<> run(verb print, const asked& what) {
  const auto opened = environment::open(what.path, options{}.size, access::read_only);
  if (!opened) return std::unexpected(opened.error());
  const auto now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  auto snapshot = transaction::begin(**opened, access::read_only, now);
  if (!snapshot) return std::unexpected(snapshot.error());
  return print(*snapshot, what);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Looks into an embedded cache; workers may go on writing it.", "lineshaft-cache");
  app.require_subcommand(1);
  asked what;
  verb chosen = nullptr;
  const auto add = [&](const char* name, const char* help, verb print) {
    auto* added = app.add_subcommand(name, help);
    added->add_option("PATH", what.path, "the folder of the cache, as in lmdb:PATH")->required();
    added->callback([&chosen, print] { chosen = print; });
    return added;
  };
  add("get", "a value, or the fields of a hash", print_key)->add_option("KEY", what.key)->required();
  add("keys", "the keys that begin with PREFIX", print_keys)->add_option("PREFIX", what.key);
  for (auto* each : {add("top", "the best of a sorted set: rank, score, member", print_top),
                     add("list", "a list, newest first", print_list)}) {
    each->add_option("KEY", what.key)->required();
    each->add_option("-n,--count", what.count, "how many at the most")->capture_default_str();
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  if (const auto done = run(chosen, what); !done) {
    std::println(stderr, "lineshaft-cache: {}", done.error().message());
    return 1;
  }
  return 0;
}
