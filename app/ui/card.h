#pragma once

#include <wx/window.h>

#include "app/ui/painter.h"
#include "app/ui/theme.h"

namespace evertill::ui {

/// A white, rounded panel that draws itself. It never takes the keyboard's focus.
class Card : public wxWindow {
 public:
  Card(wxWindow* parent, const Theme& theme);
  [[nodiscard]] bool AcceptsFocus() const override { return false; }

 protected:
  virtual void Draw(Painter& paint, const wxRect& area) = 0;
  [[nodiscard]] const Theme& GetTheme() const { return theme_; }

 private:
  void OnPaint(wxPaintEvent& event);
  const Theme& theme_;
};

}  // namespace evertill::ui
