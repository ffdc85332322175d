#pragma once

#include <atomic>
#include <string>

namespace evertill::store {

/// A SQLite VFS over the machine's that fails on command: the disk of a bad day.
struct FaultVfs {
  /// Registers it once and gives its name.
  static const char* Name();
  /// The next so many syncs of a write-ahead log report an I/O error; the bytes are in the file all the same.
  static std::atomic<int> failing_wal_syncs;
  /// The next so many writes to a write-ahead log report a full disk.
  static std::atomic<int> failing_wal_writes;
  /// What the system says of each failure from now on (ENOSPC, ...); 0: what it really says.
  static std::atomic<int> system_error;
  /// While set, no file can be opened.
  static std::atomic<bool> nothing_opens;
};

}  // namespace evertill::store
