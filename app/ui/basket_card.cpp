#include "app/ui/basket_card.h"

#include <algorithm>
#include <utility>

#include "app/ui/accessible.h"

namespace evertill::ui {
namespace {

constexpr int kHead = 50;

std::string Detail(const presenters::LineView& line, const presenters::Words& words) {
  const std::string price = words.Amount(line.unit_price);
  std::string sum = price;
  if (line.weighed) {
    sum = words.Tr("%1 kg × %2/kg", {line.quantity, price});
  } else if (line.quantity != "1") {
    sum = line.quantity + " × " + price;
  }
  return line.name_other.empty() || line.name_other == line.name ? sum : line.name_other + "  ·  " + sum;
}

}  // namespace

std::vector<BasketRow> MakeRows(const presenters::View& view, const presenters::Words& words) {
  std::vector<BasketRow> rows;
  rows.reserve(view.lines.size());
  for (const presenters::LineView& line : view.lines) {
    BasketRow row;
    row.number = line.number;
    row.identity = line.barcode + " " + line.quantity;
    row.quantity = line.weighed ? "kg" : line.quantity;
    row.several = !line.weighed && line.quantity != "1";
    row.name = line.name;
    row.detail = Detail(line, words);
    if (line.min_age > 0) row.age = std::to_string(line.min_age) + "+";
    row.price = words.Amount(line.total);
    if (!line.saving.IsZero()) row.saving = words.Tr("save %1", {words.Amount(line.saving)});
    rows.push_back(std::move(row));
  }
  return rows;
}

BasketCard::BasketCard(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command)
    : Card(parent, theme),
      list_(new BasketList(this, theme)),
      notice_(new NoticeBar(this, theme, std::move(on_command))) {
  notice_->Hide();
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    Place();
    event.Skip();
  });
  list_->Bind(wxEVT_SCROLLWIN_THUMBTRACK, [this](wxScrollWinEvent& event) {
    event.Skip();
    CallAfter([this] { Refresh(); });
  });
}

void BasketCard::ApplyScale() {
  notice_->ApplyScale();
  Place();
  Refresh();
}

void BasketCard::Place() {
  const Theme& theme = GetTheme();
  const wxSize size = GetClientSize();
  const int top = theme.Px(kHead);
  const int bottom = theme.Px(12);
  const int viewport = size.y - top - bottom;
  if (viewport < 100) return;
  // The notice is exactly one row high, so that showing it takes one row away and moves nothing else.
  const int row = BasketList::RowHeightFor(viewport, theme);
  const int rows = std::max(1, viewport / row) - (notice_->IsShown() ? 1 : 0);
  list_->SetSize(1, top, size.x - 2, rows * row);
  list_->SetRowHeight(row);
  notice_->SetSize(theme.Px(12), top + rows * row + theme.Px(4), size.x - theme.Px(24), row + bottom - theme.Px(12));
}

void BasketCard::ShowNotice(const NoticeText& notice) {
  notice_->ShowText(notice);
  if (notice_->IsShown()) return;
  notice_->Show();
  list_->Show(!empty_);
  Place();
  if (!empty_) list_->ScrollToRow(list_->GetItemCount() - 1);
  Refresh();
}

void BasketCard::HideNotice() {
  if (!notice_->IsShown()) return;
  notice_->Hide();
  Place();
  Refresh();
}

void BasketCard::Update(const presenters::View& view, const presenters::Words& words) {
  std::vector<BasketRow> rows = MakeRows(view, words);
  const bool empty = rows.empty();
  const size_t count = rows.size();
  list_->ShowRows(std::move(rows));
  if (list_->IsShown() == empty) list_->Show(!empty);
  const size_t above = empty || count == 0 ? 0 : list_->RowsAbove();
  const std::string texts[] = {
      words.Tr("Basket"),
      empty ? std::string() : words.TrN("%1 item", "%1 items", view.items),
      view.receipt.empty() ? std::string() : words.Tr("Sale %1", {view.receipt}),
      above > 0 ? words.Tr("▲ %1 above", {std::to_string(above)}) : std::string(),
      words.Tr("Ready to scan"),
      words.Tr("Scan an item or a member's card, or type a code."),
  };
  std::string* shown[] = {&title_, &items_, &sale_, &above_, &empty_title_, &empty_hint_};
  bool changed = empty != empty_;
  empty_ = empty;
  bool head_changed = false;
  for (size_t i = 0; i < std::size(texts); ++i) {
    if (*shown[i] == texts[i]) continue;
    *shown[i] = texts[i];
    (i < 4 ? head_changed : changed) = true;
  }
  Describe(*this, title_ + ", " + items_, ATK_ROLE_PANEL);
  if (changed) {
    Refresh();
  } else if (head_changed) {
    RefreshRect(wxRect(0, 0, GetClientSize().x, GetTheme().Px(kHead)));
  }
}

void BasketCard::Draw(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int middle = paint.Px(kHead) / 2;
  int left = paint.Px(20);
  left += paint.Text(title_, left, paint.BaselineFor(middle, 18), {18, true, p.text}) + paint.Px(12);
  if (!items_.empty()) left += paint.Chip(items_, left, middle, p.ground, {13, true, p.muted}) + paint.Px(8);
  if (!above_.empty()) paint.Chip(above_, left, middle, p.accent_soft, {13, true, p.accent});
  paint.TextRight(sale_, area.width - paint.Px(24), paint.BaselineFor(middle, 14), {14, false, p.muted});
  paint.Line({0, paint.Px(kHead) - 1}, {area.width, paint.Px(kHead) - 1}, p.line);
  if (!empty_) return;

  const int centre = paint.Px(kHead) + (area.height - paint.Px(kHead)) / 2 - paint.Px(50);
  const wxRect sign(area.width / 2 - paint.Px(56), centre - paint.Px(70), paint.Px(112), paint.Px(76));
  paint.Barcode(sign, p.line);
  const wxRect column(paint.Px(40), centre + paint.Px(24), area.width - paint.Px(80), paint.Px(36));
  paint.TextCentre(empty_title_, column, {24, true, p.text});
  paint.Paragraph(empty_hint_, wxRect(column.x, column.GetBottom() + paint.Px(6), column.width, 0),
                  {15, false, p.muted}, true);
}

}  // namespace evertill::ui
