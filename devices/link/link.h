#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "app/base/expected.h"

namespace evertill::devices::link {

/// One open way to a device: bytes there and, where ReadsBack(), bytes back. Not thread-safe: one thread owns a link.
/// Closed when destroyed. Once a call has failed with kLost the link stays lost: open a new one.
class Link {
 public:
  virtual ~Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// Hands bytes over until all are taken, or none was for `stall_ms` (flow control, cover open, no paper), or the
  /// device is gone. Returns how many were taken: fewer than given means that it stalled or was lost, which the next
  /// call tells apart.
  /// A file (not a device node) and a CUPS queue take each call as one job, whole or not at all.
  /// Errors: link_lost, when not one byte was taken; device_write_failed where such a job is refused.
  [[nodiscard]] virtual base::Expected<size_t> Write(std::string_view bytes, int stall_ms) = 0;

  /// Waits at most `timeout_ms` for bytes from the device, 0 not at all; "" when none came.
  /// Errors: link_lost.
  [[nodiscard]] virtual base::Expected<std::string> Read(int timeout_ms) = 0;

  /// Waits at most `timeout_ms` until what was written has left this machine (acknowledged by TCP, sent by the UART,
  /// taken by the USB device). False when it has not, or when this link cannot know.
  [[nodiscard]] virtual bool Drain(int timeout_ms) = 0;

  /// Whether the device can answer at all. A file, a CUPS queue and a write-only device node cannot: what goes there
  /// is at best "sent".
  [[nodiscard]] virtual bool ReadsBack() const = 0;

  /// Becomes readable (POLLIN) when Read() has something to say; -1 where ReadsBack() is false. For poll().
  [[nodiscard]] virtual int PollFd() const = 0;

 protected:
  Link() = default;
};

}  // namespace evertill::devices::link
