#pragma once

#include <filesystem>
#include <string>

#include "app/checkout/ports.h"

namespace evertill::store {

/// DIR/basket.kept: the basket being rung, for a crash. Survives a kill, not a power cut, and costs no fdatasync.
///
/// Two slots written in turn, each with a running number and a digest, so that a write cut short leaves the one before.
/// In place rather than by rename: replacing a file by rename makes ext4 allocate and flush the new one at once, which
/// took 2 to 4 ms at every scan. An empty text is a record like any other. Failing is logged, never told: the sale goes
/// on without it. One thread at a time.
class BasketFile final : public checkout::BasketKeeper {
 public:
  /// Longest text kept; a longer basket is rung without this safety.
  static constexpr size_t kSlotBytes = size_t{1} << 20;

  explicit BasketFile(std::filesystem::path path);
  ~BasketFile() override;
  BasketFile(const BasketFile&) = delete;
  BasketFile& operator=(const BasketFile&) = delete;

  void Keep(std::string_view text) override;
  [[nodiscard]] std::optional<std::string> Kept() override;

 private:
  struct Record {
    uint64_t number = 0;
    std::string text;
  };
  [[nodiscard]] std::optional<Record> Newest() const;
  [[nodiscard]] std::optional<Record> ReadSlot(int slot) const;

  const std::filesystem::path path_;
  int descriptor_;
  uint64_t last_ = 0;
};

}  // namespace evertill::store
