#include "app/ui/key_map.h"

#include <wx/defs.h>

namespace evertill::ui {
namespace {

struct Shortcut {
  int key;
  bool shift;
  bool edits;  ///< means something else inside a text field
  Command command;
};

constexpr Shortcut kShortcuts[] = {
    {WXK_F2, false, false, Command::kMember},        {WXK_F2, true, false, Command::kDetachMember},
    {WXK_F3, false, false, Command::kSearch},        {WXK_F5, false, false, Command::kEnrol},
    {WXK_F4, false, false, Command::kUsePoints},     {WXK_F8, false, false, Command::kConfirmAge},
    {WXK_F9, false, false, Command::kExact},         {WXK_F10, false, false, Command::kLock},
    {WXK_F11, false, false, Command::kNextLanguage}, {WXK_F12, false, false, Command::kPay},
    {WXK_ESCAPE, false, false, Command::kEscape},    {WXK_BACK, false, true, Command::kErase},
    {WXK_DELETE, false, true, Command::kVoidLine},   {WXK_DELETE, true, true, Command::kClearBasket},
    {WXK_UP, false, true, Command::kLineUp},         {WXK_DOWN, false, true, Command::kLineDown},
};

}  // namespace

std::optional<Command> ControlCommandFor(char character) {
  return character == 'd' || character == 'D' ? std::optional(Command::kDevices) : std::nullopt;
}

std::optional<Command> CommandFor(int key, bool shift, bool control, bool in_field) {
  if (control) return std::nullopt;
  for (const Shortcut& shortcut : kShortcuts) {
    if (shortcut.key == key && shortcut.shift == shift && !(shortcut.edits && in_field)) return shortcut.command;
  }
  return std::nullopt;
}

}  // namespace evertill::ui
