#pragma once

#include <string>

#include "devices/link/file_descriptor.h"

namespace evertill::devices::scanner {

/// Becomes readable when something near `path` was plugged in or changed its permissions: watches the nearest folder
/// that is there, for as long as it lives. Without inotify it stays silent, and looking again now and then has to do.
class PlugWatch {
 public:
  /// Of a device node, a link to one, or "" for none.
  explicit PlugWatch(const std::string& path);
  /// For poll(); -1 where there is nothing to watch.
  [[nodiscard]] int PollFd() const { return fd_.Get(); }

 private:
  link::FileDescriptor fd_;
};

}  // namespace evertill::devices::scanner
