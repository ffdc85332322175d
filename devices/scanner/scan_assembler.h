#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "devices/scanner/settings.h"

namespace evertill::devices::scanner {

/// Makes scans of the bytes that one scanner sends: ends them at the suffix, or at silence, takes the prefix off, and
/// drops what is no scan. Times are milliseconds that never go back, from any start. Not thread-safe.
class ScanAssembler {
 public:
  /// Longest scan; longer ones are dropped whole. As long as what the counter accepts.
  static constexpr size_t kLongest = 1024;

  explicit ScanAssembler(const ScannerSettings& settings);

  /// Bytes that were read at `at_ms`; the scans that they complete, in order. However late they are read, they belong
  /// to what came before: only Expire() says that there was silence.
  [[nodiscard]] std::vector<std::string> Take(std::string_view bytes, int64_t at_ms);
  /// To be asked when WaitMs() is over and nothing has come: what silence has ended. With a suffix set, or once one has
  /// come, what silence ends is a broken scan and is dropped.
  [[nodiscard]] std::vector<std::string> Expire(int64_t at_ms);
  /// How long silence may last until Expire() has something to do; -1 for ever.
  [[nodiscard]] int WaitMs(int64_t at_ms) const;
  /// What came so far of a scan is void: bytes were lost.
  void Reset();

 private:
  [[nodiscard]] bool EndsHere() const;
  void Finish(int64_t at_ms, size_t suffix_size, std::vector<std::string>& scans);

  ScannerSettings settings_;
  std::string pending_;
  bool too_long_ = false;
  bool seen_suffix_ = false;
  int64_t last_byte_ms_ = 0;
  std::string last_scan_;
  int64_t last_scan_ms_ = 0;
  bool any_scan_ = false;
};

}  // namespace evertill::devices::scanner
