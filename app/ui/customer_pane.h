#pragma once

#include <wx/window.h>

#include <string>
#include <vector>

#include "app/presenters/customer_view.h"
#include "app/ui/painter.h"
#include "app/ui/theme.h"

namespace evertill::ui {

/// Draws a CustomerView, in letters that are read from one and a half metres away.
class CustomerPane final : public wxWindow {
 public:
  CustomerPane(wxWindow* parent, Theme& theme);
  [[nodiscard]] bool AcceptsFocus() const override { return false; }
  void ShowView(const checkout::CustomerView& view);

 private:
  void OnPaint(wxPaintEvent& event);
  void OnSize();
  void DrawHead(Painter& paint, wxRect& area);
  void DrawNote(Painter& paint, wxRect& area);
  void DrawIdle(Painter& paint, const wxRect& area);
  void DrawSelling(Painter& paint, const wxRect& area);
  void DrawLines(Painter& paint, const wxRect& area);
  void DrawLine(Painter& paint, const wxRect& area, const checkout::CustomerLine& line, bool last);
  void DrawSum(Painter& paint, const wxRect& area);
  void DrawPay(Painter& paint, const wxRect& area);
  void DrawPaid(Painter& paint, const wxRect& area);
  void DrawThanks(Painter& paint, const wxRect& area);
  /// The code on white with its quiet zone, and what it is for below it.
  void DrawCode(Painter& paint, const wxRect& area);

  Theme& theme_;
  checkout::CustomerView view_;
  std::vector<std::vector<bool>> code_;  ///< rows of modules of view_.qr
};

}  // namespace evertill::ui
