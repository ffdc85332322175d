#pragma once

#include <wx/textctrl.h>

#include <string>

#include "app/ui/theme.h"

namespace evertill::ui {

/// A text field with the theme's look.
class TextField : public wxTextCtrl {
 public:
  TextField(wxWindow* parent, const Theme& theme, int design_px, long style = 0);
  void ApplyScale();
  void Name(const std::string& spoken, const std::string& hint = {});

 private:
  const Theme& theme_;
  int design_px_;
};

/// A field for a number, phone or PIN: its keys are decoded as a US keyboard's, so that digits are digits under any
/// layout. The wedge filter types into it.
class NumberField final : public TextField {
 public:
  using TextField::TextField;
};

}  // namespace evertill::ui
