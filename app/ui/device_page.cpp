#include "app/ui/device_page.h"

#include <algorithm>
#include <utility>

#include "app/ui/accessible.h"

namespace evertill::ui {
namespace {

using checkout::DeviceKind;
using presenters::DeviceView;
using presenters::Tone;

constexpr int kHead = 92;
constexpr int kFoot = 92;
constexpr int kLowestRow = 74;
constexpr int kHighestRow = 88;
constexpr size_t kMostRows = 12;
constexpr int kKeyWidth = 138;

struct Inks {
  wxColour ink, ground;
};

Inks InksOf(Tone tone, const Palette& p) {
  switch (tone) {
    case Tone::kGood:
      return {p.good, p.good_soft};
    case Tone::kWarn:
      return {p.warn, p.warn_soft};
    case Tone::kBad:
      return {p.bad, p.bad_soft};
    case Tone::kCalm:
      break;
  }
  return {p.muted, p.ghost};
}

}  // namespace

DevicePage::DevicePage(wxWindow* parent, const Theme& theme, Handlers handlers)
    : Card(parent, theme),
      handlers_(std::move(handlers)),
      again_(new KeyButton(this, theme, KeyStyle::kSoft, 15)),
      leave_(new KeyButton(this, theme, KeyStyle::kGhost, 15)),
      close_(new KeyButton(this, theme, KeyStyle::kGhost, 16)) {
  SetBackgroundColour(theme.Colours().card);
  for (size_t place = 0; place < kMostRows; ++place) {
    keys_.push_back(new KeyButton(this, theme, KeyStyle::kSoft, 15));
    keys_.back()->Bind(wxEVT_BUTTON, [this, place](wxCommandEvent&) {
      const size_t index = first_ + place;
      if (index < devices_.size() && devices_[index].act) {
        handlers_.use(*devices_[index].act, devices_[index].kind, devices_[index].address);
      }
    });
    keys_.back()->Hide();
  }
  again_->Bind(wxEVT_BUTTON, [this](wxCommandEvent&) { handlers_.command(Command::kPrintAgain); });
  leave_->Bind(wxEVT_BUTTON, [this](wxCommandEvent&) { handlers_.command(Command::kPrintLeave); });
  close_->Bind(wxEVT_BUTTON, [this](wxCommandEvent&) { handlers_.close(); });
  again_->Hide();
  leave_->Hide();
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    Place();
    event.Skip();
  });
}

void DevicePage::Open() {
  first_ = 0;
  Place();
  Refresh();
}

void DevicePage::ApplyScale() {
  for (KeyButton* key : keys_) key->Refit();
  for (KeyButton* key : {again_, leave_, close_}) key->Refit();
  Place();
}

int DevicePage::RowHeight() const {
  const int room = GetClientSize().y - GetTheme().Px(kHead + kFoot);
  const int count = std::max(1, static_cast<int>(devices_.size()));
  return std::clamp(room / count, GetTheme().Px(kLowestRow), GetTheme().Px(kHighestRow));
}

size_t DevicePage::RowsThatFit() const {
  const int room = GetClientSize().y - GetTheme().Px(kHead + kFoot);
  return static_cast<size_t>(std::clamp(room / RowHeight(), 1, static_cast<int>(kMostRows)));
}

wxRect DevicePage::RowArea(size_t place) const {
  const int row = RowHeight();
  return {0, GetTheme().Px(kHead) + static_cast<int>(place) * row, GetClientSize().x, row};
}

void DevicePage::Update(std::vector<DeviceView> devices, LastReceipt last, const presenters::Words& words) {
  const bool same = devices == devices_ && last == last_ && title_ == words.Tr("Devices");
  if (same) return;
  devices_ = std::move(devices);
  last_ = std::move(last);
  more_ = devices_.size() > RowsThatFit() ? "▲▼ " + words.Count(static_cast<int64_t>(devices_.size())) : std::string();
  title_ = words.Tr("Devices");
  lead_ = words.Tr("What is plugged in finds its way here by itself. Selling goes on.");
  empty_ = words.Tr("No devices are set up yet");
  close_->SetText(words.Tr("Close"), "Esc");
  again_->SetText(last_.print.again, "F8");
  leave_->SetText(last_.print.leave);
  std::string spoken = title_;
  for (const DeviceView& device : devices_) spoken += ". " + device.title + ": " + device.state + ". " + device.advice;
  Describe(*this, spoken + ". " + last_.text + " " + last_.print.text, ATK_ROLE_PANEL);
  Place();
  Refresh();
}

