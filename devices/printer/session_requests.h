#pragma once

#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/checkout/devices.h"
#include "app/checkout/printer.h"

/// What a printer session's thread is asked for, and what it tells. Inside devices/printer only.
namespace evertill::devices::printer {

using Millis = std::chrono::milliseconds;

struct JobRequest {
  std::variant<const domain::ReceiptDocument*, std::string> what;  ///< The document lives until `done` is set.
  checkout::LatePrintReport late;
  std::promise<base::Expected<checkout::PrintState>> done;
};
struct ReadyRequest {
  std::promise<base::Status> done;
};
struct PulseRequest {
  std::promise<base::Status> done;
};
using SessionRequest = std::variant<JobRequest, ReadyRequest, PulseRequest>;

/// Where the thread hands on what it knows; implemented by the session, any lock is its own.
class SessionBoard {
 public:
  virtual ~SessionBoard() = default;
  /// What was asked since the last call; true in `stop` when the thread is to end.
  [[nodiscard]] virtual std::vector<SessionRequest> TakeRequests(bool& stop) = 0;
  virtual void Publish(const checkout::DeviceStatus& status, std::optional<bool> drawer_open, bool settled) = 0;
  virtual void TellReady() = 0;
};

}  // namespace evertill::devices::printer
