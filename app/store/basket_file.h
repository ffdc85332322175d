#pragma once

#include <filesystem>

#include "app/checkout/ports.h"

namespace evertill::store {

/// DIR/basket.json, replaced as a whole by a rename without syncing: survives a kill, not a power cut, and costs no
/// fdatasync. An empty text removes it. Failing is logged, never told: the sale goes on without it.
class BasketFile final : public checkout::BasketKeeper {
 public:
  explicit BasketFile(std::filesystem::path path) : path_(std::move(path)) {}
  void Keep(std::string_view text) override;
  [[nodiscard]] std::optional<std::string> Kept() override;

 private:
  const std::filesystem::path path_;
};

}  // namespace evertill::store
