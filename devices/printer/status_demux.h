#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace evertill::devices::printer {

/// Automatic status (after GS a): four bytes.
struct AsbEvent {
  std::array<uint8_t, 4> bytes{};
  bool operator==(const AsbEvent&) const = default;
};
/// An answer to DLE EOT; to which n, only the asker knows.
struct RealTimeEvent {
  uint8_t byte = 0;
  bool operator==(const RealTimeEvent&) const = default;
};
/// One byte in answer to GS r or, when ExpectId() said so, to GS I.
struct ReplyEvent {
  uint8_t byte = 0;
  bool is_id = false;
  bool operator==(const ReplyEvent&) const = default;
};
/// GS ( H: what stood before the request is printed.
struct CompletionEvent {
  std::string id;  ///< The four characters of the request.
  bool operator==(const CompletionEvent&) const = default;
};
/// Another answer of the form header … NUL, for example `_TM-T88V` to GS I 67.
struct BlockEvent {
  uint8_t header = 0;
  std::string data;
  bool operator==(const BlockEvent&) const = default;
};
struct FlowEvent {
  bool stop = false;  ///< XOFF; otherwise XON
  bool operator==(const FlowEvent&) const = default;
};
/// A byte that no printer of this kind sends at this place.
struct GarbageEvent {
  uint8_t byte = 0;
  bool operator==(const GarbageEvent&) const = default;
};

using StatusEvent =
    std::variant<AsbEvent, RealTimeEvent, ReplyEvent, CompletionEvent, BlockEvent, FlowEvent, GarbageEvent>;

/// Takes apart what a printer says: answers to several questions share one stream and are known by fixed bits
/// (Epson, ESC/POS reference, "Identification of transmission data"): automatic status begins with 0xx1xx00, DLE EOT
/// answers are 0xx1xx10, GS r, GS I and the other three bytes of automatic status are 0xx0xxxx, XON is 11 and XOFF 13,
/// a block has a header 0xx1xxx1 and ends with NUL. Keeps no time and asks nothing: bytes in any portions give the
/// same events. Whatever comes, it never holds more than kMaxBlock bytes.
class StatusDemux {
 public:
  static constexpr size_t kMaxBlock = 256;

  [[nodiscard]] std::vector<StatusEvent> Take(std::string_view bytes);
  /// Nothing came for a while: what had begun is not going to be finished.
  void Pause();
  /// The next single-byte answer is to GS I.
  void ExpectId() { ++expected_ids_; }

 private:
  void TakeByte(uint8_t byte, std::vector<StatusEvent>& events);
  /// True when the byte belonged to what had begun.
  bool Continue(uint8_t byte, std::vector<StatusEvent>& events);
  void Begin(uint8_t byte, std::vector<StatusEvent>& events);
  void DropBegun(std::vector<StatusEvent>& events);

  std::string begun_;  ///< Automatic status or a block, not whole yet.
  int expected_ids_ = 0;
};

}  // namespace evertill::devices::printer
