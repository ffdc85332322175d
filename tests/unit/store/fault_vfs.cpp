#include "tests/unit/store/fault_vfs.h"

#include <sqlite3.h>

namespace evertill::store {

std::atomic<int> FaultVfs::failing_wal_syncs = 0;
std::atomic<int> FaultVfs::failing_wal_writes = 0;
std::atomic<int> FaultVfs::system_error = 0;
std::atomic<bool> FaultVfs::nothing_opens = false;

namespace {

sqlite3_vfs* g_real = nullptr;
sqlite3_vfs g_vfs;

/// Put behind the machine's own file object. SQLite uses other functions for a log than for a database file.
struct Extra {
  const sqlite3_io_methods* real;
  sqlite3_io_methods methods;
  bool is_wal;
};

Extra& ExtraOf(sqlite3_file* file) {
  return *reinterpret_cast<Extra*>(reinterpret_cast<char*>(file) + g_real->szOsFile);
}

bool Take(std::atomic<int>& left) {
  int now = left.load();
  while (now > 0) {
    if (left.compare_exchange_weak(now, now - 1)) return true;
  }
  return false;
}

int Sync(sqlite3_file* file, int flags) {
  const int result = ExtraOf(file).real->xSync(file, flags);
  return ExtraOf(file).is_wal && Take(FaultVfs::failing_wal_syncs) ? SQLITE_IOERR_FSYNC : result;
}

int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  if (ExtraOf(file).is_wal && Take(FaultVfs::failing_wal_writes)) return SQLITE_FULL;
  return ExtraOf(file).real->xWrite(file, bytes, size, at);
}

int Open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  if (FaultVfs::nothing_opens) {
    file->pMethods = nullptr;
    return SQLITE_CANTOPEN;
  }
  const int result = g_real->xOpen(g_real, name, file, flags, out_flags);
  if (result != SQLITE_OK || file->pMethods == nullptr) return result;
  Extra& extra = ExtraOf(file);
  extra.real = file->pMethods;
  extra.methods = *extra.real;
  extra.methods.xSync = Sync;
  extra.methods.xWrite = Write;
  extra.is_wal = (flags & SQLITE_OPEN_WAL) != 0;
  file->pMethods = &extra.methods;
  return SQLITE_OK;
}

int LastError(sqlite3_vfs* /*vfs*/, int size, char* text) {
  const int told = FaultVfs::system_error;
  return told != 0 ? told : g_real->xGetLastError(g_real, size, text);
}

}  // namespace

const char* FaultVfs::Name() {
  if (g_real == nullptr) {
    g_real = sqlite3_vfs_find(nullptr);
    g_vfs = *g_real;
    g_vfs.zName = "evertill-fault";
    g_vfs.szOsFile = g_real->szOsFile + static_cast<int>(sizeof(Extra));
    g_vfs.xOpen = Open;
    g_vfs.xGetLastError = LastError;
    sqlite3_vfs_register(&g_vfs, 0);
  }
  return g_vfs.zName;
}

}  // namespace evertill::store
