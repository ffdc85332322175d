#pragma once

#include <wx/vlbox.h>

#include <string>
#include <vector>

#include "app/ui/theme.h"

namespace evertill::ui {

/// What a search found: one product a row.
class SearchList final : public wxVListBox {
 public:
  struct Row {
    std::string name;
    std::string detail;
    std::string price;
    bool operator==(const Row&) const = default;
  };
  static constexpr int kRowHeight = 59;  ///< of a 1280×800 screen
  SearchList(wxWindow* parent, const Theme& theme);
  void ShowRows(std::vector<Row> rows);
  void Choose(int delta);

 protected:
  void OnDrawItem(wxDC& dc, const wxRect& area, size_t index) const override;
  void OnDrawBackground(wxDC& dc, const wxRect& area, size_t index) const override;
  [[nodiscard]] wxCoord OnMeasureItem(size_t index) const override;

 private:
  void Speak();
  const Theme& theme_;
  std::vector<Row> rows_;
};

}  // namespace evertill::ui
