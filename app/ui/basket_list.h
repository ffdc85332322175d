#pragma once

#include <wx/vlbox.h>

#include <optional>
#include <string>
#include <vector>

#include "app/ui/theme.h"

namespace evertill::ui {

/// One line of the basket as text, ready to draw.
struct BasketRow {
  int number = 0;
  std::string identity;  ///< the product and how much of it, in no language: where it changes, the line is chosen
  std::string quantity;  ///< on the tile; "kg" for what is weighed
  bool several = false;  ///< more than one: the tile is tinted
  std::string name;
  std::string detail;
  std::string age;  ///< "20+"; empty where everybody may buy
  std::string price;
  std::string saving;
  bool operator==(const BasketRow&) const = default;
};

/// The lines of the basket, the newest in view. The chosen line, normally the newest, is tinted and has a bar at its
/// left; keys that work on a line mean it.
class BasketList final : public wxVListBox {
 public:
  BasketList(wxWindow* parent, const Theme& theme);

  /// Redraws only the rows that changed. Where lines came or went, the newest is chosen and brought into view.
  void ShowRows(std::vector<BasketRow> rows);
  [[nodiscard]] std::optional<int> ChosenLine() const;
  void Choose(int delta);
  [[nodiscard]] size_t RowsAbove() const { return GetVisibleRowsBegin(); }
  /// The height of a row such that whole rows fill `viewport` pixels.
  [[nodiscard]] static int RowHeightFor(int viewport, const Theme& theme);
  void SetRowHeight(int height);

 protected:
  void OnDrawItem(wxDC& dc, const wxRect& area, size_t index) const override;
  void OnDrawBackground(wxDC& dc, const wxRect& area, size_t index) const override;
  [[nodiscard]] wxCoord OnMeasureItem(size_t index) const override;

 private:
  const Theme& theme_;
  std::vector<BasketRow> rows_;
  int row_height_ = 61;
};

}  // namespace evertill::ui