void DevicePage::Scroll(int delta) {
  const size_t fit = RowsThatFit();
  const size_t most = devices_.size() > fit ? devices_.size() - fit : 0;
  const auto wanted = static_cast<int64_t>(first_) + delta;
  first_ = static_cast<size_t>(std::clamp<int64_t>(wanted, 0, static_cast<int64_t>(most)));
  Place();
  Refresh();
}

void DevicePage::Place() {
  const Theme& theme = GetTheme();
  const wxSize size = GetClientSize();
  if (size.x < 200 || size.y < 200) return;  // not laid out yet
  first_ = std::min(first_, devices_.size() > RowsThatFit() ? devices_.size() - RowsThatFit() : 0);
  const int width = theme.Px(kKeyWidth);
  const int height = theme.Px(50);
  const int margin = theme.Px(20);
  for (size_t place = 0; place < keys_.size(); ++place) {
    const size_t index = first_ + place;
    const bool used = place < RowsThatFit() && index < devices_.size() && devices_[index].act.has_value();
    if (used) {
      const wxRect row = RowArea(place);
      keys_[place]->SetSize(size.x - margin - width, row.y + (row.height - height) / 2, width, height);
      keys_[place]->SetText(devices_[index].act_label, {}, devices_[index].title + ": " + devices_[index].act_label);
    }
    if (keys_[place]->IsShown() != used) keys_[place]->Show(used);
  }
  const int foot = size.y - theme.Px(kFoot) + (theme.Px(kFoot) - height) / 2;
  const int narrow = theme.Px(110);
  close_->SetSize(size.x - margin - narrow, foot, narrow, height);
  const bool asks = last_.print.asks;
  const int gap = theme.Px(8);
  int right = size.x - margin - narrow - gap;
  for (KeyButton* key : {leave_, again_}) {
    right -= width;
    key->SetSize(right, foot, width, height);
    right -= gap;
    if (key->IsShown() != asks) key->Show(asks);
  }
}

void DevicePage::DrawPicture(Painter& paint, const wxRect& area, DeviceKind kind, const wxColour& ink) {
  const auto box = [&](double x, double y, double width, double height, double radius = 2) {
    paint.Round(wxRect(area.x + paint.Px(x), area.y + paint.Px(y), paint.Px(width), paint.Px(height)), radius, ink);
  };
  switch (kind) {  // on a field of 48 × 48
    case DeviceKind::kReceiptPrinter:
    case DeviceKind::kLabelPrinter:
      box(10, 20, 28, 16, 4);
      box(15, 9, 18, 14);
      paint.Fill(wxRect(area.x + paint.Px(17), area.y + paint.Px(13), paint.Px(14), paint.Px(2)), *wxWHITE);
      paint.Fill(wxRect(area.x + paint.Px(17), area.y + paint.Px(18), paint.Px(9), paint.Px(2)), *wxWHITE);
      return;
    case DeviceKind::kScanner:
      return paint.Barcode(wxRect(area.x + paint.Px(11), area.y + paint.Px(14), paint.Px(26), paint.Px(20)), ink);
    case DeviceKind::kDrawer:
      box(9, 14, 30, 9, 2);
      box(9, 25, 30, 10, 2);
      paint.Round(wxRect(area.x + paint.Px(20), area.y + paint.Px(28), paint.Px(8), paint.Px(3)), 1, *wxWHITE);
      return;
    case DeviceKind::kScale:
      box(10, 13, 28, 4, 2);
      box(22, 15, 4, 8, 1);
      box(12, 21, 24, 14, 4);
      return;
    case DeviceKind::kCustomerScreen:
      box(9, 12, 30, 19, 3);
      box(21, 30, 6, 5, 0);
      box(16, 34, 16, 3, 1);
      return;
    case DeviceKind::kPoleDisplay:
      box(9, 11, 30, 12, 3);
      box(22, 22, 4, 12, 0);
      box(15, 33, 18, 4, 1);
      return;
  }
}

/// A sign for each tone: nobody has to tell the colours apart.
void DevicePage::DrawMark(Painter& paint, wxPoint centre, Tone tone) {
  const Inks inks = InksOf(tone, paint.Colours());
  const int radius = paint.Px(10);
  paint.Circle(centre, radius, tone == Tone::kBad || tone == Tone::kWarn ? inks.ink : inks.ground);
  const wxRect round(centre.x - radius, centre.y - radius, 2 * radius, 2 * radius);
  if (tone == Tone::kBad || tone == Tone::kWarn) {
    return paint.TextCentre("!", round, {14, true, paint.Colours().card});
  }
  if (tone == Tone::kCalm) return paint.TextCentre("…", round, {14, true, inks.ink});
  for (int i = 0; i < std::max(2, paint.Px(2)); ++i) {
    paint.Line({centre.x - paint.Px(4), centre.y + i}, {centre.x - paint.Px(1), centre.y + paint.Px(3) + i}, inks.ink);
    paint.Line({centre.x - paint.Px(1), centre.y + paint.Px(3) + i},
               {centre.x + paint.Px(5), centre.y - paint.Px(4) + i}, inks.ink);
  }
}

