#pragma once

#include <cstdint>
#include <string>

namespace evertill::devices::scanner {

/// Turns the key presses of a scanner that acts as a keyboard into what it meant to send: a US keyboard's characters
/// with Shift, Ctrl with a letter or bracket as a control character (GS comes as Ctrl+]), Alt with a number on the
/// number pad as the character of that code, Enter as CR. Caps Lock and Num Lock do not matter. Key repeats are
/// nothing.
class KeyDecoder {
 public:
  /// One key event: Linux' code of the key and 1 pressed, 0 let go, 2 repeated. Returns what was sent by it, in UTF-8;
  /// mostly one character or none.
  [[nodiscard]] std::string Take(uint32_t code, int value);
  /// After events were lost: no key is held.
  void Reset();

 private:
  [[nodiscard]] std::string Press(uint32_t code);

  unsigned shift_ = 0;  ///< bits of left and right
  unsigned control_ = 0;
  unsigned alt_ = 0;
  bool composing_ = false;  ///< digits came while Alt was held
  uint32_t composed_ = 0;
};

}  // namespace evertill::devices::scanner
