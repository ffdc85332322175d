#include "devices/sim/printer_control.h"

#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <vector>

namespace evertill::devices::sim {
namespace {

using std::chrono::milliseconds;

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  size_t at = 0;
  while ((at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos) {
    const size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::optional<int> Number(std::string_view word) {
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size() || number < 0) return std::nullopt;
  return number;
}

/// A switch of the printer: what it is called, and its two positions.
struct Switch {
  std::string_view name;
  std::string_view on;
  std::string_view off;
  bool PrinterCondition::*sensor = nullptr;
  bool PrinterFaults::*fault = nullptr;
};

constexpr Switch kSwitches[] = {
    {.name = "cover", .on = "open", .off = "closed", .sensor = &PrinterCondition::cover_open},
    {.name = "cutter", .on = "error", .off = "ok", .sensor = &PrinterCondition::cutter_error},
    {.name = "drawer", .on = "open", .off = "closed", .sensor = &PrinterCondition::drawer_open},
    {.name = "feed", .on = "on", .off = "off", .sensor = &PrinterCondition::feeding},
    {.name = "overheated", .on = "on", .off = "off", .sensor = &PrinterCondition::overheated},
    {.name = "unrecoverable", .on = "on", .off = "off", .sensor = &PrinterCondition::unrecoverable},
    {.name = "stall", .on = "on", .off = "off", .fault = &PrinterFaults::stalled},
    {.name = "mute", .on = "on", .off = "off", .fault = &PrinterFaults::mute},
    {.name = "garbage", .on = "on", .off = "off", .fault = &PrinterFaults::garbage},
};

bool Turn(PrinterDevice& device, std::string_view name, std::string_view position, milliseconds now) {
  for (const Switch& one : kSwitches) {
    if (one.name != name || (position != one.on && position != one.off)) continue;
    if (one.fault != nullptr) {
      device.Faults().*one.fault = position == one.on;
      if (one.fault == &PrinterFaults::stalled) device.Faults().stall_after = -1;
    } else {
      PrinterCondition to = device.Condition();
      to.*one.sensor = position == one.on;
      device.Change(to, now);
    }
    return true;
  }
  return false;
}

bool SetPaper(PrinterDevice& device, const std::vector<std::string_view>& words, milliseconds now) {
  if (words.size() == 3 && words[1] == "left") {
    const auto mm = Number(words[2]);
    if (mm) device.SetPaperLeft(*mm);
    return mm.has_value();
  }
  if (words.size() != 2) return false;
  PrinterCondition to = device.Condition();
  if (words[1] == "ok") {
    to.paper = PaperState::kOk;
    device.SetPaperLeft(-1);
  } else if (words[1] == "near") {
    to.paper = PaperState::kNearEnd;
  } else if (words[1] == "out") {
    to.paper = PaperState::kOut;
  } else {
    return false;
  }
  device.Change(to, now);
  return true;
}

bool Obey(PrinterDevice& device, const std::vector<std::string_view>& words, milliseconds now) {
  if (words.empty()) return false;
  if (words[0] == "paper") return SetPaper(device, words, now);
  if (words.size() == 1) {
    if (words[0] == "status") return true;
    if (words[0] == "garbage") {
      device.SendGarbage(now);
      return true;
    }
    if (words[0] == "disconnect") {
      for (PrinterChannel& channel : device.Channels()) channel.drop = true;
      return true;
    }
  }
  if (words.size() != 2) return false;
  if (words[0] == "late") {
    const auto ms = Number(words[1]);
    if (ms) device.Faults().late = milliseconds(*ms);
    return ms.has_value();
  }
  if (words[0] == "power" && words[1] == "off") {
    device.PowerOff();
    return true;
  }
  if (words[0] == "power" && words[1] == "on") {
    device.PowerOn();
    return true;
  }
  return Turn(device, words[0], words[1], now);
}

}  // namespace

std::string ControlPrinter(PrinterDevice& device, std::string_view line, milliseconds now) {
  if (!Obey(device, Words(line), now)) {
    return boost::json::serialize(
        boost::json::object{{"ok", false}, {"error", "unknown command: " + std::string(line.substr(0, 80))}});
  }
  // The answer shows what the command led to, also what was waiting for it.
  device.Work(now);
  return "{\"ok\":true," + device.Describe().substr(1);
}

}  // namespace evertill::devices::sim
