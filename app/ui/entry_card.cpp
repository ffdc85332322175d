#include "app/ui/entry_card.h"

#include "app/ui/accessible.h"

namespace evertill::ui {
namespace {

using presenters::EntryMode;

std::string Hint(EntryMode mode, const presenters::Words& words) {
  switch (mode) {
    case EntryMode::kCode:
      return words.Tr("Scan, or type a code, phone or quantity");
    case EntryMode::kQuantity:
      return words.Tr("How many?");
    case EntryMode::kMember:
      return words.Tr("Phone or card number of the member");
    case EntryMode::kCash:
      return words.Tr("Cash received");
  }
  return {};
}

/// What cash of the typed amount means: the change, or how much is missing.
std::string Aside(const presenters::EntryLine& entry, const presenters::View& view, const presenters::Words& words) {
  if (entry.Mode() != EntryMode::kCash) return {};
  const auto given = domain::Money::Parse(entry.Text(), view.due.GetCurrency());
  if (!given) return {};
  if (*given < view.due) return words.Tr("%1 short", {words.Amount(view.due - *given)});
  return words.Tr("Change %1", {words.Amount(*given - view.due)});
}

}  // namespace

EntryCard::EntryCard(wxWindow* parent, const Theme& theme) : Card(parent, theme) {
  SetCanFocus(true);
  ApplyScale();
}

void EntryCard::ApplyScale() {
  SetMinSize(wxSize(-1, GetTheme().Px(56)));
}

void EntryCard::Update(const presenters::EntryLine& entry, const presenters::View& view,
                       const presenters::Words& words) {
  Content next{Hint(entry.Mode(), words), entry.Text(), Aside(entry, view, words), entry.Mode()};
  if (next == content_) return;
  content_ = next;
  Describe(*this, content_.text.empty() ? content_.hint : content_.hint + ": " + content_.text, ATK_ROLE_ENTRY);
  Refresh();
}

void EntryCard::Draw(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int middle = area.height / 2;
  const bool asked = content_.mode != EntryMode::kCode;
  if (asked) {
    paint.Round(area, 14, p.flash, p.accent);
    paint.Fill(wxRect(paint.Px(14), paint.Px(12), paint.Px(4), area.height - paint.Px(24)), p.accent);
  } else {
    paint.Barcode(wxRect(paint.Px(20), middle - paint.Px(11), paint.Px(28), paint.Px(22)), p.accent);
  }
  int left = asked ? paint.Px(32) : paint.Px(62);
  int right = area.width - paint.Px(20);
  if (!content_.aside.empty()) {
    right -= paint.TextRight(content_.aside, right, paint.BaselineFor(middle, 17), {17, true, p.accent}) + paint.Px(12);
  }
  if (content_.text.empty()) {
    paint.Text(content_.hint, left, paint.BaselineFor(middle, 16), {16, asked, asked ? p.accent : p.muted},
               right - left);
    return;
  }
  if (asked)
    left += paint.Text(content_.hint, left, paint.BaselineFor(middle, 14), {14, false, p.muted}) + paint.Px(12);
  const TextStyle typed{24, true, p.text};
  const int width = paint.Text(content_.text, left, paint.BaselineFor(middle, 24), typed, right - left);
  paint.Fill(wxRect(left + width + paint.Px(3), middle - paint.Px(14), paint.Px(2), paint.Px(28)), p.accent);
}

}  // namespace evertill::ui
