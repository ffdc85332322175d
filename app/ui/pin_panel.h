#pragma once

#include <functional>
#include <string>

#include "app/presenters/words.h"
#include "app/ui/card.h"
#include "app/ui/fields.h"
#include "app/ui/key_button.h"
#include "app/ui/keypad.h"

namespace evertill::ui {

/// Where the member enters their PIN: a pad of its own, turned to the customer. What is typed is shown as dots.
class PinPanel final : public Card {
 public:
  struct Handlers {
    std::function<void(std::string)> accept;
    std::function<void()> close;
  };
  PinPanel(wxWindow* parent, const Theme& theme, Handlers handlers);

  void Open();
  /// Why the last try was refused, and how many are left; empty takes it away.
  void ShowProblem(const std::string& problem);
  void UseWords(const presenters::Words& words);
  void ApplyScale();
  void Type(char character);
  void Erase();
  void Accept();

 protected:
  void Draw(Painter& paint, const wxRect& area) override;

 private:
  void Place();

  Handlers handlers_;
  NumberField* field_;
  Keypad* keypad_;
  KeyButton *accept_, *cancel_;
  std::string title_, lead_, problem_;
};

}  // namespace evertill::ui
