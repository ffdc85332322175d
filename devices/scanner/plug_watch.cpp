#include "devices/scanner/plug_watch.h"

#include <sys/inotify.h>

#include <filesystem>

namespace evertill::devices::scanner {

PlugWatch::PlugWatch(const std::string& path) {
  if (!path.starts_with('/')) return;
  link::FileDescriptor fd(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd.IsOpen()) return;
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  // by-id goes when its last device goes, and comes back with the next one.
  while (inotify_add_watch(fd.Get(), folder.c_str(), IN_CREATE | IN_MOVED_TO | IN_ATTRIB) < 0) {
    if (folder == folder.root_path()) return;
    folder = folder.parent_path();
  }
  fd_ = std::move(fd);
}

}  // namespace evertill::devices::scanner
