#include "app/ui/paid_card.h"

#include <cstdlib>

#include "app/ui/accessible.h"

namespace evertill::ui {

PaidCard::PaidCard(wxWindow* parent, const Theme& theme) : Card(parent, theme) {}

std::string PaidCard::PrintText(const presenters::PrintView& print, const presenters::Words& words, Tone& tone) {
  using checkout::PrintState;
  tone = Tone::kWarn;
  if (!print.problem.empty()) return print.problem;
  switch (print.state) {
    case PrintState::kQueued:
      tone = Tone::kCalm;
      return words.Tr("The receipt is on its way to the printer");
    case PrintState::kSent:
      tone = Tone::kGood;
      return words.Tr("Receipt sent to the printer");
    case PrintState::kConfirmed:
      tone = Tone::kGood;
      return words.Tr("Receipt printed");
    case PrintState::kFailed:
      return words.Tr("The receipt did not print. The sale is saved.");
    case PrintState::kUnknown:
      return words.Tr("Did the receipt print? Please look at the printer.");
  }
  return {};
}

std::string PaidCard::ReceiptText(const presenters::View& view, const presenters::PrintView& print,
                                  const presenters::Words& words, Tone& tone) {
  if (print.receipt == view.receipt) return PrintText(print, words, tone);
  tone = Tone::kCalm;
  if (!view.prints) return words.Tr("No printer: the receipt is kept");
  if (print.problem.empty()) return {};  // nothing is known about this receipt yet
  tone = Tone::kWarn;
  return words.Tr("The printer has a problem. The sale is saved; the receipt waits.");
}

void PaidCard::Update(const presenters::View& view, const presenters::PrintView& print,
                      const presenters::Words& words) {
  Content next;
  next.saved = words.Tr("Saved  ·  %1", {view.receipt});
  const domain::Money money = view.paid - view.by_points;
  next.exact = view.change.IsZero() && !view.refund;
  next.change_label = next.exact ? words.Tr("Paid exactly") : words.Tr("CHANGE");
  next.change = words.Amount(next.exact ? view.paid : view.change);
  if (view.refund) {
    next.change_label = words.Tr("TO GIVE BACK");
    next.change = words.Amount(-money);
  } else if (next.exact && money.IsZero() && !view.by_points.IsZero()) {
    next.change_label = words.Tr("Paid with points");
  }
  next.decimals = view.change.GetCurrency().Exponent();
  next.next = words.Tr("The next scan starts a new sale");
  next.sums = {{words.Tr("Total"), words.Amount(view.totals.total)}};
  if (!money.IsZero() || view.by_points.IsZero()) {
    next.sums.push_back({words.Tr("Cash"), words.Amount(money + view.change)});
  }
  if (!view.by_points.IsZero()) {
    next.sums.insert(next.sums.begin() + 1,
                     {words.TrN("%1 point", "%1 points", std::abs(view.points.spent) + view.points.withheld),
                      words.Amount(view.by_points), true});
  }
  if (!view.totals.rounding.IsZero()) {
    next.sums.insert(next.sums.begin() + 1, {words.Tr("Rounding"), words.Amount(view.totals.rounding)});
  }
  if (!view.totals.savings.IsZero())
    next.sums.push_back({words.Tr("Savings"), words.Amount(view.totals.savings), true});
  if (view.member) {
    next.points_title = view.member->name;
    const std::string earned = (view.points.earned < 0 ? "" : "+") + words.Count(view.points.earned);
    next.points = {{words.Tr("Points before"), words.Count(view.points.before)},
                   {view.refund ? words.Tr("Points taken back") : words.Tr("Points earned"), earned, !view.refund}};
    if (view.points.spent != 0) {
      next.points.push_back({view.refund ? words.Tr("Points given back") : words.Tr("Points spent"),
                             (view.refund ? "+" : "") + words.Count(-view.points.spent), view.refund});
    }
    if (view.points.withheld != 0) {
      next.points.push_back({words.Tr("Settled with money"), "+" + words.Count(view.points.withheld), true});
    }
    next.points.push_back({words.Tr("Points after"), words.Count(view.points.after)});
  }
  next.print = ReceiptText(view, print, words, next.print_tone);
  if (next == content_) return;
  content_ = next;
  Describe(*this, next.saved + ". " + next.change_label + " " + next.change + ". " + next.print, ATK_ROLE_PANEL);
  Refresh();
}

void PaidCard::DrawFigures(Painter& paint, const std::vector<Figure>& figures, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int count = std::max(1, static_cast<int>(figures.size()));
  const int width = area.width / count;
  int left = area.x;
  for (const Figure& figure : figures) {
    const wxRect column(left, area.y, width, area.height);
    paint.TextCentre(figure.label, wxRect(column.x, column.y, width, area.height * 45 / 100), {14, false, p.muted});
    paint.TextCentre(figure.value, wxRect(column.x, column.y + area.height * 42 / 100, width, area.height * 50 / 100),
                     {22, true, figure.good ? p.good : p.text});
    left += width;
    if (&figure != &figures.back()) {
      paint.Line({left, area.y + paint.Px(8)}, {left, area.GetBottom() - paint.Px(8)}, p.line);
    }
  }
}

void PaidCard::Draw(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int centre = area.width / 2;
  const int margin = paint.Px(32);

  // Saved, with a tick.
  const int saved_middle = paint.Px(58);
  const TextStyle saved{22, true, p.good};
  const int saved_width = paint.Width(content_.saved, saved) + paint.Px(52);
  const wxPoint tick(centre - saved_width / 2 + paint.Px(20), saved_middle);
  paint.Circle(tick, paint.Px(20), p.good_soft);
  for (int i = 0; i < std::max(2, paint.Px(3)); ++i) {
    paint.Line({tick.x - paint.Px(8), tick.y + i - 1}, {tick.x - paint.Px(2), tick.y + paint.Px(6) + i - 1}, p.good);
    paint.Line({tick.x - paint.Px(2), tick.y + paint.Px(6) + i - 1},
               {tick.x + paint.Px(9), tick.y - paint.Px(6) + i - 1}, p.good);
  }
  paint.Text(content_.saved, tick.x + paint.Px(32), paint.BaselineFor(saved_middle, saved.px), saved);

  // The change is what the cashier needs now; without one, there is nothing to shout.
  const int strip = paint.Px(84);
  const int foot = paint.Px(96);
  const int strips = strip + (content_.points.empty() ? 0 : strip + paint.Px(12));
  const int top = paint.Px(100);
  const int room = area.height - top - strips - foot;
  const TextStyle change{content_.exact ? 52 : 104, !content_.exact, p.text};
  const int width = std::min(area.width - 2 * margin, paint.Px(640));
  const AmountSize size = paint.MeasureAmount(content_.change, content_.decimals, change, width);
  const int group = paint.Px(30 + 20 + size.px * 3 / 4);
  const int group_top = top + std::max(0, (room - group) * 45 / 100);
  paint.TextCentre(content_.change_label, wxRect(0, group_top, area.width, paint.Px(30)), {20, true, p.muted});
  paint.AmountRight(content_.change, content_.decimals, centre + size.width / 2, group_top + group, change, width);

  wxRect figures(margin, area.height - foot - strips, area.width - 2 * margin, strip);
  paint.Round(figures, 12, p.ground);
  DrawFigures(paint, content_.sums, figures);
  if (!content_.points.empty()) {
    figures.y += strip + paint.Px(12);
    paint.Round(figures, 12, p.accent_soft);
    DrawFigures(paint, content_.points, figures);
  }
  const wxColour ink =
      content_.print_tone == Tone::kWarn ? p.warn : (content_.print_tone == Tone::kGood ? p.good : p.muted);
  paint.TextCentre(content_.print, wxRect(margin, area.height - foot + paint.Px(12), figures.width, paint.Px(34)),
                   {16, content_.print_tone == Tone::kWarn, ink});
  paint.TextCentre(content_.next, wxRect(margin, area.height - foot + paint.Px(48), figures.width, paint.Px(30)),
                   {15, false, p.muted});
}

}  // namespace evertill::ui
