#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace evertill::base {

/// The only source of randomness. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<uint8_t> bytes) = 0;
  /// Uniform in [0, bound), bound > 0, without modulo bias.
  [[nodiscard]] uint64_t Below(uint64_t bound);
};

/// The kernel's generator, fit for keys. In test builds EVERTILL_TEST_SEED=<number> makes a reproducible one instead.
[[nodiscard]] std::unique_ptr<Random> MakeSystemRandom();

/// Reproducible from a seed, for tests and simulation only: not fit for keys.
[[nodiscard]] std::unique_ptr<Random> MakeSeededRandom(uint64_t seed);

}  // namespace evertill::base
