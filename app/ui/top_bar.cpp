#include "app/ui/top_bar.h"

#include <wx/dcclient.h>

#include <utility>

#include "app/ui/accessible.h"
#include "app/ui/painter.h"
#include "app/ui/text.h"

namespace evertill::ui {
namespace {

constexpr int kHeight = 52;
constexpr int kLanguageWidth = 44;

struct LanguageKey {
  const char* code;
  const char* label;
  const char* spoken;
  Command command;
};
constexpr LanguageKey kLanguages[] = {{"en", "EN", "English", Command::kEnglish},
                                      {"th", "ไทย", "ภาษาไทย", Command::kThai},
                                      {"vi", "VI", "Tiếng Việt", Command::kVietnamese}};

}  // namespace

TopBar::TopBar(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command)
    : wxWindow(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxFULL_REPAINT_ON_RESIZE), theme_(theme) {
  SetBackgroundStyle(wxBG_STYLE_PAINT);
  SetCanFocus(false);
  Bind(wxEVT_PAINT, &TopBar::OnPaint, this);
  Bind(wxEVT_SIZE, [this](wxSizeEvent&) { PlaceLanguages(); });
  for (size_t i = 0; i < languages_.size(); ++i) {
    languages_[i] = new KeyButton(this, theme, KeyStyle::kLanguage, 13);
    languages_[i]->SetText(kLanguages[i].label, {}, kLanguages[i].spoken);
    languages_[i]->Bind(wxEVT_BUTTON, [on_command, i](wxCommandEvent&) { on_command(kLanguages[i].command); });
  }
  devices_ = new KeyButton(this, theme, KeyStyle::kLanguage, 13);
  devices_->Bind(wxEVT_BUTTON, [on_command](wxCommandEvent&) { on_command(Command::kDevices); });
  devices_->Hide();
  ApplyScale();
}

void TopBar::ApplyScale() {
  SetMinSize(wxSize(-1, theme_.Px(kHeight)));
  for (KeyButton* key : languages_) key->Refit();
  devices_->Refit();
  PlaceLanguages();
}

void TopBar::Update(const presenters::View& view, const presenters::SyncView& sync, const presenters::Words& words,
                    const presenters::DeviceMark& devices, const std::string& time) {
  const std::string who = view.cashier.empty() ? time : view.cashier + "  ·  " + time;
  const std::string till = view.till.empty() ? "Evertill" : words.Tr("Till %1", {view.till});
  const std::string pill = words.SyncPill(sync);
  for (size_t i = 0; i < languages_.size(); ++i) {
    languages_[i]->SetStyleClass("chosen", words.Language() == kLanguages[i].code);
  }
  if (who == who_ && till == till_ && pill == pill_ && view.store_name == store_ && sync.state == state_ &&
      devices == mark_) {
    return;
  }
  mark_ = devices;
  devices_->SetStyleClass("warn", devices.wanted);
  devices_->SetText(MarkText(), {}, devices.spoken);
  devices_->SetToolTip(ToWx(devices.spoken + " (Ctrl D)"));
  devices_->Show(devices.shown);
  who_ = who;
  till_ = till;
  pill_ = pill;
  store_ = view.store_name;
  state_ = sync.state;
  Describe(*this, till_ + ", " + store_ + ", " + pill_ + ", " + who_, ATK_ROLE_STATUSBAR);
  PlaceLanguages();
  Refresh();
}

/// The sign says it too: nobody has to tell the colours apart.
std::string TopBar::MarkText() const {
  return mark_.wanted ? "▲  " + mark_.text : mark_.text;
}

void TopBar::PlaceLanguages() {
  // They stand left of the pill; its width is only known from its words.
  wxClientDC dc(this);
  Painter paint(dc, theme_);
  int right = GetClientSize().x - theme_.Px(20);
  right -= paint.Width(who_, {15, true, {}}) + theme_.Px(24);
  right -= paint.ChipWidth("●  " + pill_, {13, true, {}}) + theme_.Px(16);
  const int width = theme_.Px(kLanguageWidth);
  const int height = theme_.Px(30);
  int left = right - 3 * width - 2 * theme_.Px(4);
  for (KeyButton* key : languages_) {
    key->SetSize(left, (GetClientSize().y - height) / 2, width, height);
    left += width + theme_.Px(4);
  }
  if (!mark_.shown) return;
  const int mark = paint.ChipWidth(MarkText(), {13, true, {}}) + theme_.Px(12);
  devices_->SetSize(languages_[0]->GetPosition().x - mark - theme_.Px(14), (GetClientSize().y - height) / 2, mark,
                    height);
  devices_->Refit();
}

void TopBar::OnPaint(wxPaintEvent&) {
  wxPaintDC dc(this);
  Painter paint(dc, theme_);
  const Palette& p = theme_.Colours();
  const wxSize size = GetClientSize();
  paint.Fill(wxRect(size), p.head);
  const int middle = size.y / 2;

  int right = size.x - paint.Px(20);
  right -= paint.TextRight(who_, right, paint.BaselineFor(middle, 15), {15, true, p.head_text}) + paint.Px(24);
  using State = presenters::SyncView::State;
  const bool offline = state_ == State::kOffline;
  const TextStyle pill{13, true, offline ? p.head_warn : (state_ == State::kOnline ? p.head_good : p.head_muted)};
  const std::string text = "●  " + pill_;
  paint.Chip(text, right - paint.ChipWidth(text, pill), middle, offline ? p.head_warn_ground : p.head_chip, pill);

  int left = paint.Px(20);
  left += paint.Text(till_, left, paint.BaselineFor(middle, 18), {18, true, p.head_text}) + paint.Px(18);
  const int room = (mark_.shown ? devices_ : languages_[0])->GetPosition().x - left - paint.Px(16);
  if (room > paint.Px(40)) {
    paint.Text(store_, left, paint.BaselineFor(middle, 15), {15, false, p.head_muted}, room);
  }
}

}  // namespace evertill::ui
