#include "lmdb/environment.hpp"

#include <filesystem>
#include <map>
#include <mutex>

#include "lmdb/lmdb_error.hpp"

namespace lineshaft::lmdb {

namespace {

struct opened_environments {
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<environment>> by_path;
};

opened_environments& all_opened() {
  static opened_environments all;
  return all;
}

// Not synced to disk: it is a cache, and the page cache outlives any process. Not MDB_WRITEMAP either: a write to the
// map of a file on a full disk is SIGBUS, not an error, and a stray pointer of a worker could scribble over it.
constexpr unsigned common_flags = MDB_NOSYNC;
constexpr unsigned reader_slots = 1024;

result<std::string> make_folder(const std::string& path, access how) {
  std::error_code code;
  if (how == access::read_write) std::filesystem::create_directories(path, code);
  if (code) return fail(code, "cannot make the folder of cache '" + path + "'");
  if (how == access::read_only && !std::filesystem::exists(path + "/data.mdb"))
    return fail("there is no cache in '" + path + "'");
  auto canonical = std::filesystem::canonical(path, code);
  if (code) return fail(code, "cannot open cache '" + path + "'");
  return canonical.string();
}

}  // namespace

result<std::shared_ptr<environment>> environment::open(const std::string& path, std::size_t size, access how) {
  const auto canonical = make_folder(path, how);
  if (!canonical) return std::unexpected(canonical.error());
  const auto key = *canonical + (how == access::read_only ? " (read only)" : "");
  auto& all = all_opened();
  const std::scoped_lock lock(all.mutex);
  if (auto opened = all.by_path[key].lock()) return opened;

  const auto failed = [&](int code) { return fail(make_code(code), "cannot open cache '" + path + "'"); };
  MDB_env* made = nullptr;
  if (const int code = ::mdb_env_create(&made); code != 0) return failed(code);
  std::shared_ptr<environment> opening(new environment(path, made));
  ::mdb_env_set_maxdbs(made, 4);
  ::mdb_env_set_maxreaders(made, reader_slots);
  ::mdb_env_set_mapsize(made, size);
  const unsigned flags = common_flags | (how == access::read_only ? MDB_RDONLY : 0U);
  if (const int code = ::mdb_env_open(made, path.c_str(), flags, 0664); code != 0) return failed(code);
  opening->drop_dead_readers();
  const int code = opening->open_tables_in_file(how);
  if (code == MDB_NOTFOUND) return fail("'" + path + "' holds an LMDB file, but no cache");
  if (code != 0) return failed(code);
  all.by_path[key] = opening;
  return opening;
}

environment::~environment() { ::mdb_env_close(environment_); }

int environment::open_tables_in_file(access how) {
  MDB_txn* transaction = nullptr;
  if (const int code = ::mdb_txn_begin(environment_, nullptr, how == access::read_only ? MDB_RDONLY : 0U, &transaction);
      code != 0)
    return code;
  const unsigned flags = how == access::read_only ? 0U : MDB_CREATE;
  const std::pair<const char*, MDB_dbi*> names[] = {
      {"keys", &tables_.keys}, {"entries", &tables_.entries}, {"scores", &tables_.scores}, {"order", &tables_.order}};
  for (const auto& [name, table] : names) {
    if (const int code = ::mdb_dbi_open(transaction, name, flags, table); code != 0) {
      ::mdb_txn_abort(transaction);
      return code;
    }
  }
  return ::mdb_txn_commit(transaction);
}

bool environment::drop_dead_readers() {
  int dead = 0;
  return ::mdb_reader_check(environment_, &dead) == 0 && dead > 0;
}

}  // namespace lineshaft::lmdb
