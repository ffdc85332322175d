#pragma once

#include <memory>
#include <string>

#include "app/base/expected.h"
#include "devices/scanner/settings.h"

namespace evertill::devices::scanner {

/// One open scanner: what it sends, as text and control characters. Not thread-safe. Closed (and let go) when
/// destroyed.
class ScanSource {
 public:
  virtual ~ScanSource() = default;
  ScanSource(const ScanSource&) = delete;
  ScanSource& operator=(const ScanSource&) = delete;

  struct Sent {
    std::string bytes;
    bool gap = false;  ///< something before `bytes` was lost
  };
  /// What has come, without waiting. Errors: scanner_lost, link_lost.
  [[nodiscard]] virtual base::Expected<Sent> Read() = 0;
  /// Readable (POLLIN) when Read() has something to say.
  [[nodiscard]] virtual int PollFd() const = 0;
  /// What the device says it is; may be empty.
  [[nodiscard]] virtual std::string DeviceName() const = 0;

 protected:
  ScanSource() = default;
};

/// Whether an evdev scanner's keys reach this program alone.
enum class Hold { kYes, kNo };

/// Opens an evdev or serial scanner; a serial one is always held.
/// Errors: scanner_settings_invalid (a wedge has nothing to open), scanner_not_found, scanner_no_permission,
/// scanner_busy, scanner_is_keyboard, scanner_not_a_scanner; of a serial one what link::OpenLink says.
[[nodiscard]] base::Expected<std::unique_ptr<ScanSource>> OpenScanSource(const ScannerSettings& settings,
                                                                         Hold hold = Hold::kYes);

}  // namespace evertill::devices::scanner
