#include "app/ui/totals_card.h"

#include <algorithm>
#include <cstdlib>

#include "app/ui/accessible.h"

namespace evertill::ui {

TotalsCard::TotalsCard(wxWindow* parent, const Theme& theme) : Card(parent, theme) {
  ApplyScale();
}

void TotalsCard::ApplyScale() {
  SetMinSize(wxSize(-1, GetTheme().Px(156)));
}

void TotalsCard::Update(const presenters::View& view, const presenters::Words& words) {
  Content next;
  const bool by_points = !view.by_points.IsZero();
  next.rows.push_back({words.Tr("Subtotal"), words.Amount(view.totals.subtotal), false, true});
  // Five rows are as many as fit: what is nothing makes room for the points.
  if (!by_points || !view.totals.savings.IsZero()) {
    next.rows.push_back({words.Tr("Savings"), words.Amount(-view.totals.savings), !view.totals.savings.IsZero(), true});
  }
  const std::string tax = view.tax_label.empty() ? words.Tr("Tax") : view.tax_label;
  next.rows.push_back({view.tax_inclusive ? words.Tr("%1 (included)", {tax}) : tax, words.Amount(view.totals.tax)});
  if (by_points) {
    next.rows.push_back(
        {words.TrN("%1 point used", "%1 points used", std::abs(view.points.spent) + view.points.withheld),
         words.Amount(-view.by_points), true, true});
  }
  const std::string earned = (view.points.earned < 0 ? "" : "+") + words.Count(view.points.earned);
  next.rows.push_back(
      {view.refund ? words.Tr("Points taken back") : words.Tr("Points to earn"), view.member ? earned : "–"});
  ShowSum(view, words, next);
  if (next == content_) return;
  content_ = next;
  Describe(*this, content_.title + " " + content_.total, ATK_ROLE_LABEL);
  Refresh();
}

void TotalsCard::ShowSum(const presenters::View& view, const presenters::Words& words, Content& next) {
  next.decimals = view.totals.total.GetCurrency().Exponent();
  next.title = words.Tr("TOTAL TO PAY");
  next.total = words.Amount(view.totals.total);
  const domain::Money money = view.paid - view.by_points;
  if (view.refund) {
    next.title = words.Tr("TO GIVE BACK");
    next.total = words.Amount(-view.due);
  } else if (!money.IsZero() && !view.due.IsZero()) {
    next.title = words.Tr("STILL TO PAY");
    next.total = words.Amount(view.due);
    next.paid = words.Tr("Paid %1", {words.Amount(view.paid)});
  } else if (!view.by_points.IsZero()) {
    next.total = words.Amount(view.due);
    next.paid = words.Tr("%1 with points", {words.Amount(view.by_points)});
  }
}

void TotalsCard::Draw(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int split = std::min(paint.Px(336), area.width * 46 / 100);
  const int left = paint.Px(24);
  const int right = split - paint.Px(24);
  const bool many = content_.rows.size() > 4;
  int middle = paint.Px(many ? 28 : 33);
  for (const Row& row : content_.rows) {
    const TextStyle value{16, true, row.good ? p.good : (row.strong ? p.text : p.muted)};
    const int width = paint.TextRight(row.value, right, paint.BaselineFor(middle, 16), value);
    paint.Text(row.label, left, paint.BaselineFor(middle, 15), {15, false, p.muted},
               right - width - paint.Px(10) - left);
    middle += paint.Px(many ? 25 : 30);
  }
  paint.Line({split, paint.Px(22)}, {split, area.height - paint.Px(22)}, p.line);
  const int title = paint.BaselineFor(paint.Px(34), 17);
  paint.Text(content_.title, split + paint.Px(24), title, {17, true, p.muted});
  paint.TextRight(content_.paid, area.width - paint.Px(24), title, {15, true, p.good});
  paint.AmountRight(content_.total, content_.decimals, area.width - paint.Px(24), area.height - paint.Px(38),
                    {66, true, p.text}, area.width - split - paint.Px(48));
}

}  // namespace evertill::ui
