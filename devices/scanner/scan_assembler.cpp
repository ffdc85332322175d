#include "devices/scanner/scan_assembler.h"

#include <algorithm>
#include <utility>

namespace evertill::devices::scanner {
namespace {

/// CR, LF, ETX and Tab. GS is none: it parts the values of a GS1 code.
bool EndsAnyScan(char c) {
  return c == '\r' || c == '\n' || c == '\x03' || c == '\t';
}

}  // namespace

ScanAssembler::ScanAssembler(const ScannerSettings& settings) : settings_(settings) {}

void ScanAssembler::Reset() {
  pending_.clear();
  too_long_ = false;
}

bool ScanAssembler::EndsHere() const {
  return settings_.suffix.empty() ? EndsAnyScan(pending_.back()) : pending_.ends_with(settings_.suffix);
}

std::vector<std::string> ScanAssembler::Take(std::string_view bytes, int64_t at_ms) {
  std::vector<std::string> scans;
  for (const char c : bytes) {
    pending_ += c;
    if (EndsHere()) {
      seen_suffix_ = true;
      Finish(at_ms, settings_.suffix.empty() ? 1 : settings_.suffix.size(), scans);
    } else if (pending_.size() > kLongest + settings_.prefix.size() + settings_.suffix.size()) {
      // The rest of it is dropped too, up to its end; the tail may be the beginning of the suffix.
      pending_.erase(0, pending_.size() - settings_.suffix.size());
      too_long_ = true;
    }
  }
  last_byte_ms_ = at_ms;
  return scans;
}

void ScanAssembler::Finish(int64_t at_ms, size_t suffix_size, std::vector<std::string>& scans) {
  std::string text = std::exchange(pending_, {});
  text.resize(text.size() - suffix_size);
  if (std::exchange(too_long_, false)) return;
  if (!settings_.prefix.empty() && text.starts_with(settings_.prefix)) {
    text.erase(0, settings_.prefix.size());
  } else if (settings_.prefix.empty() && text.starts_with('\x02')) {
    text.erase(0, 1);  // STX, which many serial scanners send unasked
  }
  if (text.empty()) return;  // the LF of CR LF
  const bool again = any_scan_ && text == last_scan_ && at_ms - last_scan_ms_ < settings_.duplicate_ms;
  any_scan_ = true;
  last_scan_ms_ = at_ms;
  if (again) return;
  last_scan_ = text;
  scans.push_back(std::move(text));
}

std::vector<std::string> ScanAssembler::Expire(int64_t at_ms) {
  std::vector<std::string> scans;
  if (WaitMs(at_ms) != 0) return scans;
  if (settings_.suffix.empty() && !seen_suffix_ && !pending_.empty()) {
    Finish(at_ms, 0, scans);
  } else {
    Reset();
  }
  return scans;
}

int ScanAssembler::WaitMs(int64_t at_ms) const {
  if (pending_.empty() && !too_long_) return -1;
  return static_cast<int>(std::clamp<int64_t>(last_byte_ms_ + settings_.gap_ms - at_ms, 0, settings_.gap_ms));
}

}  // namespace evertill::devices::scanner
