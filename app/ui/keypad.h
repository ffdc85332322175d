#pragma once

#include <wx/panel.h>

#include <functional>
#include <utility>
#include <vector>

#include "app/presenters/words.h"
#include "app/ui/command.h"
#include "app/ui/key_button.h"

namespace evertill::ui {

/// Digits with 1-2-3 on top, and at the right the keys that work on what was typed.
class Keypad final : public wxPanel {
 public:
  /// kSell has the counter's verbs at the right; kPlain only erases; kPin has no decimal point either.
  enum class Kind { kSell, kPlain, kPin };

  Keypad(wxWindow* parent, const Theme& theme, Kind kind, std::function<void(char)> on_digit,
         std::function<void(Command)> on_command);
  void UseWords(const presenters::Words& words);
  void ApplyScale();

 private:
  void AddDigits(char first);
  void AddVerb(Command command);

  const Theme& theme_;
  std::function<void(char)> on_digit_;
  std::function<void(Command)> on_command_;
  std::vector<KeyButton*> digits_;
  std::vector<std::pair<Command, KeyButton*>> verbs_;
  wxGridSizer* grid_;
};

}  // namespace evertill::ui
