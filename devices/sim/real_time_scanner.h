#pragma once

#include <cstdint>
#include <string>

namespace evertill::devices::sim {

/// What real-time commands did.
struct RealTimeEvents {
  std::string replies;
  int pulses = 0;
  int commands = 0;
};

/// Finds real-time commands (10 04 n, 10 05 n, 10 14 …) in the stream the moment they arrive, whatever they are part
/// of, as the receiving side of an Epson printer does.
class RealTimeScanner {
 public:
  void Take(uint8_t byte, RealTimeEvents& events);

 private:
  std::string seen_;
};

}  // namespace evertill::devices::sim
