#include "app/ui/search_panel.h"

#include <algorithm>
#include <utility>

#include "app/ui/text.h"

namespace evertill::ui {
namespace {
constexpr int kHead = 76;
constexpr int kPauseMs = 120;  ///< a pause in typing after which it's worth to look
}  // namespace

SearchPanel::SearchPanel(wxWindow* parent, const Theme& theme, Handlers handlers)
    : Card(parent, theme),
      handlers_(std::move(handlers)),
      field_(new TextField(this, theme, 20)),
      close_(new KeyButton(this, theme, KeyStyle::kGhost, 15)),
      list_(new SearchList(this, theme)),
      pause_(this) {
  field_->Bind(wxEVT_TEXT, [this](wxCommandEvent&) { pause_.StartOnce(kPauseMs); });
  field_->Bind(wxEVT_TEXT_ENTER, [this](wxCommandEvent&) { Accept(); });
  close_->Bind(wxEVT_BUTTON, [this](wxCommandEvent&) { handlers_.close(); });
  // A touch chooses at once; the arrow keys only move.
  list_->Bind(wxEVT_LEFT_UP, [this](wxMouseEvent& event) {
    event.Skip();
    if (list_->VirtualHitTest(event.GetPosition().y) != wxNOT_FOUND) CallAfter([this] { Accept(); });
  });
  Bind(wxEVT_TIMER, [this](wxTimerEvent&) { SearchNow(); });
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    Place();
    event.Skip();
  });
}

void SearchPanel::Open(const std::string& text) {
  answered_ = false;
  found_.clear();
  barcodes_.clear();
  list_->ShowRows({});
  field_->ChangeValue(ToWx(text));
  field_->SetInsertionPointEnd();
  field_->SetFocus();
  if (!text.empty()) SearchNow();
  list_->Hide();
  Refresh();
}

void SearchPanel::SearchNow() {
  pause_.Stop();
  const std::string text = FromWx(field_->GetValue().Strip(wxString::both));
  if (text.empty()) {
    answered_ = false;
    barcodes_.clear();
    list_->ShowRows({});
    list_->Hide();
    Refresh();
    return;
  }
  handlers_.search(text);
}

void SearchPanel::ShowFound(const std::vector<presenters::FoundView>& found, const presenters::Words& words) {
  answered_ = true;
  found_ = found;
  barcodes_.clear();
  std::vector<SearchList::Row> rows;
  for (const presenters::FoundView& product : found) {
    barcodes_.push_back(product.barcode);
    const std::string price = words.Amount(product.price);
    const bool two_names = !product.name_other.empty() && product.name_other != product.name;
    rows.push_back({product.name, two_names ? product.name_other + "  ·  " + product.barcode : product.barcode,
                    product.weighed ? words.Tr("%1/kg", {price}) : price});
  }
  list_->Show(!rows.empty());
  list_->ShowRows(std::move(rows));
  Refresh();
}

void SearchPanel::Accept() {
  if (pause_.IsRunning()) {
    SearchNow();
    return;
  }
  const int chosen = list_->GetSelection();
  if (chosen >= 0 && static_cast<size_t>(chosen) < barcodes_.size()) {
    handlers_.choose(barcodes_[static_cast<size_t>(chosen)]);
  }
}

void SearchPanel::UseWords(const presenters::Words& words) {
  field_->Name(words.Tr("Search"), words.Tr("Name of the product"));
  close_->SetText(words.Tr("Close"), "Esc");
  hint_ = words.Tr("Type a part of the name, with or without accents.");
  none_ = words.Tr("Nothing found. Try fewer letters.");
  Refresh();
}

void SearchPanel::ApplyScale() {
  field_->ApplyScale();
  close_->Refit();
  Place();
}

void SearchPanel::Place() {
  const Theme& theme = GetTheme();
  const wxSize size = GetClientSize();
  if (size.x < 200) return;  // not laid out yet
  const int margin = theme.Px(12);
  const int height = theme.Px(52);
  const int key = theme.Px(120);
  field_->SetSize(margin, margin, size.x - key - 3 * margin, height);
  close_->SetSize(size.x - key - margin, margin, key, height);
  const int top = theme.Px(kHead);
  const int row = theme.Px(SearchList::kRowHeight);
  list_->SetSize(1, top, size.x - 2, std::max(1, (size.y - top - theme.Px(4)) / row) * row);  // whole rows
}

void SearchPanel::Draw(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  paint.Line({0, paint.Px(kHead) - 1}, {area.width, paint.Px(kHead) - 1}, p.line);
  if (list_->IsShown()) return;
  paint.Paragraph(answered_ ? none_ : hint_,
                  wxRect(paint.Px(40), area.height / 2 - paint.Px(20), area.width - paint.Px(80), 0),
                  {17, false, p.muted}, true);
}

}  // namespace evertill::ui
