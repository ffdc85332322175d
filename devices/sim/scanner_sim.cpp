#include "devices/sim/scanner_sim.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <optional>

#include "devices/sim/sim_error.h"

namespace evertill::devices::sim {
namespace {

// linux/input-event-codes.h
constexpr int kCtrl = 29;
constexpr int kShift = 42;
constexpr size_t kKeyBytes = 96;  // enough for the bits of all keys

struct KeyPress {
  int code = 0;
  bool shift = false;
  bool control = false;
};

/// The key of one printing character; written down apart from the till's own table, so that one can judge the other.
std::optional<KeyPress> KeyOf(char c) {
  struct Pair {
    char plain;
    char shifted;
    int code;
  };
  static constexpr Pair kKeys[] = {
      {'1', '!', 2},  {'2', '@', 3},   {'3', '#', 4},  {'4', '$', 5},  {'5', '%', 6},  {'6', '^', 7},  {'7', '&', 8},
      {'8', '*', 9},  {'9', '(', 10},  {'0', ')', 11}, {'-', '_', 12}, {'=', '+', 13}, {'q', 'Q', 16}, {'w', 'W', 17},
      {'e', 'E', 18}, {'r', 'R', 19},  {'t', 'T', 20}, {'y', 'Y', 21}, {'u', 'U', 22}, {'i', 'I', 23}, {'o', 'O', 24},
      {'p', 'P', 25}, {'[', '{', 26},  {']', '}', 27}, {'a', 'A', 30}, {'s', 'S', 31}, {'d', 'D', 32}, {'f', 'F', 33},
      {'g', 'G', 34}, {'h', 'H', 35},  {'j', 'J', 36}, {'k', 'K', 37}, {'l', 'L', 38}, {';', ':', 39}, {'\'', '"', 40},
      {'`', '~', 41}, {'\\', '|', 43}, {'z', 'Z', 44}, {'x', 'X', 45}, {'c', 'C', 46}, {'v', 'V', 47}, {'b', 'B', 48},
      {'n', 'N', 49}, {'m', 'M', 50},  {',', '<', 51}, {'.', '>', 52}, {'/', '?', 53}, {' ', ' ', 57},
  };
  for (const Pair& key : kKeys) {
    if (c == key.plain) return KeyPress{key.code, false, false};
    if (c == key.shifted) return KeyPress{key.code, true, false};
  }
  return std::nullopt;
}

/// A scanner's usual choice for control characters.
std::optional<KeyPress> PressFor(char c) {
  if (c == '\r' || c == '\n') return KeyPress{28, false, false};
  if (c == '\t') return KeyPress{15, false, false};
  if (c >= 1 && c < 32) {
    auto key = KeyOf(static_cast<char>(c + '@'));
    if (key) *key = {key->code, false, true};
    return key;
  }
  return KeyOf(c);
}

std::vector<int> KeysOf(const KeyScannerModel& model) {
  std::vector<int> keys;
  for (int key = model.full_keyboard ? 1 : 2; key <= (model.full_keyboard ? 111 : 57); ++key) {
    const bool absent = (key > 83 && key < 87) || (key > 88 && key < 96);
    if (key != 14 && key != 56 && !absent) keys.push_back(key);
  }
  return keys;
}

std::string Hex(const std::vector<uint8_t>& bytes) {
  std::string text;
  char pair[3];
  for (const uint8_t byte : bytes) {
    std::snprintf(pair, sizeof pair, "%02X", static_cast<unsigned>(byte));
    text += pair;
  }
  return text;
}

std::string Bits(std::initializer_list<int> bits, size_t size) {
  std::vector<uint8_t> bytes(size);
  for (const int bit : bits) bytes[static_cast<size_t>(bit) / 8] |= static_cast<uint8_t>(1 << (bit % 8));
  return Hex(bytes);
}

std::string KeyBits(const KeyScannerModel& model) {
  std::vector<uint8_t> bytes(kKeyBytes);
  for (const int key : KeysOf(model)) bytes[static_cast<size_t>(key) / 8] |= static_cast<uint8_t>(1 << (key % 8));
  return Hex(bytes);
}

std::string Hex4(unsigned value) {
  char text[5];
  std::snprintf(text, sizeof text, "%04x", value & 0xFFFFU);
  return text;
}

/// Writes events with a clock of its own.
class EventWriter {
 public:
  void Wait(int ms) { at_ms_ += ms; }
  void Key(int code, bool down) {
    Event(1, static_cast<unsigned>(code), down ? 1 : 0);
    Event(0, 0, 0);
  }
  [[nodiscard]] std::string Take() { return std::move(text_); }

 private:
  void Event(unsigned type, unsigned code, int value) {
    char line[64];
    std::snprintf(line, sizeof line, "E: %d.%06d %04x %04x %d\n", at_ms_ / 1000, at_ms_ % 1000 * 1000, type, code,
                  value);
    text_ += line;
  }

