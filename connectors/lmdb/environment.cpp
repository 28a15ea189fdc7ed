#include "lmdb/environment.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
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

// Not synced to disk: it is a cache, and the page cache outlives any process. Written through the map: three times as
// fast as pwrite(2) for each changed page. Decision 0042.
constexpr unsigned writer_flags = MDB_NOSYNC | MDB_WRITEMAP;
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
  const unsigned flags = how == access::read_only ? MDB_RDONLY : writer_flags;
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

int environment::reserve(std::size_t bytes) {
  MDB_envinfo info;
  MDB_stat stat;
  ::mdb_env_info(environment_, &info);
  ::mdb_env_stat(environment_, &stat);
  const auto used = (info.me_last_pgno + 1) * stat.ms_psize;
  const auto within_map = [&](std::size_t size) { return std::min(size, info.me_mapsize); };
  const auto needed = within_map(used + bytes);
  if (needed <= reserved_) return 0;
  mdb_filehandle_t fd = -1;
  ::mdb_env_get_fd(environment_, &fd);
  // More than is needed, so that it is not done for each batch; where that much is not there, what is needed.
  constexpr std::size_t ahead = std::size_t{16} << 20;
  for (const auto size : {within_map(needed + used / 4 + ahead), needed}) {
    int code = 0;
    do code = ::fallocate(fd, 0, static_cast<off_t>(reserved_), static_cast<off_t>(size - reserved_)) == 0 ? 0 : errno;
    while (code == EINTR);
    // A file system that cannot reserve: the file is as safe there as any other that is written through a map.
    if (code == EOPNOTSUPP) code = 0;
    if (code == 0) reserved_ = size;
    if (code != ENOSPC) return code;
  }
  return ENOSPC;
}

bool environment::drop_dead_readers() {
  int dead = 0;
  return ::mdb_reader_check(environment_, &dead) == 0 && dead > 0;
}

}  // namespace lineshaft::lmdb
