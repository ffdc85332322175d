#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "app/base/expected.h"

namespace evertill::devices::sim {

/// What a simulated device on a serial line does. All on one thread.
struct SerialDevice {
  /// Bytes from the host; returns what the device says to them.
  std::function<std::string(std::string_view bytes)> take;
  /// One command line of a person or a test; returns the line that answers it.
  std::function<std::string(std::string_view line)> control;
  /// Called every `tick_ms`; returns what the device says unasked. May be empty.
  std::function<std::string()> tick;
  int tick_ms = 0;
  /// How late the device answers. May be empty.
  std::function<int()> late_ms;
};

/// Serves a device at a serial port of its own (a link at `path`) and commands on standard input, until SIGTERM or
/// SIGINT. Its first line says "serial PATH". Errors: sim_address_unusable.
[[nodiscard]] base::Status ServeSerial(const std::string& path, const SerialDevice& device);

/// A descriptor that becomes readable on SIGTERM or SIGINT.
[[nodiscard]] int OpenStopSignals();

/// Prints one line of output and flushes it.
void Say(const std::string& line);

/// {"ok":false,"error":"…"}
[[nodiscard]] std::string RefusedCommand(std::string_view line);

/// Splits "weight 0.5" at its first space.
[[nodiscard]] std::pair<std::string_view, std::string_view> SplitCommand(std::string_view line);

/// Prints an error and returns the exit status for it.
[[nodiscard]] int Failed(const base::Error& error);

}  // namespace evertill::devices::sim
