#include "app/ui/notice_bar.h"

#include <wx/dcclient.h>

#include <utility>

#include "app/ui/accessible.h"

namespace evertill::ui {
namespace {
constexpr int kKeyWidth = 168;
constexpr int kOtherWidth = 132;
}  // namespace

NoticeBar::NoticeBar(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command)
    : wxWindow(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxFULL_REPAINT_ON_RESIZE),
      theme_(theme),
      key_(new KeyButton(this, theme, KeyStyle::kDigit, 15)),
      other_(new KeyButton(this, theme, KeyStyle::kGhost, 15)) {
  SetBackgroundStyle(wxBG_STYLE_PAINT);
  SetCanFocus(false);
  Bind(wxEVT_PAINT, &NoticeBar::OnPaint, this);
  Bind(wxEVT_SIZE, [this](wxSizeEvent&) { Place(); });
  key_->Bind(wxEVT_BUTTON, [this, on_command](wxCommandEvent&) {
    if (notice_.way_out) on_command(*notice_.way_out);
  });
  other_->Bind(wxEVT_BUTTON, [this, on_command = std::move(on_command)](wxCommandEvent&) {
    if (notice_.other) on_command(*notice_.other);
  });
  other_->Hide();
}

void NoticeBar::ApplyScale() {
  key_->Refit();
  other_->Refit();
  Place();
}

void NoticeBar::Place() {
  const wxSize size = GetClientSize();
  if (size.x < 200 || size.y < 20) return;  // not laid out yet
  const int width = theme_.Px(kKeyWidth);
  const int margin = theme_.Px(6);
  const int height = size.y - 2 * margin;
  int left = size.x - width - margin;
  if (notice_.other) {
    const int narrow = theme_.Px(kOtherWidth);
    other_->SetSize(size.x - narrow - margin, margin, narrow, height);
    left -= narrow + margin;
  }
  key_->SetSize(left, margin, width, height);
}

void NoticeBar::ShowText(const NoticeText& notice) {
  if (notice == notice_) return;
  notice_ = notice;
  key_->Show(notice.way_out.has_value());
  if (notice.way_out) key_->SetText(notice.key, notice.shortcut);
  other_->Show(notice.other.has_value());
  if (notice.other) other_->SetText(notice.other_key, notice.other_shortcut);
  Place();
  Describe(*this, notice.message + " " + notice.detail, ATK_ROLE_NOTIFICATION);
  Refresh();
}

void NoticeBar::OnPaint(wxPaintEvent&) {
  wxPaintDC dc(this);
  Painter paint(dc, theme_);
  const Palette& p = theme_.Colours();
  const wxRect area = GetClientRect();
  const bool bad = notice_.tone == NoticeText::Tone::kBad;
  const bool warn = notice_.tone == NoticeText::Tone::kWarn;
  const wxColour ink = bad ? p.bad : (warn ? p.warn : p.accent);
  paint.Fill(area, p.card);
  paint.Round(area, 12, bad ? p.bad_soft : (warn ? p.warn_soft : p.accent_soft));

  const int middle = area.height / 2;
  const int radius = paint.Px(14);
  paint.Circle({paint.Px(30), middle}, radius, ink);
  paint.TextCentre(bad || warn ? "!" : "i", wxRect(paint.Px(30) - radius, middle - radius, 2 * radius, 2 * radius),
                   {18, true, p.card});
  const int left = paint.Px(60);
  const int room = area.width - left - (notice_.way_out ? paint.Px(kKeyWidth + 18) : paint.Px(16)) -
                   (notice_.other ? paint.Px(kOtherWidth + 6) : 0);
  const TextStyle loud{16, true, ink};
  if (notice_.detail.empty() || paint.Width(notice_.message, loud) > room) {
    paint.TwoLines(notice_.message, left, middle, room, loud);
  } else {
    paint.Text(notice_.message, left, paint.BaselineFor(middle - paint.Px(11), 16), loud);
    paint.Text(notice_.detail, left, paint.BaselineFor(middle + paint.Px(12), 13), {13, false, p.text}, room);
  }
}

}  // namespace evertill::ui
