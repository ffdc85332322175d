#pragma once

#include <memory>

#include "app/base/expected.h"
#include "devices/link/link.h"

namespace evertill::devices::drawer {

/// Control lines of a serial port (ITU-T V.24): the first two are ours to drive, the others are read.
enum class ModemLine { kDtr, kRts, kCts, kDsr, kDcd };

/// The control lines of one open port.
class ModemLines {
 public:
  virtual ~ModemLines() = default;
  /// Errors: drawer_not_reached where the port has no such line (a pseudo-terminal, a converter on TCP).
  [[nodiscard]] virtual base::Status Set(ModemLine line, bool on) = 0;
  [[nodiscard]] virtual base::Expected<bool> Get(ModemLine line) = 0;
};

/// The lines of the port under a serial link; the link must live longer.
[[nodiscard]] std::unique_ptr<ModemLines> LinesOf(link::Link& link);

}  // namespace evertill::devices::drawer
