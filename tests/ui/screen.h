#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

typedef struct _XDisplay Display;

namespace evertill::tests {

/// The X display that the tests run on: presses keys by their hardware codes, as a scanner does, and looks at pixels.
class Screen {
 public:
  Screen();
  ~Screen();

  /// Presses and lets go of one key.
  void Key(unsigned hardware_code, bool shift = false, bool alt = false);
  /// The keys of a US keyboard that print `text`, with a pause after each.
  void Type(const std::string& text, std::chrono::milliseconds pause);
  /// One key with Ctrl.
  void Control(unsigned hardware_code);
  void Enter();
  /// What a wedge scanner does, as fast as it can.
  void Scan(const std::string& code);
  void Click(int x, int y);
  /// Sets the keyboard layout: "us", "th", "fr", "vn".
  void UseLayout(const std::string& layout);

  struct Area {
    int x, y, width, height;
  };
  /// The pixels of an area of the screen.
  [[nodiscard]] std::vector<uint32_t> Pixels(Area area);
  /// What is written there, as an English reader (tesseract) makes it out. `light_on_dark`: one line in light letters.
  [[nodiscard]] std::string Read(Area area, bool light_on_dark = false);
  /// What a telephone would read off a code there (zbarimg); empty where it sees none.
  [[nodiscard]] std::string ReadCode(Area area);
  /// Writes the whole screen to a PNG (by ImageMagick's import).
  void Save(const std::string& path);

 private:
  struct Close {
    void operator()(Display* display) const;
  };
  std::unique_ptr<Display, Close> display_;
};

/// Hardware codes of keys that print nothing.
inline constexpr unsigned kKeyEscape = 9, kKeyBackspace = 22, kKeyTab = 23, kKeyEnter = 36, kKeyF2 = 68, kKeyF3 = 69,
                          kKeyF4 = 70, kKeyF5 = 71, kKeyF8 = 74, kKeyF9 = 75, kKeyF10 = 76, kKeyF11 = 95, kKeyF12 = 96,
                          kKeyDelete = 119, kKeyDown = 116, kKeyD = 40;

}  // namespace evertill::tests
