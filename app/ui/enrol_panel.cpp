#include "app/ui/enrol_panel.h"

#include <gtk/gtk.h>
#include <wx/checkbox.h>

#include <utility>

#include "app/ui/accessible.h"
#include "app/ui/text.h"

namespace evertill::ui {
namespace {
constexpr const char* kCodes[] = {"en", "th", "vi"};
constexpr const char* kNames[] = {"English", "ไทย", "Tiếng Việt"};
constexpr int kFieldTop = 96;
constexpr int kFieldStep = 82;
}  // namespace

EnrolPanel::EnrolPanel(wxWindow* parent, const Theme& theme, Handlers handlers)
    : Card(parent, theme), handlers_(std::move(handlers)) {
  SetBackgroundColour(theme.Colours().card);
  name_ = new TextField(this, theme, 19);
  phone_ = new NumberField(this, theme, 19);
  for (size_t i = 0; i < languages_.size(); ++i) {
    languages_[i] = new KeyButton(this, theme, KeyStyle::kGhost, 16);
    languages_[i]->SetText(kNames[i]);
    languages_[i]->Bind(wxEVT_BUTTON, [this, i](wxCommandEvent&) { ChooseLanguage(i); });
  }
  agree_ = new wxCheckBox(this, wxID_ANY, " ");
  offers_ = new wxCheckBox(this, wxID_ANY, " ");
  for (wxCheckBox* box : {agree_, offers_}) {
    box->SetBackgroundColour(theme.Colours().card);
    gtk_widget_set_focus_on_click(box->GetHandle(), FALSE);
    gtk_style_context_add_class(gtk_widget_get_style_context(box->GetHandle()), "pos");
  }
  accept_ = new KeyButton(this, theme, KeyStyle::kPrimary, 19);
  cancel_ = new KeyButton(this, theme, KeyStyle::kGhost, 16);
  accept_->Bind(wxEVT_BUTTON, [this](wxCommandEvent&) { Accept(); });
  cancel_->Bind(wxEVT_BUTTON, [this](wxCommandEvent&) { handlers_.close(); });
  name_->Bind(wxEVT_TEXT_ENTER, [this](wxCommandEvent&) { phone_->SetFocus(); });
  phone_->Bind(wxEVT_TEXT_ENTER, [this](wxCommandEvent&) { Accept(); });
  Bind(wxEVT_CHAR_HOOK, &EnrolPanel::OnKey, this);
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    Place();
    event.Skip();
  });
  ApplyScale();
}

void EnrolPanel::Open(const std::string& phone, const std::string& language) {
  problem_.clear();
  problem_own_.clear();
  // Another phone number is another customer.
  const bool same = set_aside_ && (phone.empty() || phone == FromWx(phone_->GetValue()));
  set_aside_ = false;
  if (!same) {
    name_->ChangeValue(wxEmptyString);
    phone_->ChangeValue(ToWx(phone));
    agree_->SetValue(false);
    offers_->SetValue(false);
    for (size_t i = 0; i < std::size(kCodes); ++i) {
      if (language == kCodes[i]) ChooseLanguage(i);
    }
  }
  TextField* first = same && !name_->IsEmpty() ? static_cast<TextField*>(phone_) : name_;
  first->SetFocus();
  first->SetInsertionPointEnd();
  Refresh();
}

/// GTK would go on to the keys beside the form before its own fields are through.
void EnrolPanel::OnKey(wxKeyEvent& event) {
  if (event.GetKeyCode() != WXK_TAB) return event.Skip();
  wxWindow* const order[] = {name_,  phone_,  languages_[0], languages_[1], languages_[2],
                             agree_, offers_, accept_,       cancel_};
  constexpr size_t kCount = std::size(order);
  size_t at = 0;
  while (at < kCount && !order[at]->HasFocus()) ++at;
  if (at == kCount) return event.Skip();
  order[(at + (event.ShiftDown() ? kCount - 1 : 1)) % kCount]->SetFocus();
}

void EnrolPanel::ChooseLanguage(size_t index) {
  language_ = index;
  for (size_t i = 0; i < languages_.size(); ++i) languages_[i]->SetStyleClass("soft", i == index);
}

void EnrolPanel::ShowProblem(const std::string& problem) {
  problem_ = problem;
  Refresh();
}

