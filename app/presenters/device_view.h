#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/checkout/devices.h"
#include "app/presenters/print_words.h"
#include "app/presenters/words.h"

namespace evertill::presenters {

/// What a person can ask a device for on the device page.
/// Not the drawer: it opens for a sale, or for a reason that the journal keeps.
enum class DeviceAct { kTestPrint, kZeroScale };

/// How what was asked of a device went.
struct DeviceAnswer {
  checkout::DeviceKind kind = checkout::DeviceKind::kReceiptPrinter;
  std::string address;
  std::string problem;  ///< in the language in use; empty: done
};

/// How much a device wants a hand.
enum class Urgency {
  kNone,
  kSoon,  ///< it still works: "paper is nearly out"
  kNow,
};

/// One device in words.
struct DeviceView {
  checkout::DeviceKind kind = checkout::DeviceKind::kReceiptPrinter;
  std::string address;
  std::string title;   ///< "Receipt printer"
  std::string name;    ///< what the device is called; may be empty
  std::string state;   ///< "Ready", "Paper is out"
  std::string advice;  ///< what to do; empty where there is nothing to do
  Tone tone = Tone::kCalm;
  Urgency urgency = Urgency::kNone;
  std::optional<DeviceAct> act;  ///< what it can be asked to do; none while it could not
  std::string act_label;
  bool operator==(const DeviceView&) const = default;
};

/// Pure.
[[nodiscard]] DeviceView DeviceViewOf(const checkout::DeviceStatus& status, const Words& words);
[[nodiscard]] Urgency UrgencyOf(const checkout::DeviceStatus& status);

/// The newest that each device has told. Devices are told apart by kind and address. Not thread-safe.
class DeviceBoard {
 public:
  /// True when that is news.
  bool Put(const checkout::DeviceStatus& status);
  /// By kind, then in the order in which they were first heard of.
  [[nodiscard]] const std::vector<checkout::DeviceStatus>& All() const { return devices_; }
  /// Who wants a hand most; nullptr when nobody does. Printers come before scanners, scanners before the rest.
  [[nodiscard]] const checkout::DeviceStatus* Neediest() const;

 private:
  std::vector<checkout::DeviceStatus> devices_;
};

/// What the till's bar on top says about all devices.
struct DeviceMark {
  bool shown = false;   ///< there are devices
  bool wanted = false;  ///< one of them wants a hand
  std::string text;     ///< "Devices", "Paper is out"
  std::string spoken;   ///< with what to do
  bool operator==(const DeviceMark&) const = default;
};
[[nodiscard]] DeviceMark MarkOf(const DeviceBoard& board, const Words& words);

}  // namespace evertill::presenters
