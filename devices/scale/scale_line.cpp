#include "devices/scale/scale_line.h"

#include <algorithm>

#include "devices/record/control_text.h"
#include "devices/scale/scale_error.h"

namespace evertill::devices::scale {
namespace {

constexpr size_t kLongestAnswer = 256;
constexpr int kStallMs = 500;
constexpr int kLateMs = 200;
constexpr int kMostDiscards = 64;

}  // namespace

int ScaleLine::Remaining() const {
  return static_cast<int>(std::max<int64_t>((deadline_ - clock_.Uptime()).count(), 0));
}

base::Status ScaleLine::Discard(link::Link& link) {
  pending_.clear();
  // An answer to the question before would pass for the answer to this one.
  int wait_ms = may_come_late_ ? std::min(kLateMs, Remaining()) : 0;
  may_come_late_ = false;
  for (int i = 0; i < kMostDiscards; ++i) {
    EVERTILL_ASSIGN(const std::string old, link.Read(wait_ms));
    if (old.empty()) break;
    wait_ms = 0;
  }
  return {};
}

base::Status ScaleLine::Handshake(link::Link& link, const AskStep& step) {
  EVERTILL_ASSIGN(const size_t taken, link.Write(step.send, kStallMs));
  if (taken < step.send.size()) return base::Fail(ScaleErrc::kNoAnswer, "the line takes no data");
  if (step.expect.empty()) return {};
  std::string reply;
  while (reply.empty()) {
    const int left_ms = Remaining();
    EVERTILL_ASSIGN(reply, link.Read(left_ms));
    if (reply.empty() && left_ms == 0) {
      may_come_late_ = true;
      return base::Fail(ScaleErrc::kNoAnswer, "no answer to " + record::ToControlText(step.send));
    }
  }
  if (reply.front() == step.expect.front()) {
    pending_ = reply.substr(1);
    return {};
  }
  if (!step.refuse.empty() && reply.front() == step.refuse.front()) {
    return base::Fail(ScaleErrc::kNoAnswer, "the scale has no weight to tell now");
  }
  return base::Fail(ScaleErrc::kUnreadable, "\"" + record::ToControlText(reply.substr(0, kLongestAnswer)) +
                                                "\" answers " + record::ToControlText(step.send));
}

base::Expected<std::string> ScaleLine::ReadFrame(link::Link& link) {
  for (;;) {
    if (const size_t end = pending_.find(protocol_.end); end != std::string::npos) {
      std::string frame = pending_.substr(0, end + protocol_.end.size());
      pending_.erase(0, frame.size());
      return frame;
    }
    if (pending_.size() > kLongestAnswer) {
      pending_.clear();
      return base::Fail(ScaleErrc::kUnreadable, "an answer without an end");
    }
    const int left_ms = Remaining();
    EVERTILL_ASSIGN(const std::string more, link.Read(left_ms));
    if (more.empty() && left_ms == 0) break;
    pending_ += more;
  }
  may_come_late_ = true;
  if (pending_.empty()) return base::Fail(ScaleErrc::kNoAnswer, "nothing in time");
  return base::Fail(ScaleErrc::kUnreadable, "half an answer: \"" + record::ToControlText(pending_) + "\"");
}

base::Expected<std::string> ScaleLine::Ask(link::Link& link, const std::vector<AskStep>& steps, int timeout_ms) {
  deadline_ = clock_.Uptime() + std::chrono::milliseconds(timeout_ms);
  EVERTILL_TRY(Discard(link));
  for (const AskStep& step : steps) EVERTILL_TRY(Handshake(link, step));
  // The first of a stream may have begun before the call.
  if (steps.empty()) EVERTILL_TRY(ReadFrame(link));
  return ReadFrame(link);
}

}  // namespace evertill::devices::scale
