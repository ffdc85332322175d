#pragma once

#include <poll.h>

#include <cerrno>

namespace evertill::devices::link {

/// poll() for one descriptor, begun anew when a signal interrupts it. Returns what happened to it, 0 for nothing.
[[nodiscard]] inline short PollOne(int fd, short events, int timeout_ms) {
  pollfd entry{fd, events, 0};
  int ready = 0;
  do {
    ready = ::poll(&entry, 1, timeout_ms);
  } while (ready < 0 && errno == EINTR);
  return ready > 0 ? entry.revents : static_cast<short>(0);
}

}  // namespace evertill::devices::link
