#include "devices/sim/scale_device.h"

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "devices/sim/serial_serve.h"

namespace evertill::devices::sim {
namespace {

/// Kilograms with three decimals: "00.512" in six places.
std::string Kilograms(int64_t grams, int places, char fill = '0') {
  char text[32];
  const int64_t whole = std::llabs(grams);
  std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(whole / 1000),
                static_cast<long long>(whole % 1000));
  std::string number = text;
  while (static_cast<int>(number.size()) < places) number.insert(number.begin(), fill);
  return number;
}

std::optional<bool> OnOff(std::string_view word) {
  if (word == "on") return true;
  if (word == "off") return false;
  return std::nullopt;
}

}  // namespace

std::vector<std::string> ScaleProtocolNames() {
  return {"toledo-8217", "nci", "cas", "mt-sics", "cas-22", "st-gs"};
}

bool SimScale::SetWeight(std::string_view kilograms) {
  const bool minus = kilograms.starts_with('-');
  if (minus) kilograms.remove_prefix(1);
  const size_t point = kilograms.find('.');
  std::string digits(kilograms.substr(0, point));
  std::string part(point == std::string_view::npos ? "" : kilograms.substr(point + 1));
  if (part.size() > 3) return false;
  part.resize(3, '0');
  digits += part;
  int64_t grams = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), grams);
  if (error != std::errc() || end != digits.data() + digits.size() || grams > 1'000'000) return false;
  on_it_ = minus ? -grams : grams;
  return true;
}

bool SimScale::PressZero() {
  if (motion_ || Over() || std::llabs(on_it_) > kZeroRangeGrams) return false;
  zero_at_ = on_it_;
  return true;
}

std::string SimScale::Misshapen(std::string answer) const {
  if (mute_ || answer.empty()) return {};
  if (shape_ == Shape::kGarbage) return "\xFF\x7F#\x11 ?!\r\n\x03\x04";
  if (shape_ == Shape::kHalf) return answer.substr(0, answer.size() / 2);
  return answer;
}

std::string SimScale::Take(std::string_view bytes) {
  std::string answers;
  for (const char c : bytes) {
    std::string answer;
    if (protocol_ == "toledo-8217") {
      answer = AnswerToledo(c);
    } else if (protocol_ == "cas") {
      answer = AnswerCas(c);
    } else if (c == '\r' || c == '\n') {
      if (!line_.empty()) answer = protocol_ == "nci" ? AnswerNci(line_) : AnswerSics(line_);
      line_.clear();
    } else if (line_.size() < 100) {
      line_ += c;
    }
    answers += Misshapen(std::move(answer));
  }
  return answers;
}

/// 8217: W weighs, Z sets to zero; the status byte has bit 6 always, 4 centre of zero, 3 outside the zero range, 2
/// under zero, 1 over capacity, 0 motion.
std::string SimScale::AnswerToledo(char command) {
  if (command != 'W' && command != 'Z') return {};
  const bool zeroed = command == 'Z' && PressZero();
  if (command == 'W' && !motion_ && !Over() && Shown() >= 0) return "\x02" + Kilograms(Shown(), 6) + "\r";
  unsigned status = 0x40;
  if (motion_) status |= 0x01;
  if (Over()) status |= 0x02;
  if (Shown() < 0) status |= 0x04;
  if (std::llabs(on_it_) > kZeroRangeGrams) status |= 0x08;
  if (zeroed || (command == 'W' && Shown() == 0)) status |= 0x10;
  return std::string("\x02?") + static_cast<char>(status) + "\r";
}

std::string SimScale::NciStatus() const {
  std::string status = "00";
  if (motion_) status[0] = static_cast<char>(status[0] | 0x01);
  if (Shown() == 0) status[0] = static_cast<char>(status[0] | 0x02);
  if (Shown() < 0) status[1] = static_cast<char>(status[1] | 0x01);
  if (Over()) status[1] = static_cast<char>(status[1] | 0x02);
  return status;
}

