#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace evertill::presenters {

/// The character that a US keyboard prints for the key with X11 hardware code `hardware_code` (Linux' code + 8),
/// whatever keyboard layout is active: a wedge scanner presses the keys of a US keyboard, and under a Thai, Vietnamese
/// or French layout their translated characters are something else. As base::UsKeyCharacter() has it.
[[nodiscard]] std::optional<char> UsCharacter(uint32_t hardware_code, bool shift);

/// How the wedge scanner at this counter is programmed.
struct WedgeSettings {
  /// What it types before each code: printing characters. Where it is set, it is the mark of a scan: what begins with
  /// it is one, however slow; what does not is one only as it would be without a prefix.
  std::string prefix = {};
  bool ends_with_tab = false;  ///< Tab after each code instead of Enter
  int64_t gap_ms = 100;        ///< longest time between two keys of one scan
};

/// Tells a scanner's burst of keys from a person's typing, by its prefix or by time alone.
///
/// A scan is at least kShortest characters and the end key with no more than the settings' gap between any two keys.
/// Times are the milliseconds of the key events themselves, so that a busy program doesn't change the answer.
class Wedge {
 public:
  static constexpr size_t kShortest = 4;
  /// No hand keeps up this mean pace; a scanner is faster.
  static constexpr int64_t kMachineGapMs = 40;
  static constexpr size_t kLongest = 1024;

  Wedge() = default;
  explicit Wedge(WedgeSettings settings) : settings_(std::move(settings)) {}

  struct Scan {
    std::string text;
    /// Faster than a hand can type. A slower burst is only a scan where typing the same would mean the same.
    bool certain = false;
  };

  /// A key that prints. True when it begins a new burst: nothing before it can belong to the same scan.
  bool Character(char character, int64_t at_ms);
  /// Whether Tab ends a scan here, rather than Enter.
  [[nodiscard]] bool EndsWithTab() const { return settings_.ends_with_tab; }
  /// True amid a burst: a control character may belong to it.
  [[nodiscard]] bool InBurst(int64_t at_ms) const {
    return !burst_.empty() && at_ms >= last_ms_ && at_ms - last_ms_ <= settings_.gap_ms;
  }
  /// The end key: the scan that it ends, if there was one. The burst is over either way.
  [[nodiscard]] std::optional<Scan> Enter(int64_t at_ms);
  /// Any other key breaks a burst.
  void Reset() { burst_.clear(); }

 private:
  WedgeSettings settings_;
  std::string burst_;
  int64_t first_ms_ = 0;
  int64_t last_ms_ = 0;
};

}  // namespace evertill::presenters
