#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "devices/link/link.h"
#include "devices/scale/scale_answer.h"

namespace evertill::devices::scale {

/// One question and its answer over an open link. One thread.
class ScaleLine {
 public:
  ScaleLine(const ScaleProtocol& protocol, const base::Clock& clock) : protocol_(protocol), clock_(clock) {}

  /// Throws away what came before, asks, and waits for a whole answer: what it says was taken after the call. A scale
  /// that streams is not asked: what is under way is passed over. Never longer than `timeout_ms`; where the last
  /// question stayed without an answer, up to a fifth of a second of that is spent listening for it. Errors: link_lost,
  /// scale_no_answer, scale_unreadable.
  [[nodiscard]] base::Expected<std::string> Ask(link::Link& link, const std::vector<AskStep>& steps, int timeout_ms);

 private:
  [[nodiscard]] base::Status Discard(link::Link& link);
  [[nodiscard]] base::Status Handshake(link::Link& link, const AskStep& step);
  [[nodiscard]] base::Expected<std::string> ReadFrame(link::Link& link);
  [[nodiscard]] int Remaining() const;

  const ScaleProtocol& protocol_;
  const base::Clock& clock_;
  std::chrono::milliseconds deadline_{0};
  std::string pending_;  ///< Came after the last whole answer.
  bool may_come_late_ = false;
};

}  // namespace evertill::devices::scale
