#pragma once

#include <memory>
#include <mutex>
#include <thread>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/checkout/devices.h"
#include "devices/link/file_descriptor.h"
#include "devices/scanner/scan_source.h"
#include "devices/scanner/settings.h"

namespace evertill::devices::scanner {

/// One evdev or serial scanner on a thread of its own: opens it, holds it, tells each scan, and looks for it again
/// after it was unplugged: at once when something is plugged in, else at growing intervals up to five seconds.
class Scanner {
 public:
  struct Callbacks {
    checkout::ScanReport on_scan;
    checkout::DeviceReport on_status;  ///< may be empty
  };
  /// Starts looking; does not wait for the device. Callbacks come on the scanner's thread and must not destroy it; the
  /// clock outlives it.
  /// Errors: scanner_settings_invalid, also for a wedge, which the window reads; device_address_invalid.
  [[nodiscard]] static base::Expected<std::unique_ptr<Scanner>> Start(ScannerSettings settings,
                                                                      const base::Clock& clock, Callbacks callbacks);
  /// Lets go of the device. No callback comes after this.
  ~Scanner();
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  /// Any thread.
  [[nodiscard]] checkout::DeviceStatus Status() const;

 private:
  Scanner(ScannerSettings settings, const base::Clock& clock, Callbacks callbacks, link::FileDescriptor stop);
  void Run();
  void Listen(ScanSource& source);
  void Report(checkout::DeviceState state, const std::string& name, const std::string& detail);
  [[nodiscard]] int64_t NowMs() const { return clock_.Uptime().count(); }

  const ScannerSettings settings_;
  const base::Clock& clock_;
  const Callbacks callbacks_;
  link::FileDescriptor stop_;  ///< readable when the thread shall end
  mutable std::mutex mutex_;
  checkout::DeviceStatus status_;
  std::thread thread_;
};

}  // namespace evertill::devices::scanner
