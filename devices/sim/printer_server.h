#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/base/expected.h"
#include "devices/sim/job_writer.h"

namespace evertill::devices::sim {

struct PrinterServerOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 9100;  ///< 0: any free one.
  int width_dots = 576;
  bool once = false;  ///< Ends after the first connection that brought bytes.
};

/// A simulated network printer: takes jobs on TCP and hands them to a JobWriter. One thread, no locks.
class PrinterServer {
 public:
  /// Listens. Errors: sim_address_unusable.
  [[nodiscard]] static base::Expected<std::unique_ptr<PrinterServer>> Listen(PrinterServerOptions options,
                                                                             JobWriter writer);
  ~PrinterServer();

  [[nodiscard]] uint16_t Port() const;
  /// Called for each job written, after it is whole on disk.
  void OnJob(std::function<void(int number, const SimJob& job)> callback);
  /// Serves until `stop_fd` becomes readable, or once is enough. Jobs under way are written then.
  [[nodiscard]] base::Status Run(int stop_fd);

 private:
  PrinterServer();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace evertill::devices::sim
