#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/base/clock.h"
#include "app/checkout/devices.h"
#include "devices/drawer/modem_lines.h"
#include "devices/record/link_keeper.h"

namespace evertill::devices::drawer {

/// A drawer on a port of its own: the table [drawer] of till.toml. Bytes are written as in manuals: "<BEL>",
/// "<ESC>p<NUL><x19><xFA>".
struct DrawerSettings {
  std::string address;         ///< "serial:/dev/evertill/drawer"
  std::string open = "<BEL>";  ///< What opens it. Most boxes for serial ports open at any byte.
  std::string pulse;           ///< "dtr" or "rts": a pulse on that line opens it, and no byte.
  int pulse_ms = 200;          ///< 10 to 2000
  std::string sensor;          ///< "cts", "dsr" or "dcd": on while it is open; "!cts" …: off while it is open.
  /// Asks for its state, instead of a sensor's line. Not for a box that opens at any byte: this one too would open it.
  std::string ask;
  std::string says_open;    ///< The byte that answers `ask` while it is open, and
  std::string says_closed;  ///< while it is closed.
  std::string name = "Cash drawer";
  bool operator==(const DrawerSettings&) const = default;
};

/// A cash drawer with a thread of its own, which keeps the port open (tried again with back-off after it is unplugged)
/// and watches the sensor.
class SerialDrawer final : public checkout::CashDrawer {
 public:
  /// Starts; the drawer need not be there. `report` is called on the drawer's thread.
  /// Errors: device_address_invalid, drawer_settings_invalid.
  [[nodiscard]] static base::Expected<std::unique_ptr<SerialDrawer>> Create(const DrawerSettings& settings,
                                                                            const base::Clock& clock,
                                                                            checkout::DeviceReport report);

  /// Settings as bytes and lines.
  struct Wiring {
    std::string open;
    std::optional<ModemLine> pulse;
    std::chrono::milliseconds pulse_ms{200};
    std::optional<ModemLine> sensor;
    bool open_when_on = true;
    std::string ask;
    std::string says_open;
    std::string says_closed;
  };
  using LineOpener = std::function<std::unique_ptr<ModemLines>(link::Link&)>;
  /// The same on links and lines of the caller's, for tests.
  SerialDrawer(Wiring wiring, checkout::DeviceStatus about, record::LinkOpener open, LineOpener lines,
               const base::Clock& clock, checkout::DeviceReport report);
  ~SerialDrawer() override;

  /// Blocks at most two seconds. A pulse that did not go out by then never does.
  [[nodiscard]] base::Status Open() override;
  [[nodiscard]] std::optional<bool> IsOpen() const override;

 private:
  struct Request {
    bool abandoned = false;
    std::optional<base::Status> result;
  };

  void Run();
  [[nodiscard]] link::Link* Connect();
  [[nodiscard]] base::Status Pulse(const Request& request);
  [[nodiscard]] base::Expected<std::optional<bool>> Sense(link::Link& link);
  void Look();
  void Report(checkout::DeviceState state, std::string detail);

  const Wiring wiring_;
  const base::Clock& clock_;
  const checkout::DeviceReport report_;
  const LineOpener open_lines_;
  std::atomic<int> sensed_{-1};  ///< 1 open, 0 closed, -1 not known

  // The thread's own.
  record::LinkKeeper keeper_;
  std::unique_ptr<ModemLines> lines_;
  checkout::DeviceStatus status_;
  bool reported_ = false;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  std::shared_ptr<Request> request_;  ///< Shared, because who asked may give up first. One at a time.
  bool stopping_ = false;
  std::thread thread_;
};

/// Checks settings and turns them into bytes and lines. Errors: drawer_settings_invalid.
[[nodiscard]] base::Expected<SerialDrawer::Wiring> ParseWiring(const DrawerSettings& settings);

}  // namespace evertill::devices::drawer
