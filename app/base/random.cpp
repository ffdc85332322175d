#include "app/base/random.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <random>

#include "app/base/check.h"

namespace evertill::base {
namespace {

class KernelRandom final : public Random {
 public:
  void Fill(std::span<uint8_t> bytes) override {
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t got = getrandom(bytes.data() + done, bytes.size() - done, 0);
      if (got < 0 && errno == EINTR) continue;
      EVERTILL_CHECK(got > 0);  // getrandom(2) without flags fails only on a bad address
      done += static_cast<size_t>(got);
    }
  }
};

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}
  void Fill(std::span<uint8_t> bytes) override {
    const std::lock_guard lock(mutex_);
    for (auto& byte : bytes) byte = static_cast<uint8_t>(engine_() >> 32U);
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace

uint64_t Random::Below(uint64_t bound) {
  EVERTILL_CHECK(bound > 0);
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  for (;;) {
    std::array<uint8_t, 8> raw{};
    Fill(raw);
    uint64_t value = 0;
    std::memcpy(&value, raw.data(), raw.size());
    if (value < limit) return value % bound;
  }
}

std::unique_ptr<Random> MakeSystemRandom() {
#ifdef EVERTILL_TEST_HOOKS
  if (const char* seed = std::getenv("EVERTILL_TEST_SEED")) return MakeSeededRandom(std::strtoull(seed, nullptr, 10));
#endif
  return std::make_unique<KernelRandom>();
}

std::unique_ptr<Random> MakeSeededRandom(uint64_t seed) {
  return std::make_unique<SeededRandom>(seed);
}

}  // namespace evertill::base
