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
#include "app/checkout/devices.h"
#include "devices/record/link_keeper.h"
#include "devices/scale/scale_line.h"
#include "devices/scale/scale_protocol.h"

namespace evertill::devices::scale {

/// How a till reaches its scale: the table [scale] of till.toml.
struct ScaleSettings {
  std::string address;  ///< "serial:/dev/evertill/scale"; without ?… the protocol's own line settings
  std::string protocol = "toledo-8217";  ///< A record's name.
  std::string unit;                      ///< g, kg, lb or oz, for protocols whose answers have none; may be empty
  std::string name;                      ///< For people; empty: the protocol's
  bool operator==(const ScaleSettings&) const = default;
};

/// A scale with a thread of its own, which keeps the line open (tried again with back-off after it is unplugged), looks
/// once a second how the scale is, and asks it when somebody wants a weight.
class SerialScale final : public checkout::Scale {
 public:
  /// Starts; the scale need not be there. `folders`: records before the built-in ones. `report` is called on the
  /// scale's thread. Errors: device_address_invalid, device_record_unknown, device_record_invalid.
  [[nodiscard]] static base::Expected<std::unique_ptr<SerialScale>> Create(
      const ScaleSettings& settings, const base::Clock& clock, checkout::DeviceReport report,
      std::span<const std::filesystem::path> folders = {});

  /// The same on links of the caller's, for tests.
  SerialScale(ScaleProtocol protocol, std::optional<WeightUnit> unit, checkout::DeviceStatus about,
              record::LinkOpener open, const base::Clock& clock, checkout::DeviceReport report);
  ~SerialScale() override;

  [[nodiscard]] base::Expected<checkout::Weighing> Weigh(int timeout_ms) override;
  [[nodiscard]] base::Status Zero() override;

 private:
  enum class Wish { kWeigh, kZero };
  /// Somebody waits for this. Shared, because they may give up before the thread is done with it.
  struct Request {
    Wish wish = Wish::kWeigh;
    std::chrono::milliseconds deadline{0};
    bool abandoned = false;
    std::optional<base::Expected<ScaleAnswer>> result;
  };

  [[nodiscard]] base::Expected<ScaleAnswer> Do(Wish wish, int timeout_ms);
  void Run();
  [[nodiscard]] base::Expected<ScaleAnswer> Serve(Wish wish, std::chrono::milliseconds deadline);
  [[nodiscard]] base::Expected<ScaleAnswer> Once(Wish wish, int timeout_ms);
  void Tell(const base::Expected<ScaleAnswer>& answer);
  void Report(checkout::DeviceState state, std::vector<checkout::DeviceNote> notes, std::string detail);

  const ScaleProtocol protocol_;
  const std::optional<WeightUnit> unit_;
  const base::Clock& clock_;
  const checkout::DeviceReport report_;

  // The thread's own.
  record::LinkKeeper keeper_;
  ScaleLine line_;
  checkout::DeviceStatus status_;
  bool reported_ = false;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  std::shared_ptr<Request> request_;  ///< One at a time.
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace evertill::devices::scale