void EnrolPanel::Type(char character) {
  TextField* field = name_->HasFocus() ? name_ : static_cast<TextField*>(phone_);
  if (field == phone_ && !phone_->HasFocus()) phone_->SetFocus();
  field->WriteText(wxString(wxUniChar(character)));
}

void EnrolPanel::Erase() {
  TextField* field = name_->HasFocus() ? name_ : static_cast<TextField*>(phone_);
  const long end = field->GetInsertionPoint();
  if (end > 0) field->Remove(end - 1, end);
}

void EnrolPanel::Accept() {
  if (!agree_->GetValue()) {
    ShowProblem(must_agree_);
    return;
  }
  presenters::act::Enrol enrol;
  enrol.name = FromWx(name_->GetValue().Strip(wxString::both));
  enrol.phone = FromWx(phone_->GetValue().Strip(wxString::both));
  enrol.language = kCodes[language_];
  enrol.consents = {"points"};
  if (offers_->GetValue()) enrol.consents.emplace_back("offers");
  ShowProblem({});
  handlers_.enrol(std::move(enrol));
}

void EnrolPanel::UseWords(const presenters::Words& words) {
  title_ = words.Tr("New member");
  lead_ = words.Tr("Points count from this purchase.");
  name_label_ = words.Tr("Name, as they say it");
  phone_label_ = words.Tr("Phone number");
  language_label_ = words.Tr("Language of the receipt");
  must_agree_ = words.Tr("Please ask the customer, and tick the first box.");
  agree_->SetLabel(ToWx(words.Tr("Agrees that we keep name and phone to count points")));
  offers_->SetLabel(ToWx(words.Tr("Would also like offers from us (optional)")));
  accept_->SetText(words.Tr("Make member"), "⏎");
  cancel_->SetText(words.Tr("Cancel"), "Esc");
  name_->Name(name_label_);
  phone_->Name(phone_label_);
  Refresh();
}

void EnrolPanel::ApplyScale() {
  name_->ApplyScale();
  phone_->ApplyScale();
  for (KeyButton* key : languages_) key->Refit();
  for (wxCheckBox* box : {agree_, offers_}) box->SetFont(GetTheme().Font(16, false));
  accept_->Refit();
  cancel_->Refit();
  Place();
}

void EnrolPanel::Place() {
  const Theme& theme = GetTheme();
  const wxSize size = GetClientSize();
  if (size.x < 200) return;  // not laid out yet
  const int left = theme.Px(28);
  const int width = size.x - 2 * left;
  const int height = theme.Px(48);
  const auto top = [&](int row) { return theme.Px(kFieldTop + row * kFieldStep); };
  name_->SetSize(left, top(0), width, height);
  phone_->SetSize(left, top(1), width, height);
  const int third = (width - 2 * theme.Px(8)) / 3;
  for (int i = 0; i < 3; ++i) {
    languages_[static_cast<size_t>(i)]->SetSize(left + i * (third + theme.Px(8)), top(2), third, height);
  }
  const int box = theme.Px(38);
  agree_->SetSize(left, top(2) + height + theme.Px(14), width, box);
  offers_->SetSize(left, top(2) + height + theme.Px(14) + box, width, box);
  const int key = theme.Px(60);
  const int bottom = size.y - key - theme.Px(20);
  cancel_->SetSize(left, bottom, third, key);
  accept_->SetSize(left + third + theme.Px(8), bottom, width - third - theme.Px(8), key);
}

void EnrolPanel::Draw(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int left = paint.Px(28);
  const int width = area.width - 2 * left;
  const int title = paint.Text(title_, left, paint.BaselineFor(paint.Px(36), 22), {22, true, p.text});
  const bool wrong = !problem_.empty();
  const TextStyle beside{15, wrong, wrong ? p.bad : p.muted};
  paint.TwoLines(wrong ? problem_ : lead_, left + title + paint.Px(16), paint.Px(36), width - title - paint.Px(16),
                 beside);
  const std::string* labels[] = {&name_label_, &phone_label_, &language_label_};
  for (int i = 0; i < 3; ++i) {
    paint.Text(*labels[i], left, paint.BaselineFor(paint.Px(kFieldTop + i * kFieldStep - 15), 14),
               {14, false, p.muted});
  }
}

}  // namespace evertill::ui
