#include "devices/printer/status_demux.h"

#include <algorithm>

namespace evertill::devices::printer {
namespace {

constexpr uint8_t kXon = 0x11;
constexpr uint8_t kXoff = 0x13;
constexpr uint8_t kCompletionHeader = 0x37;
constexpr char kCompletionKind = 0x22;
constexpr size_t kAsbBytes = 4;
constexpr size_t kIdAt = 2;  // header, kind, id
constexpr size_t kIdBytes = 4;

bool IsAsbHead(uint8_t byte) {
  return (byte & 0x93) == 0x10;
}
bool IsRealTime(uint8_t byte) {
  return (byte & 0x93) == 0x12;
}
bool IsPlain(uint8_t byte) {
  return (byte & 0x90) == 0x00;
}
bool IsFlow(uint8_t byte) {
  return byte == kXon || byte == kXoff;
}
bool IsBlockHead(uint8_t byte) {
  return (byte & 0x91) == 0x11 && !IsFlow(byte);
}
bool IsPrintable(uint8_t byte) {
  return byte >= 0x20 && byte < 0x7F;
}

}  // namespace

std::vector<StatusEvent> StatusDemux::Take(std::string_view bytes) {
  std::vector<StatusEvent> events;
  for (const char byte : bytes) TakeByte(static_cast<uint8_t>(byte), events);
  return events;
}

void StatusDemux::Pause() {
  begun_.clear();
}

void StatusDemux::TakeByte(uint8_t byte, std::vector<StatusEvent>& events) {
  if (IsFlow(byte)) {  // may stand anywhere
    events.emplace_back(FlowEvent{byte == kXoff});
    return;
  }
  if (!begun_.empty() && Continue(byte, events)) return;
  Begin(byte, events);
}

bool StatusDemux::Continue(uint8_t byte, std::vector<StatusEvent>& events) {
  const auto head = static_cast<uint8_t>(begun_.front());
  if (IsAsbHead(head)) {
    if (IsPlain(byte)) {
      begun_ += static_cast<char>(byte);
      if (begun_.size() < kAsbBytes) return true;
      AsbEvent asb;
      for (size_t i = 0; i < kAsbBytes; ++i) asb.bytes[i] = static_cast<uint8_t>(begun_[i]);
      events.emplace_back(asb);
      begun_.clear();
      return true;
    }
    if (IsRealTime(byte)) {  // real-time answers may come between
      events.emplace_back(RealTimeEvent{byte});
      return true;
    }
    DropBegun(events);
    return false;
  }
  if (byte == 0) {
    // Noise that looked like a header may have come right before a completion: that one counts.
    constexpr size_t kWhole = kIdAt + kIdBytes;
    const size_t at = begun_.size() - std::min(begun_.size(), kWhole);
    const bool completion = begun_.size() >= kWhole && static_cast<uint8_t>(begun_[at]) == kCompletionHeader &&
                            begun_[at + 1] == kCompletionKind;
    if (completion) {
      if (at > 0) events.emplace_back(GarbageEvent{head});
      events.emplace_back(CompletionEvent{begun_.substr(at + kIdAt)});
    } else {
      events.emplace_back(BlockEvent{head, begun_.substr(1)});
    }
    begun_.clear();
    return true;
  }
  if (IsPrintable(byte) && begun_.size() < kMaxBlock) {
    begun_ += static_cast<char>(byte);
    return true;
  }
  DropBegun(events);
  return false;
}

void StatusDemux::Begin(uint8_t byte, std::vector<StatusEvent>& events) {
  if (IsAsbHead(byte) || IsBlockHead(byte)) {
    begun_.assign(1, static_cast<char>(byte));
  } else if (IsRealTime(byte)) {
    events.emplace_back(RealTimeEvent{byte});
  } else if (IsPlain(byte)) {
    const bool is_id = expected_ids_ > 0;
    if (is_id) --expected_ids_;
    events.emplace_back(ReplyEvent{byte, is_id});
  } else {
    events.emplace_back(GarbageEvent{byte});
  }
}

void StatusDemux::DropBegun(std::vector<StatusEvent>& events) {
  events.emplace_back(GarbageEvent{static_cast<uint8_t>(begun_.front())});
  begun_.clear();
}

}  // namespace evertill::devices::printer
