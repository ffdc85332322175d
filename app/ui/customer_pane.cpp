#include "app/ui/customer_pane.h"

#include <wx/dcbuffer.h>

#include <algorithm>
#include <cctype>

#include "app/render/qr_code.h"
#include "app/ui/accessible.h"

namespace evertill::ui {
namespace {

using Scene = checkout::CustomerView::Scene;

constexpr int kHead = 76;
constexpr int kGap = 16;
constexpr int kRow = 84;
constexpr int kSum = 196;
constexpr int kQuiet = 4;  ///< modules around a QR code, as ISO/IEC 18004 asks for

/// "฿1,042.39" has two, "15.000 ₫" has none: a last group of three digits are thousands.
int DecimalsOf(const std::string& amount) {
  size_t end = amount.size();
  while (end > 0 && std::isdigit(static_cast<unsigned char>(amount[end - 1])) == 0) --end;
  size_t begin = end;
  while (begin > 0 && std::isdigit(static_cast<unsigned char>(amount[begin - 1])) != 0) --begin;
  const bool separated = begin > 0 && (amount[begin - 1] == '.' || amount[begin - 1] == ',');
  return separated && end - begin < 3 ? static_cast<int>(end - begin) : 0;
}

/// The largest letters up to the style's in which `text` is at most `width` wide.
TextStyle Fitted(Painter& paint, const std::string& text, TextStyle style, int width, int least = 18) {
  while (style.px > least && paint.Width(text, style) > width) style.px -= 2;
  return style;
}

std::vector<std::vector<bool>> ModulesOf(const std::string& text) {
  std::vector<std::vector<bool>> rows;
  if (text.empty()) return rows;
  auto symbol = render::EncodeQrCode(text, render::QrLevel::kM);
  if (!symbol) symbol = render::EncodeQrCode(text, render::QrLevel::kL);
  if (!symbol) return rows;
  for (int y = 0; y < symbol->Height(); ++y) {
    rows.emplace_back();
    for (int x = 0; x < symbol->Width(); ++x) rows.back().push_back(symbol->At(x, y));
  }
  return rows;
}

/// A tall screen is laid out as wide as it is, in letters of the same size.
double ScaleFor(wxSize size) {
  const bool tall = size.y > size.x;
  return std::clamp(std::min(size.x / (tall ? 800.0 : 1280.0), size.y / (tall ? 1100.0 : 800.0)), 0.4, 4.0);
}

}  // namespace

CustomerPane::CustomerPane(wxWindow* parent, Theme& theme)
    : wxWindow(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxFULL_REPAINT_ON_RESIZE), theme_(theme) {
  SetBackgroundStyle(wxBG_STYLE_PAINT);
  SetCanFocus(false);
  Bind(wxEVT_PAINT, &CustomerPane::OnPaint, this);
  Bind(wxEVT_SIZE, [this](wxSizeEvent&) { OnSize(); });
}

void CustomerPane::OnSize() {
  theme_.SetScale(ScaleFor(GetClientSize()));
  Refresh();
}

void CustomerPane::ShowView(const checkout::CustomerView& view) {
  if (view == view_) return;
  if (view.qr != view_.qr) code_ = ModulesOf(view.qr);
  view_ = view;
  std::string spoken = view.greeting + " " + view.total_label + " " + view.total + " " + view.change_label + " " +
                       view.change + " " + view.note;
  Describe(*this, spoken, ATK_ROLE_PANEL);
  Refresh();
}

void CustomerPane::OnPaint(wxPaintEvent&) {
  wxPaintDC dc(this);
  Painter paint(dc, theme_);
  wxRect area = GetClientRect();
  paint.Fill(area, theme_.Colours().ground);
  if (area.width < 100 || area.height < 100) return;
  if (view_.scene == Scene::kIdle) return DrawIdle(paint, area);
  DrawHead(paint, area);
  area.Deflate(paint.Px(kGap));
  switch (view_.scene) {
    case Scene::kPay:
      DrawNote(paint, area);
      return DrawPay(paint, area);
    case Scene::kPaid:
      return DrawPaid(paint, area);
    default:
      DrawNote(paint, area);
      return DrawSelling(paint, area);
  }
}

void CustomerPane::DrawHead(Painter& paint, wxRect& area) {
  const Palette& p = paint.Colours();
  const int height = paint.Px(kHead);
  paint.Fill(wxRect(area.x, area.y, area.width, height), p.head);
  const int middle = area.y + height / 2;
  const int margin = paint.Px(32);
  const int room = area.width - 2 * margin;
  const TextStyle hello = Fitted(paint, view_.greeting, {30, true, p.head_good}, room * 6 / 10, 22);
  const int greeting = view_.greeting.empty()
                           ? 0
                           : paint.TextRight(view_.greeting, area.x + margin + room,
                                             paint.BaselineFor(middle, hello.px), hello, room * 6 / 10) +
                                 paint.Px(32);
  paint.Text(view_.store_name, area.x + margin, paint.BaselineFor(middle, 26), {26, true, p.head_text},
             room - greeting);
  area.y += height;
  area.height -= height;
}

/// A note, such as the training mark, is a band above everything else.
void CustomerPane::DrawNote(Painter& paint, wxRect& area) {
  if (view_.note.empty()) return;
  const Palette& p = paint.Colours();
  const wxRect band(area.x, area.y, area.width, paint.Px(60));
  paint.Round(band, 14, p.warn_soft, p.warn);
  paint.TextCentre(view_.note, band, Fitted(paint, view_.note, {30, true, p.warn}, band.width - paint.Px(40)));
  area.y += band.height + paint.Px(kGap);
  area.height -= band.height + paint.Px(kGap);
}

void CustomerPane::DrawIdle(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int width = area.width - paint.Px(120);
  const int left = area.x + paint.Px(60);
  const int middle = area.y + area.height * 45 / 100;
  const TextStyle name = Fitted(paint, view_.store_name, {104, true, p.text}, width, 40);
  paint.TextCentre(view_.store_name, wxRect(left, middle - paint.Px(80), width, paint.Px(120)), name);
  paint.Round(wxRect(area.x + area.width / 2 - paint.Px(60), middle + paint.Px(74), paint.Px(120), paint.Px(8)), 4,
              p.accent);
  const wxRect below(left, middle + paint.Px(116), width, paint.Px(60));
  paint.TextCentre(view_.greeting, below, Fitted(paint, view_.greeting, {34, false, p.muted}, width));
  if (view_.note.empty()) return;
  const TextStyle note = Fitted(paint, view_.note, {32, true, p.warn}, width - paint.Px(60));
  const int band = paint.Width(view_.note, note) + paint.Px(60);
  const wxRect chip(area.x + (area.width - band) / 2, below.y + (view_.greeting.empty() ? 0 : paint.Px(84)), band,
                    paint.Px(68));
  paint.Round(chip, 34, p.warn_soft);
  paint.TextCentre(view_.note, chip, note);
}

void CustomerPane::DrawSelling(Painter& paint, const wxRect& area) {
  const int sum = paint.Px(kSum);
  DrawLines(paint, wxRect(area.x, area.y, area.width, area.height - sum - paint.Px(kGap)));
  DrawSum(paint, wxRect(area.x, area.y + area.height - sum, area.width, sum));
}

void CustomerPane::DrawLines(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  paint.Round(area, 18, p.card, p.line);
  if (view_.lines.empty() || area.height < paint.Px(60)) return;
  const int count = static_cast<int>(view_.lines.size());
  const int border = paint.Px(4);
  int fit = std::max(1, (area.height - 2 * border) / paint.Px(kRow));
  int top = area.y + border;
  if (count > fit) {
    // What does not fit is counted; the newest stands last.
    const int strip = paint.Px(46);
    fit = std::max(1, (area.height - 2 * border - strip) / paint.Px(kRow));
    paint.TextCentre("▲  " + std::to_string(count - fit), wxRect(area.x, top, area.width, strip), {24, true, p.muted});
    top += strip;
  }
  const int row = std::min(paint.Px(kRow + 14), (area.y + area.height - border - top) / fit);
  for (int i = std::max(0, count - fit); i < count; ++i) {
    const wxRect line(area.x, top, area.width, row);
    if (top > area.y + border) {
      paint.Line({line.x + paint.Px(28), line.y}, {line.GetRight() - paint.Px(28), line.y}, p.line);
    }
    DrawLine(paint, line, view_.lines[static_cast<size_t>(i)], i == count - 1);
    top += row;
  }
}

void CustomerPane::DrawLine(Painter& paint, const wxRect& area, const checkout::CustomerLine& line, bool last) {
  const Palette& p = paint.Colours();
  if (last) {
    paint.Fill(wxRect(area.x + 1, area.y + 1, area.width - 2, area.height - 1), p.flash);
    paint.Fill(wxRect(area.x + 1, area.y + 1, paint.Px(8), area.height - 1), p.accent);
  }
  const int middle = area.y + area.height / 2;
  const int left = area.x + paint.Px(32);
  const int right = area.GetRight() - paint.Px(32);
  const TextStyle amount{34, true, p.text};
  const int price = paint.TextRight(line.amount, right, paint.BaselineFor(middle, amount.px), amount);
  const int room = right - price - paint.Px(28) - left;
  const bool two = !line.detail.empty();
  // A long name is first set a little smaller, then cut: what it costs is always whole.
  const TextStyle name = Fitted(paint, line.name, {32, true, p.text}, room, 26);
  paint.Text(line.name, left, paint.BaselineFor(middle - (two ? paint.Px(16) : 0), name.px), name, room);
  if (two) paint.Text(line.detail, left, paint.BaselineFor(middle + paint.Px(22), 24), {24, false, p.muted}, room);
}

void CustomerPane::DrawSum(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  paint.Round(area, 18, p.card, p.line);
  const int margin = paint.Px(32);
  const bool beside = !view_.savings.empty() || !view_.points.empty();
  const int split = beside ? area.width * 42 / 100 : margin;
  if (beside) {
    const int width = split - margin - paint.Px(20);
    const bool both = !view_.savings.empty() && !view_.points.empty();
    int middle = area.y + area.height / 2 - (both ? paint.Px(32) : 0);
    if (!view_.savings.empty()) {
      const TextStyle style = Fitted(paint, view_.savings, {32, true, p.good}, width, 20);
      paint.Text(view_.savings, area.x + margin, paint.BaselineFor(middle, style.px), style, width);
      middle += paint.Px(64);
    }
    if (!view_.points.empty()) {
      const TextStyle style = Fitted(paint, view_.points, {28, true, p.accent}, width, 18);
      paint.Text(view_.points, area.x + margin, paint.BaselineFor(middle, style.px), style, width);
    }
    paint.Line({area.x + split, area.y + paint.Px(28)}, {area.x + split, area.GetBottom() - paint.Px(28)}, p.line);
  }
  const int left = area.x + split + (beside ? paint.Px(28) : 0);
  const int right = area.GetRight() - margin;
  const TextStyle label{30, true, p.muted};
  paint.Text(view_.total_label, left, paint.BaselineFor(area.y + paint.Px(40), label.px), label, right - left);
  paint.AmountRight(view_.total, DecimalsOf(view_.total), right, area.y + area.height - paint.Px(38),
                    {112, true, p.text}, right - left);
}

void CustomerPane::DrawCode(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  paint.Round(area, 18, "#FFFFFF", p.line);
  const int label = view_.qr_label.empty() ? 0 : paint.Px(76);
  const int modules = static_cast<int>(code_.size()) + 2 * kQuiet;
  const int dot = std::min(area.width, area.height - label) / modules;
  if (code_.empty() || dot < 1) return;
  const int size = dot * static_cast<int>(code_.size());
  const int left = area.x + (area.width - size) / 2;
  const int top = area.y + (area.height - label - size) / 2;
  for (size_t y = 0; y < code_.size(); ++y) {
    for (size_t x = 0; x < code_.size(); ++x) {
      if (!code_[y][x]) continue;
      size_t run = 1;
      while (x + run < code_.size() && code_[y][x + run]) ++run;
      // Always dark on white: what telephones read.
      paint.Fill(
          wxRect(left + static_cast<int>(x) * dot, top + static_cast<int>(y) * dot, dot * static_cast<int>(run), dot),
          "#000000");
      x += run - 1;
    }
  }
  const int width = area.width - paint.Px(40);
  const TextStyle style = Fitted(paint, view_.qr_label, {34, true, wxColour("#10151F")}, width);
  paint.TextCentre(view_.qr_label, wxRect(area.x + paint.Px(20), area.GetBottom() - label - paint.Px(8), width, label),
                   style);
}

void CustomerPane::DrawPay(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int gap = paint.Px(kGap);
  const bool tall = area.height > area.width;
  const wxRect code = tall ? wxRect(area.x, area.y, area.width, area.height * 62 / 100)
                           : wxRect(area.x, area.y, std::min(area.height, area.width * 56 / 100), area.height);
  DrawCode(paint, code);
  const wxRect rest = tall ? wxRect(area.x, code.GetBottom() + gap, area.width, area.height - code.height - gap)
                           : wxRect(code.GetRight() + gap, area.y, area.width - code.width - gap, area.height);
  paint.Round(rest, 18, p.card, p.line);
  const int margin = paint.Px(36);
  const int width = rest.width - 2 * margin;
  const int middle = rest.y + rest.height / 2;
  paint.TextCentre(view_.total_label, wxRect(rest.x + margin, middle - paint.Px(120), width, paint.Px(60)),
                   {34, true, p.muted});
  const int decimals = DecimalsOf(view_.total);
  const AmountSize size = paint.MeasureAmount(view_.total, decimals, {112, true, p.text}, width);
  paint.AmountRight(view_.total, decimals, rest.x + rest.width / 2 + size.width / 2, middle + paint.Px(44),
                    {112, true, p.text}, width);
  const TextStyle saving = Fitted(paint, view_.savings, {30, true, p.good}, width, 20);
  paint.TextCentre(view_.savings, wxRect(rest.x + margin, middle + paint.Px(84), width, paint.Px(50)), saving);
}

void CustomerPane::DrawPaid(Painter& paint, const wxRect& area) {
  const int gap = paint.Px(kGap);
  if (code_.empty()) return DrawThanks(paint, area);
  if (area.height > area.width) {
    const int code = std::min(area.width, area.height * 45 / 100);
    DrawThanks(paint, wxRect(area.x, area.y, area.width, area.height - code - gap));
    return DrawCode(paint, wxRect(area.x, area.y + area.height - code, area.width, code));
  }
  const int code = std::min(area.height, area.width * 36 / 100);
  DrawThanks(paint, wxRect(area.x, area.y, area.width - code - gap, area.height));
  DrawCode(paint, wxRect(area.x + area.width - code, area.y, code, area.height));
}

void CustomerPane::DrawThanks(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  paint.Round(area, 18, p.card, p.line);
  const int margin = paint.Px(40);
  const int width = area.width - 2 * margin;
  const int left = area.x + margin;
  const bool back = !view_.change.empty();

  const TextStyle thanks = Fitted(paint, view_.note, {48, true, p.good}, width, 26);
  paint.TextCentre(view_.note, wxRect(left, area.y + paint.Px(44), width, paint.Px(80)), thanks);

  const std::string& label = back ? view_.change_label : view_.total_label;
  const std::string& amount = back ? view_.change : view_.total;
  const int foot = paint.Px(view_.points.empty() && view_.savings.empty() ? 40 : 130);
  const int middle = area.y + paint.Px(140) + (area.height - paint.Px(140) - foot) / 2;
  paint.TextCentre(label, wxRect(left, middle - paint.Px(128), width, paint.Px(60)), {36, true, p.muted});
  const TextStyle large{144, true, p.text};
  const AmountSize size = paint.MeasureAmount(amount, DecimalsOf(amount), large, width);
  paint.AmountRight(amount, DecimalsOf(amount), left + width / 2 + size.width / 2, middle + paint.Px(64), large, width);
  if (back) {
    const std::string total = view_.total_label + "  " + view_.total;
    paint.TextCentre(total, wxRect(left, middle + paint.Px(84), width, paint.Px(56)),
                     Fitted(paint, total, {30, false, p.muted}, width));
  }
  std::string more = view_.points;
  if (!view_.savings.empty()) more = view_.savings + (more.empty() ? "" : "   ·   ") + more;
  if (more.empty()) return;
  const TextStyle style = Fitted(paint, more, {30, true, p.accent}, width - paint.Px(60));
  const wxRect strip(left, area.GetBottom() - paint.Px(108), width, paint.Px(76));
  paint.Round(strip, 16, p.accent_soft);
  paint.TextCentre(more, strip, style);
}

}  // namespace evertill::ui
