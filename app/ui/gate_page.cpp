#include "app/ui/gate_page.h"

#include <algorithm>
#include <utility>

#include "app/ui/accessible.h"
#include "app/ui/text.h"

namespace evertill::ui {
namespace {
constexpr int kWidth = 900;
constexpr int kHeight = 580;
constexpr int kColumn = 400;  ///< the fields' side
constexpr int kFieldTop = 178;
constexpr int kFieldStep = 88;
constexpr int kNameHeight = 48;
constexpr size_t kNamesInRow = 3;
constexpr size_t kMostNames = 6;
}  // namespace

/// The card behind the fields, with its words.
class GatePage::GateCard final : public Card {
 public:
  using Card::Card;
  std::string title, subject, problem, lead;
  std::vector<std::string> labels;
  std::vector<int> tops;  ///< of the fields, in real pixels
  int below = 0;

 protected:
  void Draw(Painter& paint, const wxRect&) override {
    const Palette& p = paint.Colours();
    const int left = paint.Px(36);
    const int width = paint.Px(kColumn - 36);
    paint.Round(wxRect(left, paint.Px(34), paint.Px(46), paint.Px(46)), 12, p.accent);
    paint.Barcode(wxRect(left + paint.Px(10), paint.Px(47), paint.Px(26), paint.Px(20)), p.accent_text);
    paint.Text(subject, left + paint.Px(60), paint.BaselineFor(paint.Px(57), 16), {16, false, p.muted},
               width - paint.Px(60));
    paint.Text(title, left, paint.BaselineFor(paint.Px(114), 27), {27, true, p.text}, width);
    for (size_t i = 0; i < std::min(labels.size(), tops.size()); ++i) {
      paint.Text(labels[i], left, paint.BaselineFor(tops[i] - paint.Px(16), 14), {14, false, p.muted}, width);
    }
    const bool wrong = !problem.empty();
    paint.Paragraph(wrong ? problem : lead, wxRect(left, below, width, 0), {15, wrong, wrong ? p.bad : p.muted}, false);
  }
};

GatePage::GatePage(wxWindow* parent, const Theme& theme, Kind kind, Submit submit)
    : wxPanel(parent), theme_(theme), kind_(kind), submit_(std::move(submit)) {
  SetBackgroundColour(theme.Colours().ground);
  card_ = new GateCard(this, theme);
  card_->SetBackgroundColour(theme.Colours().card);
  if (kind == Kind::kSignIn) {
    fields_.push_back(new TextField(card_, theme, 20));
    fields_.push_back(new NumberField(card_, theme, 20, wxTE_PASSWORD));
  } else {
    fields_.push_back(new NumberField(card_, theme, 24));
  }
  for (size_t i = 0; i < fields_.size(); ++i) {
    fields_[i]->Bind(wxEVT_TEXT_ENTER, [this, i](wxCommandEvent&) {
      if (i + 1 < fields_.size() && fields_[i + 1]->IsEmpty()) {
        fields_[i + 1]->SetFocus();
      } else {
        Accept();
      }
    });
  }
  keypad_ = new Keypad(
      card_, theme, Keypad::Kind::kPlain, [this](char digit) { Type(digit); }, [this](Command) { Erase(); });
  accept_ = new KeyButton(card_, theme, KeyStyle::kPrimary, 20);
  accept_->Bind(wxEVT_BUTTON, [this](wxCommandEvent&) { Accept(); });
  Bind(wxEVT_SIZE, [this](wxSizeEvent&) { Place(); });
}

void GatePage::Open() {
  card_->problem.clear();
  for (TextField* field : fields_) field->ChangeValue(wxEmptyString);
  fields_.front()->SetFocus();
  card_->Refresh();
}

void GatePage::ShowProblem(const std::string& problem) {
  if (card_->problem == problem) return;
  card_->problem = problem;
  if (!problem.empty()) {
    fields_.back()->ChangeValue(wxEmptyString);
    fields_.back()->SetFocus();
    Describe(*card_, problem, ATK_ROLE_PANEL);
  }
  card_->Refresh();
}

TextField& GatePage::Current() {
  for (TextField* field : fields_) {
    if (field->HasFocus()) return *field;
  }
  fields_.back()->SetFocus();
  fields_.back()->SetInsertionPointEnd();
  return *fields_.back();
}

void GatePage::Type(char character) {
  // The pad's digits belong to the PIN, wherever the cursor is.
  TextField& field = kind_ == Kind::kSignIn ? *fields_.back() : Current();
  if (!field.HasFocus()) {
    field.SetFocus();
    field.SetInsertionPointEnd();
  }
  field.WriteText(wxString(wxUniChar(character)));
}

void GatePage::Erase() {
  TextField& field = Current();
  const long end = field.GetInsertionPoint();
  if (end > 0) field.Remove(end - 1, end);
}

void GatePage::Accept() {
  std::vector<std::string> texts;
  for (TextField* field : fields_) texts.push_back(FromWx(field->GetValue()));
  card_->problem.clear();
  card_->Refresh();
  submit_(std::move(texts));
}

void GatePage::UseWords(const presenters::Words& words, const std::string& subject) {
  card_->subject = subject;
  if (kind_ == Kind::kSignIn) {
    card_->title = words.Tr("Who is at the till?");
    card_->labels = {words.Tr("Cashier"), words.Tr("PIN")};
    card_->lead = words.Tr("Type your name and PIN.");
    accept_->SetText(words.Tr("Sign in"), "⏎");
  } else {
    card_->title = words.Tr("Count the drawer");
    card_->labels = {words.Tr("Cash in the drawer now")};
    card_->lead = words.Tr("The float for change. It is never counted as takings.");
    accept_->SetText(words.Tr("Open the shift"), "⏎");
  }
  for (size_t i = 0; i < fields_.size(); ++i) fields_[i]->Name(card_->labels[i]);
  keypad_->UseWords(words);
  card_->Refresh();
}

void GatePage::ApplyScale() {
  for (TextField* field : fields_) field->ApplyScale();
  keypad_->ApplyScale();
  for (KeyButton* key : name_keys_) key->Refit();
  accept_->Refit();
  Place();
}

int GatePage::FieldTop(size_t index) const {
  int top = theme_.Px(kFieldTop + static_cast<int>(index) * kFieldStep);
  const size_t rows = (name_keys_.size() + kNamesInRow - 1) / kNamesInRow;
  if (index > 0) top += static_cast<int>(rows) * theme_.Px(kNameHeight + 8);
  return top;
}

void GatePage::ShowNames(const std::vector<std::string>& names) {
  if (names == names_) return;
  names_ = names;
  for (KeyButton* key : name_keys_) key->Destroy();
  name_keys_.clear();
  for (size_t i = 0; i < std::min(names.size(), kMostNames); ++i) {
    auto* key = new KeyButton(card_, theme_, KeyStyle::kGhost, 16);
    key->SetText(names[i]);
    key->Bind(wxEVT_BUTTON, [this, name = names[i]](wxCommandEvent&) {
      fields_.front()->ChangeValue(ToWx(name));
      fields_.back()->SetFocus();
    });
    name_keys_.push_back(key);
  }
  Place();
  card_->Refresh();
}

void GatePage::PlaceNames() {
  const int gap = theme_.Px(8);
  const int column = theme_.Px(kColumn - 36);
  const int width = (column + gap) / static_cast<int>(kNamesInRow) - gap;
  const int height = theme_.Px(kNameHeight);
  for (size_t i = 0; i < name_keys_.size(); ++i) {
    const int x = theme_.Px(36) + static_cast<int>(i % kNamesInRow) * (width + gap);
    const int y = FieldTop(0) + theme_.Px(52) + gap + static_cast<int>(i / kNamesInRow) * (height + gap);
    name_keys_[i]->SetSize(x, y, width, height);
  }
}

void GatePage::Place() {
  const wxSize size = GetClientSize();
  if (size.x < 300 || size.y < 300) return;  // not laid out yet
  const int width = std::min(theme_.Px(kWidth), size.x - theme_.Px(24));
  const int height = std::min(theme_.Px(kHeight), size.y - theme_.Px(24));
  card_->SetSize((size.x - width) / 2, (size.y - height) / 2, width, height);
  const int left = theme_.Px(36);
  const int column = theme_.Px(kColumn - 36);
  card_->tops.clear();
  for (size_t i = 0; i < fields_.size(); ++i) {
    card_->tops.push_back(FieldTop(i));
    fields_[i]->SetSize(left, FieldTop(i), column, theme_.Px(52));
  }
  card_->below = FieldTop(fields_.size()) - theme_.Px(26);
  PlaceNames();
  const int key = theme_.Px(64);
  accept_->SetSize(left, height - key - left, column, key);
  const int pad = theme_.Px(kColumn + 36);
  keypad_->SetSize(pad, left, width - pad - left, height - 2 * left);
  keypad_->Layout();
}

}  // namespace evertill::ui
