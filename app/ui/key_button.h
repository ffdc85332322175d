#pragma once

#include <wx/button.h>

#include <string>

#include "app/ui/theme.h"

namespace evertill::ui {

enum class KeyStyle { kDigit, kGhost, kSoft, kPrimary, kLanguage };

/// A big key to touch: a native button with the theme's look, a label, and the shortcut that does the same. It doesn't
/// take the focus when touched, so that the keyboard goes on to the entry line.
class KeyButton final : public wxButton {
 public:
  KeyButton(wxWindow* parent, const Theme& theme, KeyStyle style, int design_px);

  /// `shortcut` may be empty. `spoken` is what a screen reader says; empty: the label.
  void SetText(const std::string& label, const std::string& shortcut = {}, const std::string& spoken = {});
  /// A class of the style sheet on or off.
  void SetStyleClass(const char* name, bool on);
  /// After a change of scale: fonts are measured again.
  void Refit();

 private:
  void Fit(bool force);

  const Theme& theme_;
  int design_px_;
  bool bold_;
  std::string label_;
  std::string shortcut_;
  wxSize fitted_;
};

}  // namespace evertill::ui
