#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "devices/sim/job_writer.h"
#include "devices/sim/printer_device.h"

namespace evertill::devices::sim {

struct PrinterServerOptions {
  std::string host = "127.0.0.1";  ///< Empty: no network port.
  uint16_t port = 9100;            ///< 0: any free one.
  int width_dots = 576;
  bool once = false;        ///< Ends after the first connection that brought bytes.
  bool single = false;      ///< Serves one connection at a time; others wait unanswered, as with many network printers.
  std::string serial_path;  ///< Not empty: also a serial port, at this path.
  bool xon_xoff = false;    ///< The serial port tells by XOFF and XON; what comes in spite of XOFF is lost.
  std::string control;      ///< "HOST:PORT" for commands (printer_control.h) by TCP; empty: none.
  bool commands_on_stdin = false;
  PrinterModel model = GenericPrinterModel();
  PrinterFaults faults;
  bool drawer_open_is_high = true;
};

/// A simulated printer at a network port and a serial port: takes jobs and hands them to a JobWriter.
class PrinterServer {
 public:
  /// Listens. Errors: sim_address_unusable.
  [[nodiscard]] static base::Expected<std::unique_ptr<PrinterServer>> Listen(PrinterServerOptions options,
                                                                             JobWriter writer);
  ~PrinterServer();

  [[nodiscard]] uint16_t Port() const;
  /// 0 without `options.control`.
  [[nodiscard]] uint16_t ControlPort() const;
  /// Called for each job written, after it is whole on disk. Set before Run().
  void OnJob(std::function<void(int number, const SimJob& job)> callback);
  /// Serves until `stop_fd` becomes readable, or once is enough. Jobs under way are written then.
  [[nodiscard]] base::Status Run(int stop_fd);
  /// A command as in printer_control.h; returns the line that answers it. From any thread, also while Run() serves.
  std::string Control(std::string_view line);

 private:
  PrinterServer();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace evertill::devices::sim
