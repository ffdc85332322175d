#include "app/ui/card.h"

#include <wx/dcclient.h>

namespace evertill::ui {

Card::Card(wxWindow* parent, const Theme& theme)
    : wxWindow(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxFULL_REPAINT_ON_RESIZE), theme_(theme) {
  SetBackgroundStyle(wxBG_STYLE_PAINT);
  SetCanFocus(false);
  Bind(wxEVT_PAINT, &Card::OnPaint, this);
}

void Card::OnPaint(wxPaintEvent&) {
  wxPaintDC dc(this);
  Painter paint(dc, theme_);
  const wxRect area = GetClientRect();
  paint.Fill(area, theme_.Colours().ground);
  paint.Round(area, 14, theme_.Colours().card, theme_.Colours().line);
  Draw(paint, area);
}

}  // namespace evertill::ui