void DevicePage::DrawRow(Painter& paint, const wxRect& area, const DeviceView& device) {
  const Palette& p = paint.Colours();
  const Inks inks = InksOf(device.tone, p);
  const bool wants = device.urgency != presenters::Urgency::kNone;
  const int margin = paint.Px(20);
  if (wants) {
    paint.Round(wxRect(paint.Px(10), area.y + paint.Px(3), area.width - paint.Px(20), area.height - paint.Px(6)), 12,
                inks.ground);
  }
  const int middle = area.y + area.height / 2;
  const int tile = paint.Px(48);
  const wxRect picture(area.x + margin + paint.Px(4), middle - tile / 2, tile, tile);
  paint.Round(picture, 12, wants ? p.card : p.ground);
  DrawPicture(paint, picture, device.kind, wants ? inks.ink : p.muted);

  const int left = picture.GetRight() + paint.Px(16);
  const int room = area.width - margin - left - (device.act ? paint.Px(kKeyWidth + 16) : paint.Px(4));
  const bool three = !device.advice.empty();
  const int upper = middle - paint.Px(three ? 23 : 13);
  const int lower = upper + paint.Px(three ? 24 : 26);
  const int title = paint.Text(device.title, left, paint.BaselineFor(upper, 17), {17, true, p.text}, room);
  std::string where = device.name;
  if (!device.address.empty()) where += (where.empty() ? "" : "  ·  ") + device.address;
  if (room - title > paint.Px(60)) {
    paint.Text(where, left + title + paint.Px(12), paint.BaselineFor(upper, 14), {14, false, p.muted},
               room - title - paint.Px(12));
  }
  DrawMark(paint, {left + paint.Px(10), lower}, device.tone);
  paint.Text(device.state, left + paint.Px(28), paint.BaselineFor(lower, 15), {15, true, inks.ink},
             room - paint.Px(28));
  if (three) {
    paint.Text(device.advice, left, paint.BaselineFor(lower + paint.Px(24), 14), {14, false, p.text}, room);
  }
}

void DevicePage::DrawLast(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  paint.Line({paint.Px(20), area.y}, {area.width - paint.Px(20), area.y}, p.line);
  if (last_.text.empty()) return;
  const int left = paint.Px(24);
  const int right = (last_.print.asks ? again_ : close_)->GetPosition().x - paint.Px(12);
  const int middle = area.y + area.height / 2;
  paint.Text(last_.text, left, paint.BaselineFor(middle - paint.Px(13), 15), {15, true, p.text}, right - left);
  DrawMark(paint, {left + paint.Px(10), middle + paint.Px(14)}, last_.print.tone);
  const TextStyle style{14, true, InksOf(last_.print.tone, p).ink};
  paint.Text(last_.print.text, left + paint.Px(28), paint.BaselineFor(middle + paint.Px(14), 14), style,
             right - left - paint.Px(28));
}

void DevicePage::Draw(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int margin = paint.Px(24);
  const int title = paint.Text(title_, margin, paint.BaselineFor(paint.Px(36), 24), {24, true, p.text});
  if (!more_.empty()) {
    paint.Chip(more_, margin + title + paint.Px(14), paint.Px(36), p.accent_soft, {13, true, p.accent});
  }
  paint.Text(lead_, margin, paint.BaselineFor(paint.Px(68), 14), {14, false, p.muted}, area.width - 2 * margin);
  if (devices_.empty()) {
    paint.TextCentre(empty_, wxRect(margin, area.height / 2 - paint.Px(60), area.width - 2 * margin, paint.Px(40)),
                     {20, true, p.muted});
  }
  const size_t shown = std::min(devices_.size() - std::min(first_, devices_.size()), RowsThatFit());
  for (size_t place = 0; place < shown; ++place) {
    const wxRect row = RowArea(place);
    const DeviceView& device = devices_[first_ + place];
    if (place > 0) paint.Line({margin, row.y}, {area.width - margin, row.y}, p.line);
    DrawRow(paint, row, device);
  }
  const int foot = paint.Px(kFoot);
  DrawLast(paint, wxRect(0, area.height - foot, area.width, foot));
}

}  // namespace evertill::ui
