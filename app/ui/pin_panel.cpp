#include "app/ui/pin_panel.h"

#include <algorithm>
#include <utility>

#include "app/ui/accessible.h"
#include "app/ui/text.h"

namespace evertill::ui {
namespace {
constexpr int kColumn = 420;  ///< the pad's width
constexpr int kFieldTop = 124;
constexpr int kFieldHeight = 56;
constexpr int kKeyHeight = 60;
}  // namespace

PinPanel::PinPanel(wxWindow* parent, const Theme& theme, Handlers handlers)
    : Card(parent, theme), handlers_(std::move(handlers)) {
  SetBackgroundColour(theme.Colours().card);
  field_ = new NumberField(this, theme, 24, wxTE_PASSWORD | wxTE_CENTRE);
  field_->Bind(wxEVT_TEXT_ENTER, [this](wxCommandEvent&) { Accept(); });
  keypad_ = new Keypad(
      this, theme, Keypad::Kind::kPin, [this](char digit) { Type(digit); }, [this](Command) { Erase(); });
  accept_ = new KeyButton(this, theme, KeyStyle::kPrimary, 19);
  cancel_ = new KeyButton(this, theme, KeyStyle::kGhost, 16);
  accept_->Bind(wxEVT_BUTTON, [this](wxCommandEvent&) { Accept(); });
  cancel_->Bind(wxEVT_BUTTON, [this](wxCommandEvent&) { handlers_.close(); });
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    Place();
    event.Skip();
  });
  ApplyScale();
}

void PinPanel::Open() {
  problem_.clear();
  field_->ChangeValue(wxEmptyString);
  field_->SetFocus();
  Refresh();
}

void PinPanel::ShowProblem(const std::string& problem) {
  if (problem == problem_) return;
  problem_ = problem;
  if (!problem.empty()) {
    field_->ChangeValue(wxEmptyString);
    field_->SetFocus();
    Describe(*this, problem, ATK_ROLE_PANEL);
  }
  Refresh();
}

void PinPanel::Type(char character) {
  if (character < '0' || character > '9') return;
  if (!field_->HasFocus()) {
    field_->SetFocus();
    field_->SetInsertionPointEnd();
  }
  field_->WriteText(wxString(wxUniChar(character)));
}

void PinPanel::Erase() {
  const long end = field_->GetInsertionPoint();
  if (end > 0) field_->Remove(end - 1, end);
}

void PinPanel::Accept() {
  std::string pin = FromWx(field_->GetValue());
  if (pin.empty()) return;
  problem_.clear();
  field_->ChangeValue(wxEmptyString);
  Refresh();
  handlers_.accept(std::move(pin));
}

void PinPanel::UseWords(const presenters::Words& words) {
  title_ = words.Tr("The member's PIN");
  lead_ = words.Tr("Let the member enter it. Nobody else needs to know it.");
  accept_->SetText(words.Tr("Use points"), "⏎");
  cancel_->SetText(words.Tr("Cancel"), "Esc");
  field_->Name(title_);
  keypad_->UseWords(words);
  Refresh();
}

void PinPanel::ApplyScale() {
  field_->ApplyScale();
  keypad_->ApplyScale();
  accept_->Refit();
  cancel_->Refit();
  Place();
}

void PinPanel::Place() {
  const Theme& theme = GetTheme();
  const wxSize size = GetClientSize();
  if (size.x < 200 || size.y < 300) return;  // not laid out yet
  const int width = std::min(theme.Px(kColumn), size.x - theme.Px(56));
  const int left = (size.x - width) / 2;
  const int gap = theme.Px(8);
  field_->SetSize(left, theme.Px(kFieldTop), width, theme.Px(kFieldHeight));
  const int key = theme.Px(kKeyHeight);
  const int bottom = size.y - key - theme.Px(24);
  const int third = (width - gap) / 3;
  cancel_->SetSize(left, bottom, third, key);
  accept_->SetSize(left + third + gap, bottom, width - third - gap, key);
  const int top = theme.Px(kFieldTop + kFieldHeight + 56);
  keypad_->SetSize(left, top, width, std::min(bottom - theme.Px(16) - top, theme.Px(360)));
  keypad_->Layout();
}

void PinPanel::Draw(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int margin = paint.Px(28);
  const int width = area.width - 2 * margin;
  paint.TextCentre(title_, wxRect(margin, paint.Px(24), width, paint.Px(44)), {26, true, p.text});
  paint.TextCentre(lead_, wxRect(margin, paint.Px(70), width, paint.Px(30)), {16, false, p.muted});
  if (problem_.empty()) return;
  const TextStyle style{16, true, p.bad};
  paint.Paragraph(problem_, wxRect(margin, paint.Px(kFieldTop + kFieldHeight + 8), width, 0), style, true);
}

}  // namespace evertill::ui
