#include "app/ui/basket_list.h"

#include <wx/dc.h>

#include <algorithm>
#include <utility>

#include "app/ui/accessible.h"
#include "app/ui/painter.h"

namespace evertill::ui {

BasketList::BasketList(wxWindow* parent, const Theme& theme)
    : wxVListBox(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxBORDER_NONE), theme_(theme) {
  SetBackgroundColour(theme.Colours().card);
}

void BasketList::ShowRows(std::vector<BasketRow> rows) {
  const size_t before = rows_.size();
  const int chosen_before = GetSelection();
  std::vector<size_t> changed;
  std::vector<size_t> other;
  for (size_t i = 0; i < std::min(before, rows.size()); ++i) {
    if (rows[i] != rows_[i]) changed.push_back(i);
    if (rows[i].identity != rows_[i].identity) other.push_back(i);
  }
  rows_ = std::move(rows);
  if (rows_.size() != before) {
    const size_t top_before = GetVisibleRowsBegin();
    SetItemCount(rows_.size());
    if (!rows_.empty()) {
      SetSelection(static_cast<int>(rows_.size() - 1));
      ScrollToRow(rows_.size() - 1);
    }
    // Everything moved, or only the new rows and the one that was chosen changed.
    if (GetVisibleRowsBegin() != top_before || rows_.size() < before) {
      Refresh();
    } else {
      RefreshRows(before, rows_.size() - 1);
      if (chosen_before != wxNOT_FOUND) RefreshRow(static_cast<size_t>(chosen_before));
    }
  } else if (other.size() == 1) {
    SetSelection(static_cast<int>(other.front()));  // the same product again, or a new quantity
  }
  for (const size_t row : changed) RefreshRow(row);
  if (!rows_.empty()) {
    const BasketRow& last = rows_[static_cast<size_t>(std::max(0, GetSelection()))];
    Describe(*this, last.quantity + " × " + last.name + ", " + last.price, ATK_ROLE_LIST);
  }
}

std::optional<int> BasketList::ChosenLine() const {
  const int selection = GetSelection();
  if (selection < 0 || static_cast<size_t>(selection) >= rows_.size()) return std::nullopt;
  return rows_[static_cast<size_t>(selection)].number;
}

void BasketList::Choose(int delta) {
  if (rows_.empty()) return;
  SetSelection(std::clamp(GetSelection() + delta, 0, static_cast<int>(rows_.size()) - 1));
  const BasketRow& row = rows_[static_cast<size_t>(GetSelection())];
  Describe(*this, row.quantity + " × " + row.name + ", " + row.price, ATK_ROLE_LIST);
}

int BasketList::RowHeightFor(int viewport, const Theme& theme) {
  const int ideal = theme.Px(61);
  const int rows = std::max(1, (viewport + ideal / 3) / ideal);
  return std::max(theme.Px(50), viewport / rows);
}

void BasketList::SetRowHeight(int height) {
  if (height == row_height_) return;
  row_height_ = height;
  const int chosen = GetSelection();
  SetItemCount(rows_.size());  // measures again
  if (chosen != wxNOT_FOUND) {
    SetSelection(chosen);
    ScrollToRow(static_cast<size_t>(chosen));
  }
  Refresh();
}

wxCoord BasketList::OnMeasureItem(size_t) const {
  return row_height_;
}

void BasketList::OnDrawBackground(wxDC& dc, const wxRect& area, size_t index) const {
  const Palette& p = theme_.Colours();
  Painter paint(dc, theme_);
  const bool chosen = IsSelected(index);
  paint.Fill(area, chosen ? p.flash : p.card);
  if (chosen) paint.Fill(wxRect(area.x, area.y, paint.Px(5), area.height), p.accent);
  paint.Line({area.x + paint.Px(20), area.GetBottom()}, {area.GetRight() - paint.Px(20), area.GetBottom()}, p.line);
}

void BasketList::OnDrawItem(wxDC& dc, const wxRect& area, size_t index) const {
  const BasketRow& row = rows_[index];
  const Palette& p = theme_.Colours();
  Painter paint(dc, theme_);
  const int middle = area.y + area.height / 2;

  const int tile = paint.Px(40);
  const wxRect tile_area(area.x + paint.Px(20), middle - tile / 2, tile, tile);
  paint.Round(tile_area, 10, row.several ? p.accent_soft : p.ground);
  const TextStyle on_tile{row.quantity.size() > 3 ? 13 : 18, true, row.several ? p.accent : p.muted};
  paint.TextCentre(row.quantity, tile_area, on_tile);

  const int right = area.GetRight() - paint.Px(24);
  const int upper = middle - paint.Px(11);
  const int lower = middle + paint.Px(13);
  const bool saves = !row.saving.empty();
  int price = paint.TextRight(row.price, right, paint.BaselineFor(saves ? upper : middle, 19), {19, true, p.text});
  if (saves) {
    price = std::max(price, paint.TextRight(row.saving, right, paint.BaselineFor(lower, 14), {14, false, p.good}));
  }
  const int left = tile_area.GetRight() + paint.Px(17);
  int room = right - price - paint.Px(16) - left;
  if (!row.age.empty()) {
    const TextStyle chip{12, true, p.warn};
    const int width = paint.ChipWidth(row.age, chip);
    paint.Chip(row.age, left + room - width, middle, p.warn_soft, chip);
    room -= width + paint.Px(8);
  }
  paint.Text(row.name, left, paint.BaselineFor(upper, 17), {17, true, p.text}, room);
  paint.Text(row.detail, left, paint.BaselineFor(lower, 14), {14, false, p.muted}, room);
}

}  // namespace evertill::ui
