#include "devices/scanner/key_decoder.h"

#include <linux/input-event-codes.h>

#include "app/base/us_keyboard.h"

namespace evertill::devices::scanner {
namespace {

constexpr uint32_t kMostComposed = 0xFFFF;

void Hold(unsigned& held, unsigned bit, bool down) {
  held = down ? held | bit : held & ~bit;
}

bool IsPadDigit(uint32_t code) {
  return (code >= KEY_KP7 && code <= KEY_KP0) && code != KEY_KPMINUS && code != KEY_KPPLUS;
}

std::string ToUtf8(uint32_t code_point) {
  if (code_point == 0 || (code_point >= 0xD800 && code_point <= 0xDFFF)) return {};
  if (code_point < 0x80) return {static_cast<char>(code_point)};
  const auto tail = [](uint32_t bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
  if (code_point < 0x800) return {static_cast<char>(0xC0 | (code_point >> 6)), tail(code_point)};
  return {static_cast<char>(0xE0 | (code_point >> 12)), tail(code_point >> 6), tail(code_point)};
}

}  // namespace

void KeyDecoder::Reset() {
  *this = KeyDecoder();
}

std::string KeyDecoder::Take(uint32_t code, int value) {
  if (value != 0 && value != 1) return {};
  const bool down = value == 1;
  switch (code) {
    case KEY_LEFTSHIFT:
      Hold(shift_, 1, down);
      return {};
    case KEY_RIGHTSHIFT:
      Hold(shift_, 2, down);
      return {};
    case KEY_LEFTCTRL:
      Hold(control_, 1, down);
      return {};
    case KEY_RIGHTCTRL:
      Hold(control_, 2, down);
      return {};
    case KEY_LEFTALT:
    case KEY_RIGHTALT:
      Hold(alt_, code == KEY_LEFTALT ? 1 : 2, down);
      if (alt_ != 0 || !composing_) return {};
      composing_ = false;
      return ToUtf8(composed_);
    default:
      return down ? Press(code) : std::string();
  }
}

std::string KeyDecoder::Press(uint32_t code) {
  if (code == KEY_ENTER || code == KEY_KPENTER) return "\r";
  if (code == KEY_TAB) return "\t";
  const auto character = base::UsKeyCharacter(code, shift_ != 0);
  if (!character) return {};
  if (alt_ != 0) {
    if (!IsPadDigit(code)) return {};
    if (!composing_) composed_ = 0;
    composing_ = true;
    composed_ = composed_ * 10 + static_cast<uint32_t>(*character - '0');
    if (composed_ > kMostComposed) composed_ = 0;
    return {};
  }
  if (control_ == 0) return {*character};
  const char upper = *character >= 'a' && *character <= 'z' ? static_cast<char>(*character - 'a' + 'A') : *character;
  if (upper >= '@' && upper <= '_') return {static_cast<char>(upper - '@')};
  return {};
}

}  // namespace evertill::devices::scanner
