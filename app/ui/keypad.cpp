#include "app/ui/keypad.h"

#include <wx/sizer.h>

namespace evertill::ui {

Keypad::Keypad(wxWindow* parent, const Theme& theme, Kind kind, std::function<void(char)> on_digit,
               std::function<void(Command)> on_command)
    : wxPanel(parent), theme_(theme), on_digit_(std::move(on_digit)), on_command_(std::move(on_command)) {
  SetBackgroundColour(parent->GetBackgroundColour());
  grid_ = new wxGridSizer(4, kind == Kind::kSell ? 4 : 3, 8, 8);
  const Command verbs[] = {Command::kErase, Command::kQuantity, Command::kMember, Command::kEnter};
  for (int row = 0; row < 3; ++row) {
    AddDigits(static_cast<char>('1' + 3 * row));
    if (kind == Kind::kSell) AddVerb(verbs[row]);
  }
  const auto add = [this](const char* text) {
    auto* key = new KeyButton(this, theme_, KeyStyle::kDigit, 26);
    key->SetText(text);
    key->Bind(wxEVT_BUTTON, [this, text](wxCommandEvent&) {
      for (const char* c = text; *c != 0; ++c) on_digit_(*c);
    });
    digits_.push_back(key);
    grid_->Add(key, 1, wxEXPAND);
  };
  if (kind == Kind::kSell) {
    add("00");
    add("0");
    add(".");
    AddVerb(Command::kEnter);
  } else {
    if (kind == Kind::kPlain) {
      add(".");
    } else {
      grid_->AddSpacer(0);
    }
    add("0");
    AddVerb(Command::kErase);
  }
  SetSizer(grid_);
  ApplyScale();
}

void Keypad::AddDigits(char first) {
  for (char digit = first; digit < first + 3; ++digit) {
    auto* key = new KeyButton(this, theme_, KeyStyle::kDigit, 26);
    key->SetText(std::string(1, digit));
    key->Bind(wxEVT_BUTTON, [this, digit](wxCommandEvent&) { on_digit_(digit); });
    digits_.push_back(key);
    grid_->Add(key, 1, wxEXPAND);
  }
}

void Keypad::AddVerb(Command command) {
  const bool enter = command == Command::kEnter;
  auto* key = new KeyButton(this, theme_, enter ? KeyStyle::kSoft : KeyStyle::kGhost, 16);
  key->Bind(wxEVT_BUTTON, [this, command](wxCommandEvent&) { on_command_(command); });
  verbs_.emplace_back(command, key);
  grid_->Add(key, 1, wxEXPAND);
}

void Keypad::UseWords(const presenters::Words& words) {
  for (auto& [command, key] : verbs_) {
    switch (command) {
      case Command::kErase:
        key->SetText("⌫", {}, words.Tr("Delete the last character"));
        break;
      case Command::kQuantity:
        key->SetText(words.Tr("Qty ×"), "*", words.Tr("Quantity"));
        break;
      case Command::kMember:
        key->SetText(words.Tr("Member"), "F2");
        break;
      default:
        key->SetText(words.Tr("Enter"), "⏎");
    }
  }
}

void Keypad::ApplyScale() {
  grid_->SetHGap(theme_.Px(8));
  grid_->SetVGap(theme_.Px(8));
  for (KeyButton* key : digits_) key->Refit();
  for (auto& [command, key] : verbs_) key->Refit();
}

}  // namespace evertill::ui
