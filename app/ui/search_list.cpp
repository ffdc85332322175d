#include "app/ui/search_list.h"

#include <wx/dc.h>

#include <algorithm>
#include <utility>

#include "app/ui/accessible.h"
#include "app/ui/painter.h"

namespace evertill::ui {

SearchList::SearchList(wxWindow* parent, const Theme& theme)
    : wxVListBox(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxBORDER_NONE), theme_(theme) {
  SetBackgroundColour(theme.Colours().card);
}

void SearchList::ShowRows(std::vector<Row> rows) {
  if (rows == rows_) return;
  rows_ = std::move(rows);
  SetItemCount(rows_.size());
  SetSelection(rows_.empty() ? wxNOT_FOUND : 0);
  if (!rows_.empty()) ScrollToRow(0);
  Speak();
  Refresh();
}

void SearchList::Choose(int delta) {
  if (rows_.empty()) return;
  SetSelection(std::clamp(GetSelection() + delta, 0, static_cast<int>(rows_.size()) - 1));
  Speak();
}

void SearchList::Speak() {
  const int chosen = GetSelection();
  if (chosen < 0) return;
  const Row& row = rows_[static_cast<size_t>(chosen)];
  Describe(*this, row.name + ", " + row.price, ATK_ROLE_LIST);
}

wxCoord SearchList::OnMeasureItem(size_t) const {
  return theme_.Px(kRowHeight);
}

void SearchList::OnDrawBackground(wxDC& dc, const wxRect& area, size_t index) const {
  const Palette& p = theme_.Colours();
  Painter paint(dc, theme_);
  const bool chosen = IsSelected(index);
  paint.Fill(area, chosen ? p.flash : p.card);
  if (chosen) paint.Fill(wxRect(area.x, area.y, paint.Px(5), area.height), p.accent);
  paint.Line({area.x + paint.Px(20), area.GetBottom()}, {area.GetRight() - paint.Px(20), area.GetBottom()}, p.line);
}

void SearchList::OnDrawItem(wxDC& dc, const wxRect& area, size_t index) const {
  const Row& row = rows_[index];
  const Palette& p = theme_.Colours();
  Painter paint(dc, theme_);
  const int middle = area.y + area.height / 2;
  const int right = area.GetRight() - paint.Px(24);
  const int left = area.x + paint.Px(24);
  const int price = paint.TextRight(row.price, right, paint.BaselineFor(middle, 18), {18, true, p.text});
  const int room = right - price - paint.Px(16) - left;
  paint.Text(row.name, left, paint.BaselineFor(middle - paint.Px(11), 17), {17, true, p.text}, room);
  paint.Text(row.detail, left, paint.BaselineFor(middle + paint.Px(13), 14), {14, false, p.muted}, room);
}

}  // namespace evertill::ui