std::string SimScale::AnswerNci(std::string_view command) {
  if (command == "Z" && !PressZero()) {
    std::string status = NciStatus();
    status[0] = static_cast<char>(status[0] & ~0x02);  // refused: the zero flag is not set
    return "\n" + status + "\r\x03";
  }
  if (command == "S" || command == "Z") return "\n" + NciStatus() + "\r\x03";
  if (command != "W") return "\n?\r\x03";
  if (motion_ || Over() || Shown() < 0) return "\n" + NciStatus() + "\r\x03";
  return "\n" + Kilograms(Shown(), 7) + "kg\r\n" + NciStatus() + "\r\x03";
}

/// CAS type 6: ENQ is acknowledged, DC1 asks for the block.
std::string SimScale::AnswerCas(char command) const {
  if (command == '\x05') return "\x06";
  if (command != '\x11') return {};
  std::string block = motion_ ? "U" : "S";
  block += Over() ? 'F' : Shown() < 0 ? '-' : ' ';
  block += Over() ? std::string(6, 'F') : Kilograms(Shown(), 6);
  block += "kg";
  unsigned char check = 0;
  for (const char c : block) check = static_cast<unsigned char>(check ^ static_cast<unsigned char>(c));
  if (wrong_check_) check ^= 0x15;
  return "\x01\x02" + block + static_cast<char>(check) + "\x03\x04";
}

std::string SimScale::AnswerSics(std::string_view command) {
  if (command == "Z" || command == "ZI") return PressZero() ? "Z A\r\n" : motion_ ? "Z I\r\n" : "Z +\r\n";
  if (command == "S" && motion_) return "S I\r\n";
  if (command != "S" && command != "SI") return "ES\r\n";
  if (Over()) return "S +\r\n";
  const std::string number = (Shown() < 0 ? "-" : "") + Kilograms(Shown(), 0);
  return std::string("S ") + (motion_ ? 'D' : 'S') + " " + std::string(10 - number.size(), ' ') + number + " kg\r\n";
}

std::string SimScale::Stream() const {
  const char* state = Over() ? "OL" : motion_ ? "US" : "ST";
  const char sign = Shown() < 0 ? '-' : '+';
  if (protocol_ == "st-gs") {
    return Misshapen(std::string(state) + ",GS," + sign + Kilograms(Shown(), 7, ' ') + "kg\r\n");
  }
  if (protocol_ != "cas-22") return {};
  const std::string number = (Shown() < 0 ? "-" : "") + Kilograms(Shown(), 0);
  return Misshapen(std::string(state) + ",GS,1" + '\xC0' + "," + std::string(8 - number.size(), ' ') + number +
                   " kg\r\n");
}

std::string SimScale::StatusJson() const {
  return boost::json::serialize(boost::json::object{{"ok", true},
                                                    {"protocol", protocol_},
                                                    {"shows", (Shown() < 0 ? "-" : "") + Kilograms(Shown(), 0)},
                                                    {"motion", motion_},
                                                    {"overload", Over()},
                                                    {"late_ms", late_ms_}});
}

std::string SimScale::Control(std::string_view line) {
  const auto [command, rest] = SplitCommand(line);
  const auto on = OnOff(rest);
  if (command == "status" || (command == "weight" && SetWeight(rest))) return StatusJson();
  if (command == "zero" && PressZero()) return StatusJson();
  if (command == "late") {
    int ms = 0;
    if (std::from_chars(rest.data(), rest.data() + rest.size(), ms).ec != std::errc() || ms < 0 || ms > 60'000) {
      return RefusedCommand(line);
    }
    late_ms_ = ms;
    return StatusJson();
  }
  if (!on) return RefusedCommand(line);
  if (command == "motion") {
    motion_ = *on;
  } else if (command == "overload") {
    overload_ = *on;
  } else if (command == "mute") {
    mute_ = *on;
  } else if (command == "wrong-check") {
    wrong_check_ = *on;
  } else if (command == "garbage" || command == "half") {
    shape_ = !*on ? Shape::kPlain : command == "half" ? Shape::kHalf : Shape::kGarbage;
  } else {
    return RefusedCommand(line);
  }
  return StatusJson();
}

}  // namespace evertill::devices::sim