  int at_ms_ = 0;
  std::string text_;
};

base::Status WriteText(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) return base::Fail(SimErrc::kFileUnwritable, path.string());
  return {};
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string Unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view two = text.substr(0, 2);
    size_t used = 2;
    if (two == "\\r") {
      out += '\r';
    } else if (two == "\\n") {
      out += '\n';
    } else if (two == "\\t") {
      out += '\t';
    } else if (two == "\\\\") {
      out += '\\';
    } else if (two == "\\x" && text.size() >= 4 && HexDigit(text[2]) >= 0 && HexDigit(text[3]) >= 0) {
      out += static_cast<char>(HexDigit(text[2]) * 16 + HexDigit(text[3]));
      used = 4;
    } else {
      out += text.front();
      used = 1;
    }
    text.remove_prefix(used);
  }
  return out;
}

std::string DescribeKeyScanner(const KeyScannerModel& model) {
  const std::string event = "event" + std::to_string(model.event);
  const std::string id = "usb-" + Hex4(model.vendor) + "_" + Hex4(model.product) + "-event-kbd";
  const std::string usb = "/devices/pci0000:00/0000:00:14.0/usb1/1-" + std::to_string(model.event);
  return "P: " + usb + "/input/input" + std::to_string(model.event) + "/" + event + "\nN: input/" + event +
         "\nS: input/by-id/" + id + "\nE: DEVLINKS=/dev/input/by-id/" + id + "\nE: DEVNAME=/dev/input/" + event +
         "\nE: ID_BUS=usb\nE: ID_INPUT=1\nE: ID_INPUT_KEY=1\nE: ID_INPUT_KEYBOARD=1\nE: ID_MODEL_ID=" +
         Hex4(model.product) + "\nE: ID_VENDOR_ID=" + Hex4(model.vendor) +
         "\nE: MAJOR=13\nE: MINOR=" + std::to_string(64 + model.event) +
         "\nE: SUBSYSTEM=input\nA: dev=13:" + std::to_string(64 + model.event) + "\n\nP: " + usb + "/input/input" +
         std::to_string(model.event) + "\nE: NAME=\"" + model.name + "\"\nE: SUBSYSTEM=input\nA: name=" + model.name +
         "\n";
}

std::string KeyScannerIoctls(const KeyScannerModel& model) {
  std::vector<uint8_t> id;
  for (const unsigned part : {3U, unsigned{model.vendor}, unsigned{model.product}, 0x0110U}) {
    id.push_back(static_cast<uint8_t>(part & 0xFF));
    id.push_back(static_cast<uint8_t>(part >> 8));
  }
  std::vector<uint8_t> name(model.name.begin(), model.name.end());
  const std::string length = std::to_string(name.size() + 1);
  name.resize(255);
  std::string text = "EVIOCGVERSION 0 01000100\nEVIOCGID 0 " + Hex(id) + "\nEVIOCGNAME(0) " + length + " " + Hex(name) +
                     "\nEVIOCGBIT(0) 8 " + Bits({0, 1, 20}, 8) +  // EV_SYN, EV_KEY, EV_REP
                     "\nEVIOCGBIT(1) 96 " + KeyBits(model) + "\nEVIOCGPROP(0) 8 " + Bits({}, 8) + "\n";
  // Asked for all the same: axes, switches, lights, sounds, and which keys are held. umockdev wants the very size that
  // the program asks for; these are libevdev's.
  struct Question {
    const char* what;
    size_t size;
  };
  constexpr Question kQuestions[] = {{"EVIOCGBIT(2)", 8},   {"EVIOCGBIT(3)", 8},         {"EVIOCGBIT(4)", 8},
                                     {"EVIOCGBIT(5)", 8},   {"EVIOCGBIT(17)", 8},        {"EVIOCGBIT(18)", 8},
                                     {"EVIOCGBIT(21)", 16}, {"EVIOCGKEY(0)", kKeyBytes}, {"EVIOCGLED(0)", 8},
                                     {"EVIOCGSW(0)", 8}};
  for (const auto& [what, size] : kQuestions) {
    text += std::string(what) + " " + std::to_string(size) + " " + Bits({}, size) + "\n";
  }
  return text + "EVIOCGREP 0 FA00000021000000\n";
}

std::string KeyScannerEvents(const KeyScannerModel& model, const std::vector<std::string>& scans) {
  EventWriter events;
  events.Wait(model.first_ms);
  for (const auto& scan : scans) {
    for (const char c : scan) {
      const auto press = PressFor(c);
      if (!press) continue;
      const int held = press->shift ? kShift : kCtrl;
      const bool modified = press->shift || press->control;
      if (modified) events.Key(held, true);
      events.Key(press->code, true);
      events.Key(press->code, false);
      if (modified) events.Key(held, false);
      events.Wait(model.key_gap_ms);
    }
    events.Wait(model.scan_gap_ms);
  }
  return events.Take();
}

base::Status WriteKeyScanner(const KeyScannerModel& model, const std::vector<std::string>& scans,
                             const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  EVERTILL_TRY(WriteText(folder / "scanner.umockdev", DescribeKeyScanner(model)));
  EVERTILL_TRY(WriteText(folder / "scanner.ioctl", KeyScannerIoctls(model)));
  return WriteText(folder / "scanner.events", KeyScannerEvents(model, scans));
}

}  // namespace evertill::devices::sim
