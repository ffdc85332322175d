#pragma once

#include <wx/panel.h>

#include <functional>
#include <string>
#include <vector>

#include "app/presenters/words.h"
#include "app/ui/card.h"
#include "app/ui/fields.h"
#include "app/ui/key_button.h"
#include "app/ui/keypad.h"

namespace evertill::ui {

/// What stands before selling: one or two fields to fill, a keypad, and one key to go on. Signing in and counting the
/// drawer's float are such pages.
class GatePage final : public wxPanel {
 public:
  enum class Kind { kSignIn, kFloat };
  /// Called with what the fields hold, in their order.
  using Submit = std::function<void(std::vector<std::string>)>;

  GatePage(wxWindow* parent, const Theme& theme, Kind kind, Submit submit);

  void Open();
  void ShowProblem(const std::string& problem);
  /// `subject`: the store and till, or who is signed in.
  void UseWords(const presenters::Words& words, const std::string& subject);
  /// Names to choose from with one touch; the first few get a key, anybody can type theirs.
  void ShowNames(const std::vector<std::string>& names);
  void ApplyScale();
  void Type(char character);
  void Erase();
  void Accept();

 private:
  class GateCard;
  void Place();
  void PlaceNames();
  [[nodiscard]] int FieldTop(size_t index) const;
  [[nodiscard]] TextField& Current();

  const Theme& theme_;
  Kind kind_;
  Submit submit_;
  GateCard* card_;
  std::vector<TextField*> fields_;
  std::vector<std::string> names_;
  std::vector<KeyButton*> name_keys_;
  Keypad* keypad_;
  KeyButton* accept_;
};

}  // namespace evertill::ui
