#pragma once
// One LMDB file, opened once a process however many caches stand on it: LMDB's locks belong to the process, and a
// second handle on the same file would drop those of the first when it is closed.
#include <lmdb.h>

#include <cstddef>
#include <memory>
#include <string>

#include "lineshaft/error.hpp"

namespace lineshaft::lmdb {

struct tables {
  MDB_dbi keys, entries, scores, order;
};

enum class access { read_only, read_write };

class environment {
 public:
  /// Opens the cache in the folder `path`, and makes it if it is to be written. `size` is the most bytes it may grow
  /// to.
  static result<std::shared_ptr<environment>> open(const std::string& path, std::size_t size, access how);
  ~environment();
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;

  MDB_env* get() const { return environment_; }
  const tables& open_tables() const { return tables_; }
  const std::string& path() const { return path_; }
  /// Makes sure, inside a write transaction, that the disk has room for `bytes` of changes: a store into the map of
  /// a file on a full disk would be SIGBUS. An errno, or 0.
  int reserve(std::size_t bytes);
  /// Gives up the slots of readers that died: they hold old pages. True if there were some.
  bool drop_dead_readers();
  /// Takes over the size of the map after another process has opened the file with a larger one. No
  /// transaction of this process may be open.
  int adopt_size() { return ::mdb_env_set_mapsize(environment_, 0); }

 private:
  environment(std::string path, MDB_env* opened) : path_(std::move(path)), environment_(opened) {}
  int open_tables_in_file(access how);

  std::string path_;
  MDB_env* environment_;
  tables tables_{};
  std::size_t reserved_ = 0;
};

}  // namespace lineshaft::lmdb
