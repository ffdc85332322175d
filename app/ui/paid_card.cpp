#include "app/ui/paid_card.h"

#include <cstdlib>

#include "app/ui/accessible.h"

namespace evertill::ui {

PaidCard::PaidCard(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command)
    : Card(parent, theme),
      again_(new KeyButton(this, theme, KeyStyle::kSoft, 17)),
      leave_(new KeyButton(this, theme, KeyStyle::kGhost, 17)) {
  SetBackgroundColour(theme.Colours().card);
  again_->Bind(wxEVT_BUTTON, [on_command](wxCommandEvent&) { on_command(Command::kPrintAgain); });
  leave_->Bind(wxEVT_BUTTON, [on_command](wxCommandEvent&) { on_command(Command::kPrintLeave); });
  again_->Hide();
  leave_->Hide();
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    Place();
    event.Skip();
  });
}

void PaidCard::ApplyScale() {
  again_->Refit();
  leave_->Refit();
  Place();
}

int PaidCard::Foot() const {
  return GetTheme().Px(content_.print.asks ? 152 : (content_.print.detail.empty() ? 96 : 122));
}

void PaidCard::Place() {
  const Theme& theme = GetTheme();
  const wxSize size = GetClientSize();
  if (size.x < 200) return;  // not laid out yet
  const int width = theme.Px(220);
  const int gap = theme.Px(12);
  const int top = size.y - Foot() + theme.Px(46);
  again_->SetSize(size.x / 2 - width - gap / 2, top, width, theme.Px(54));
  leave_->SetSize(size.x / 2 + gap / 2, top, width, theme.Px(54));
}

void PaidCard::Update(const presenters::View& view, const presenters::PrintWords& print,
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
  next.print = print;
  if (next == content_) return;
  content_ = next;
  again_->SetText(print.again, "F8");
  leave_->SetText(print.leave, "Esc");
  for (KeyButton* key : {again_, leave_}) key->Show(print.asks);
  Place();
  Describe(*this, next.saved + ". " + next.change_label + " " + next.change + ". " + next.print.text, ATK_ROLE_PANEL);
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
  const int foot = Foot();
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
  DrawPrint(paint, wxRect(margin, area.height - foot, figures.width, foot));
}

void PaidCard::DrawPrint(Painter& paint, const wxRect& foot) {
  const Palette& p = paint.Colours();
  const presenters::PrintWords& print = content_.print;
  const bool loud = print.tone == presenters::Tone::kWarn || print.tone == presenters::Tone::kBad;
  const wxColour ink = loud ? p.warn : (print.tone == presenters::Tone::kGood ? p.good : p.muted);
  paint.TextCentre(print.text, wxRect(foot.x, foot.y + paint.Px(10), foot.width, paint.Px(34)),
                   {print.asks ? 18 : 16, loud, ink});
  if (!print.asks && !print.detail.empty()) {
    paint.TextCentre(print.detail, wxRect(foot.x, foot.y + paint.Px(42), foot.width, paint.Px(28)),
                     {15, false, p.text});
  }
  const int next = foot.height - paint.Px(print.asks ? 44 : 48);
  paint.TextCentre(content_.next, wxRect(foot.x, foot.y + next, foot.width, paint.Px(30)), {15, false, p.muted});
}

}  // namespace evertill::ui
