#pragma once

#include <array>
#include <functional>
#include <string>

#include "app/presenters/act.h"
#include "app/presenters/words.h"
#include "app/ui/card.h"
#include "app/ui/fields.h"
#include "app/ui/key_button.h"

class wxCheckBox;

namespace evertill::ui {

/// Makes a new member: name, phone, language, and what they agree to. Three fields, so that the queue doesn't wait.
class EnrolPanel final : public Card {
 public:
  struct Handlers {
    std::function<void(presenters::act::Enrol)> enrol;
    std::function<void()> close;
  };
  EnrolPanel(wxWindow* parent, const Theme& theme, Handlers handlers);

  /// Empties the fields, unless they were set aside; `phone` may have been typed before.
  void Open(const std::string& phone, const std::string& language);
  /// Whether what is in the fields stays for the next Open(): a scan came in between, the customer is the same.
  void SetAside(bool aside) { set_aside_ = aside; }
  /// Why the last try was refused; empty takes it away.
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
  void ChooseLanguage(size_t index);
  void OnKey(wxKeyEvent& event);

  Handlers handlers_;
  TextField* name_;
  NumberField* phone_;
  std::array<KeyButton*, 3> languages_{};
  wxCheckBox* agree_;
  wxCheckBox* offers_;
  KeyButton *accept_, *cancel_;
  size_t language_ = 0;
  bool set_aside_ = false;
  std::string title_, lead_, name_label_, phone_label_, language_label_, problem_, must_agree_, problem_own_;
};

}  // namespace evertill::ui
