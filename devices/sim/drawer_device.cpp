#include "devices/sim/drawer_device.h"

#include <boost/json.hpp>

#include "devices/sim/serial_serve.h"

namespace evertill::devices::sim {

void SimDrawer::Fire() {
  open_ = true;
  ++pulses_;
}

std::string SimDrawer::Take(std::string_view bytes) {
  std::string answer;
  for (const char c : bytes) {
    if (trigger_ == Trigger::kPrinterPulse && (!sequence_.empty() || c == '\x1B')) {
      sequence_ += c;
      if (sequence_.size() == 2 && c != 'p') sequence_.clear();
      if (sequence_.size() < 5) continue;
      // The second time is the rest; a pulse of no length opens nothing.
      if (sequence_[3] != 0) Fire();
      sequence_.clear();
    } else if (c == '?') {
      answer += open_ ? 'o' : 'c';
    } else if (trigger_ == Trigger::kAny || (trigger_ == Trigger::kBell && c == '\a')) {
      Fire();
    }
  }
  return answer;
}

std::string SimDrawer::StatusJson() const {
  return boost::json::serialize(boost::json::object{{"ok", true}, {"open", open_}, {"pulses", pulses_}});
}

std::string SimDrawer::Control(std::string_view line) {
  if (line == "open") {
    open_ = true;
  } else if (line == "close") {
    open_ = false;
  } else if (line != "status") {
    return RefusedCommand(line);
  }
  return StatusJson();
}

}  // namespace evertill::devices::sim
