#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace evertill::devices::sim {

enum class RealTimeKind {
  kStatus,    ///< DLE EOT n
  kRecover,   ///< DLE ENQ n
  kPulse,     ///< DLE DC4 1 m t
  kPowerOff,  ///< DLE DC4 2 1 8
  kClear,     ///< DLE DC4 8 …: throw away what is in the buffers
};

struct RealTimeEvent {
  RealTimeKind kind;
  int n = 0;
};

/// Finds real-time commands (10 04 n, 10 05 n, 10 14 …) in the stream the moment they arrive, whatever they are part
/// of, as the receiving side of an Epson printer does.
class RealTimeScanner {
 public:
  void Take(uint8_t byte, std::vector<RealTimeEvent>& events);

 private:
  std::string seen_;
};

}  // namespace evertill::devices::sim
