#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>

#include "app/base/clock.h"
#include "app/checkout/customer_display.h"
#include "app/checkout/devices.h"
#include "devices/display/display_profile.h"
#include "devices/record/link_keeper.h"

namespace evertill::devices::display {

/// How a till reaches its pole display: the table [display] of till.toml.
struct PoleSettings {
  std::string address;             ///< "serial:/dev/evertill/display"; without ?… the profile's own line settings
  std::string profile = "cd5220";  ///< A record's name.
  std::string name;                ///< For people; empty: the profile's
  bool operator==(const PoleSettings&) const = default;
};

/// A pole display with a thread of its own, which keeps the line open (tried again with back-off after it is
/// unplugged), shows the newest view, and now and then shows it again, for a display that was switched off meanwhile.
class PoleDisplay final : public checkout::CustomerDisplay {
 public:
  /// Starts; the display need not be there. `folders`: profiles before the built-in ones. `report` is called on the
  /// display's thread. Errors: device_address_invalid, device_record_unknown, device_record_invalid.
  [[nodiscard]] static base::Expected<std::unique_ptr<PoleDisplay>> Create(
      const PoleSettings& settings, const base::Clock& clock, checkout::DeviceReport report,
      std::span<const std::filesystem::path> folders = {});

  /// The same on links of the caller's, for tests.
  PoleDisplay(DisplayProfile profile, checkout::DeviceStatus about, record::LinkOpener open, const base::Clock& clock,
              checkout::DeviceReport report);
  ~PoleDisplay() override;

  void Show(const checkout::CustomerView& view) override;

 private:
  void Run();
  /// Writes, and says how it went. False when the line is gone.
  [[nodiscard]] bool Put(const std::string& bytes);
  void Step(const std::optional<checkout::CustomerView>& view);
  void Report(checkout::DeviceState state, std::string detail);

  const DisplayProfile profile_;
  const base::Clock& clock_;
  const checkout::DeviceReport report_;

  // The thread's own.
  record::LinkKeeper keeper_;
  std::string shown_;  ///< Bytes of what stands there now.
  std::chrono::milliseconds shown_at_{0};
  checkout::DeviceStatus status_;
  bool reported_ = false;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<checkout::CustomerView> newest_;
  bool changed_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace evertill::devices::display
