#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace evertill::presenters {

/// The character that a US keyboard prints for the key with X11 hardware code `hardware_code` (the evdev code + 8),
/// whatever keyboard layout is active: a wedge scanner presses the keys of a US keyboard, and under a Thai, Vietnamese
/// or French layout their translated characters are something else. Digits of the number pad count as digits whether
/// Num Lock is on or not. Nothing for keys that print nothing.
[[nodiscard]] std::optional<char> UsCharacter(uint32_t hardware_code, bool shift);

/// Tells a scanner's burst of keys from a person's typing, by time alone.
///
/// A scan is at least kShortest characters and Enter with no more than kLongestGapMs between any two keys. Times are
/// the milliseconds of the key events themselves, so that a busy program doesn't change the answer.
class Wedge {
 public:
  static constexpr size_t kShortest = 4;
  static constexpr int64_t kLongestGapMs = 100;
  /// No hand keeps up this mean pace; a scanner is faster.
  static constexpr int64_t kMachineGapMs = 40;
  static constexpr size_t kLongest = 1024;

  struct Scan {
    std::string text;
    /// Faster than a hand can type. A slower burst is only a scan where typing the same would mean the same.
    bool certain = false;
  };

  /// A key that prints. True when it begins a new burst: nothing before it can belong to the same scan.
  bool Character(char character, int64_t at_ms);
  /// The Enter key: the scan that it ends, if there was one. The burst is over either way.
  [[nodiscard]] std::optional<Scan> Enter(int64_t at_ms);
  /// Any other key breaks a burst.
  void Reset() { burst_.clear(); }

 private:
  std::string burst_;
  int64_t first_ms_ = 0;
  int64_t last_ms_ = 0;
};

}  // namespace evertill::presenters
