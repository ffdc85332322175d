#include "app/ui/tender_keys.h"

#include "app/ui/text.h"

namespace evertill::ui {
namespace {

constexpr int kGap = 8;
constexpr int kNoteHeight = 56;
constexpr int kVerbHeight = 50;

/// A round sum without its decimals: "฿1,500".
std::string Round(domain::Money amount, const presenters::Words& words) {
  const std::string text = words.Amount(amount);
  const AmountParts parts = SplitAmount(text, amount.GetCurrency().Exponent());
  if (parts.small.find_first_of("123456789") != std::string::npos) return text;
  const size_t sign = parts.small.find_first_not_of(".,0");  // the currency's, where it stands behind
  return sign == std::string::npos ? parts.large : parts.large + parts.small.substr(sign);
}

}  // namespace

TenderKeys::TenderKeys(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command)
    : wxPanel(parent), theme_(theme), on_command_(std::move(on_command)) {
  SetBackgroundColour(parent->GetBackgroundColour());
  exact_ = Add(Command::kExact, KeyStyle::kSoft, 16);
  notes_ = {Add(Command::kNote1, KeyStyle::kDigit, 18), Add(Command::kNote2, KeyStyle::kDigit, 18),
            Add(Command::kNote3, KeyStyle::kDigit, 18)};
  search_ = Add(Command::kSearch, KeyStyle::kGhost, 15);
  void_line_ = Add(Command::kVoidLine, KeyStyle::kGhost, 15);
  clear_ = Add(Command::kClearBasket, KeyStyle::kGhost, 15);
  lock_ = Add(Command::kLock, KeyStyle::kGhost, 15);
  pay_ = Add(Command::kPay, KeyStyle::kPrimary, 24);
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    Place();
    event.Skip();
  });
  ApplyScale();
}

KeyButton* TenderKeys::Add(Command command, KeyStyle style, int px) {
  auto* key = new KeyButton(this, theme_, style, px);
  key->Bind(wxEVT_BUTTON, [this, command](wxCommandEvent&) { on_command_(command); });
  return key;
}

void TenderKeys::ApplyScale() {
  // As Place() adds them up: rounded as a whole, the lowest keys lose their border at some scales.
  SetMinSize(wxSize(-1, theme_.Px(kNoteHeight) + 2 * theme_.Px(kVerbHeight) + 2 * theme_.Px(kGap)));
  for (KeyButton* key : {exact_, notes_[0], notes_[1], notes_[2], search_, void_line_, clear_, lock_, pay_})
    key->Refit();
  Place();
}

void TenderKeys::Place() {
  const int gap = theme_.Px(kGap);
  const int full = GetClientSize().x;
  if (full < 200) return;                                                   // not laid out yet
  const auto column = [&](int index) { return index * (full + gap) / 4; };  // left edge
  const int width = column(1) - gap;
  const int note = theme_.Px(kNoteHeight);
  const int verb = theme_.Px(kVerbHeight);
  exact_->SetSize(0, 0, width, note);
  for (int i = 0; i < 3; ++i) notes_[static_cast<size_t>(i)]->SetSize(column(i + 1), 0, width, note);
  const int upper = note + gap;
  const int lower = upper + verb + gap;
  search_->SetSize(0, upper, width, verb);
  void_line_->SetSize(column(1), upper, width, verb);
  lock_->SetSize(0, lower, width, verb);
  clear_->SetSize(column(1), lower, width, verb);
  pay_->SetSize(column(2), upper, full - column(2), 2 * verb + gap);
}

void TenderKeys::Update(const presenters::View& view, const presenters::EntryLine& entry, bool clearing,
                        const presenters::Words& words) {
  const bool ringing = view.phase == presenters::Phase::kRinging && !view.lines.empty();
  exact_->SetText(words.Tr("Exact"), "F9", words.Tr("Exact cash"));
  exact_->Enable(ringing);
  for (size_t i = 0; i < notes_.size(); ++i) {
    const bool offered = ringing && i < view.suggested_cash.size();
    notes_[i]->Enable(offered);
    const std::string label = offered ? Round(view.suggested_cash[i], words) : std::string(" ");
    notes_[i]->SetText(label, {}, offered ? words.Tr("Cash %1", {label}) : std::string());
    notes_[i]->SetToolTip(offered ? ToWx("Alt+" + std::to_string(i + 1)) : wxString());
  }
  search_->SetText(words.Tr("Search"), "F3");
  void_line_->SetText(words.Tr("Void line"), "Del");
  void_line_->Enable(ringing);
  clear_->SetText(clearing ? words.Tr("Sure? Again") : words.Tr("Clear"), clearing ? "" : "⇧Del",
                  words.Tr("Clear the basket"));
  clear_->SetStyleClass("alarm", clearing);
  clear_->Enable(ringing);
  lock_->SetText(words.Tr("Lock"), "F10");
  lock_->Enable(view.can_lock);

  pay_->Enable(ringing);
  const bool asking = entry.Mode() == presenters::EntryMode::kCash;
  const std::string due = words.Amount(view.due);
  if (!ringing) {
    pay_->SetText(words.Tr("Pay"), "F12");
  } else if (view.refund) {
    pay_->SetText(words.Tr("Give back %1", {words.Amount(-view.due)}), "F12");
  } else if (view.due.IsZero() && !view.by_points.IsZero()) {
    pay_->SetText(words.Tr("Finish the sale"), "F12");
  } else if (asking && entry.Text().empty()) {
    pay_->SetText(words.Tr("Exact %1", {due}), "F12");
  } else {
    pay_->SetText(words.Tr("Pay %1", {due}), "F12");
  }
}

}  // namespace evertill::ui
