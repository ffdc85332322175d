#include "app/ui/main_window.h"

#include <gtk/gtk.h>
#include <wx/button.h>
#include <wx/display.h>

#include <algorithm>
#include <utility>

#include "app/ui/key_map.h"
#include "app/ui/text.h"

namespace evertill::ui {
namespace {

constexpr int kEntryPauseMs = 30;  ///< a scanner's next key comes sooner: its digits need not flash by
constexpr int kClearMs = 4000;
constexpr int kClockMs = 1000;
constexpr int kThanksMs = 30'000;  ///< then the next customer is not shown the last one's change

/// As wished, and no larger than the screen: what is cut off at the bottom is the key that takes the money.
wxSize FirstSize(const UiOptions& options) {
  const wxSize room = wxDisplay(0U).GetClientArea().GetSize();
  return {std::min(options.width, room.x), std::min(options.height, room.y)};
}

double ScaleFor(wxSize size) {
  return std::clamp(std::min(size.x / 1280.0, size.y / 800.0), 0.85, 2.5);
}

}  // namespace

MainWindow::MainWindow(const UiOptions& options, Theme& theme)
    : wxFrame(nullptr, wxID_ANY, "Evertill", wxDefaultPosition, FirstSize(options)),
      theme_(theme),
      clock_(*options.clock),
      controller_(*this, trace_, options.language),
      filter_(*this, options.wedge) {
  SetBackgroundColour(theme.Colours().ground);
  SetMinClientSize(wxSize(960, 640));
  BuildPages();
  Bind(wxEVT_SIZE, [this](wxSizeEvent&) { OnSize(); });
  minute_.Bind(wxEVT_TIMER, [this](wxTimerEvent&) { UpdateTopBar(); });
  entry_pause_.Bind(wxEVT_TIMER, [this](wxTimerEvent&) { Changed(); });
  clear_timer_.Bind(wxEVT_TIMER, [this](wxTimerEvent&) { controller_.ForgetClear(); });
  thanks_timer_.Bind(wxEVT_TIMER, [this](wxTimerEvent&) { controller_.CustomerLeft(); });
  UseWords();
}

MainWindow::~MainWindow() = default;

void MainWindow::BuildPages() {
  top_bar_ = new TopBar(this, theme_, [this](Command command) { controller_.Press(command); });
  SellPage::Handlers handlers;
  handlers.command = [this](Command command) { TouchCommand(command); };
  handlers.digit = [this](char digit) { TouchDigit(digit); };
  handlers.search.search = [this](std::string text) { controller_.Search(std::move(text)); };
  handlers.search.choose = [this](std::string barcode) { controller_.Choose(std::move(barcode)); };
  handlers.search.close = [this] { ClosePanel(); };
  handlers.enrol.enrol = [this](presenters::act::Enrol enrol) { controller_.Enrol(std::move(enrol)); };
  handlers.enrol.close = [this] { ClosePanel(); };
  handlers.pin.accept = [this](std::string pin) { controller_.EnterPin(std::move(pin)); };
  handlers.pin.close = [this] { ClosePanel(); };
  handlers.devices.use = [this](presenters::DeviceAct act, checkout::DeviceKind kind, std::string address) {
    controller_.UseDevice(act, kind, std::move(address));
  };
  handlers.devices.command = [this](Command command) { controller_.Press(command); };
  handlers.devices.close = [this] { ClosePanel(); };
  sell_ = new SellPage(this, theme_, std::move(handlers));
  sign_in_ = new GatePage(this, theme_, GatePage::Kind::kSignIn, [this](std::vector<std::string> texts) {
    controller_.SignIn(std::move(texts[0]), std::move(texts[1]));
  });
  float_ = new GatePage(this, theme_, GatePage::Kind::kFloat,
                        [this](std::vector<std::string> texts) { controller_.OpenShift(std::move(texts[0])); });
  sign_in_->Hide();
  float_->Hide();
}

void MainWindow::Open(bool kiosk) {
  if (kiosk) {
    ShowFullScreen(true);
  } else {
    Show();
  }
  OnSize();
  sell_->TakeFocus();
  trace_.Watch(*this);
  minute_.Start(kClockMs);
}

void MainWindow::PlaceOn(const wxRect& monitor) {
  // Straight to GTK: to wx a window that was never moved is at the corner already.
  gtk_window_move(GTK_WINDOW(GetHandle()), monitor.x, monitor.y);
  if (GetSize().x >= monitor.width || GetSize().y >= monitor.height) Maximize();
}

void MainWindow::OnSize() {
  if (theme_.SetScale(ScaleFor(GetClientSize()))) {
    top_bar_->ApplyScale();
    sell_->ApplyScale();
    sign_in_->ApplyScale();
    float_->ApplyScale();
  }
  Place();
}

void MainWindow::Place() {
  const wxSize size = GetClientSize();
  const int bar = top_bar_->GetMinSize().y;
  top_bar_->SetSize(0, 0, size.x, bar);
  for (wxWindow* page :
       {static_cast<wxWindow*>(sell_), static_cast<wxWindow*>(sign_in_), static_cast<wxWindow*>(float_)}) {
    page->SetSize(0, bar, size.x, std::max(0, size.y - bar));
  }
}

void MainWindow::UseWords() {
  const presenters::Words& words = controller_.GetWords();
  const presenters::View* view = controller_.View();
  std::string subject =
      view == nullptr ? std::string() : words.Tr("Till %1", {view->till}) + "  ·  " + view->store_name;
  if (words.Language() == language_shown_ && subject == subject_shown_) return;
  language_shown_ = words.Language();
  subject_shown_ = std::move(subject);
  sell_->UseWords(words);
  sign_in_->UseWords(words, subject_shown_);
  float_->UseWords(words, subject_shown_);
}

void MainWindow::UpdateTopBar() {
  const presenters::View* view = controller_.View();
  if (view == nullptr) return;
  top_bar_->Update(*view, controller_.Sync(), controller_.GetWords(), controller_.Mark(),
                   base::FormatLocal(clock_.Now(), "%H:%M"));
}

void MainWindow::ShowPhase(presenters::Phase phase) {
  using presenters::Phase;
  const bool was_selling = Selling();
  if (phase == phase_) return;
  phase_ = phase;
  sell_->Show(Selling());
  sign_in_->Show(phase == Phase::kLocked);
  float_->Show(phase == Phase::kNoShift);
  // The next customer, or the next cashier, does not see the last one's name.
  if (phase != Phase::kRinging) sell_->Enrol().SetAside(false);
  if (phase == Phase::kLocked) sign_in_->Open();
  if (phase == Phase::kNoShift) float_->Open();
  if (Selling() && !was_selling) sell_->TakeFocus();
}

void MainWindow::Changed() {
  const presenters::View* view = controller_.View();
  UseWords();
  if (view == nullptr) return;
  ShowPhase(view->phase);
  UpdateTopBar();
  if (view->phase == presenters::Phase::kLocked) {
    sign_in_->ShowNames(view->cashiers);
    sign_in_->ShowProblem(controller_.Refusal());
  } else if (view->phase == presenters::Phase::kNoShift) {
    float_->ShowProblem(controller_.Refusal());
  } else {
    sell_->Update(controller_, *view);
  }
}

void MainWindow::OpenPanel(Panel panel, const std::string& text) {
  sell_->OpenPanel(panel, text, controller_.GetWords().Language());
}

void MainWindow::ClosePanel() {
  controller_.PanelClosed();
  sell_->ClosePanel();
}

void MainWindow::SetPanelAside() {
  if (controller_.OpenedPanel() == Panel::kEnrol) sell_->Enrol().SetAside(true);
  ClosePanel();
}

void MainWindow::MoveChoice(int delta) {
  if (controller_.OpenedPanel() == Panel::kDevices) return sell_->Devices().Scroll(delta);
  sell_->List().Choose(delta);
}

int MainWindow::ChosenLine() const {
  return sell_->List().ChosenLine().value_or(0);
}

void MainWindow::StartClearTimer() {
  clear_timer_.StartOnce(kClearMs);
}

void MainWindow::StartThanksTimer() {
  thanks_timer_.StartOnce(kThanksMs);
}

void MainWindow::TouchDigit(char digit) {
  if (controller_.OpenedPanel() == Panel::kEnrol) return sell_->Enrol().Type(digit);
  if (controller_.OpenedPanel() == Panel::kPin) return sell_->Pin().Type(digit);
  if (controller_.OpenedPanel() == Panel::kSearch) return sell_->Search().Field().WriteText(wxString(wxUniChar(digit)));
  controller_.Type(digit);
  Changed();
}

void MainWindow::TouchCommand(Command command) {
  const Panel panel = controller_.OpenedPanel();
  if (command == Command::kErase && panel == Panel::kEnrol) return sell_->Enrol().Erase();
  if (command == Command::kErase && panel == Panel::kPin) return sell_->Pin().Erase();
  if (command == Command::kErase && panel == Panel::kSearch) {
    TextField& field = sell_->Search().Field();
    const long end = field.GetInsertionPoint();
    if (end > 0) field.Remove(end - 1, end);
    return;
  }
  if (command == Command::kEnter && panel == Panel::kEnrol) return sell_->Enrol().Accept();
  if (command == Command::kEnter && panel == Panel::kPin) return sell_->Pin().Accept();
  if (command == Command::kEnter && panel == Panel::kSearch) return sell_->Search().Accept();
  controller_.Press(command);
}

TextField* MainWindow::FocusedField() const {
  return dynamic_cast<TextField*>(wxWindow::FindFocus());
}

bool MainWindow::Owns(const wxWindow* window) const {
  const wxWindow* focus = window != nullptr ? window : wxWindow::FindFocus();
  if (customer_ != nullptr && customer_->Owns(focus)) return true;
  return focus == nullptr || wxGetTopLevelParent(const_cast<wxWindow*>(focus)) == this;
}

bool MainWindow::Doubtful() const {
  return FocusedField() != nullptr || controller_.Entry().Mode() != presenters::EntryMode::kCode;
}

void MainWindow::BurstBegins() {
  entry_before_ = controller_.Entry();
  field_before_ = FocusedField();
  if (field_before_ != nullptr) text_before_ = field_before_->GetValue();
}

void MainWindow::Scanned(std::string code) {
  entry_pause_.Stop();
  controller_.RestoreEntry(entry_before_);
  if (field_before_ != nullptr && field_before_ == FocusedField()) {
    field_before_->ChangeValue(text_before_);
    field_before_->SetInsertionPointEnd();
  }
  controller_.Scan(std::move(code));
}

bool MainWindow::Typed(char character) {
  if (TextField* field = FocusedField(); field != nullptr) {
    if (dynamic_cast<NumberField*>(field) == nullptr || character == ' ') return false;
    field->WriteText(wxString(wxUniChar(character)));
    return true;
  }
  if (!Selling()) return false;
  // A space presses the button that has the focus.
  if (character == ' ') return false;
  if (character == '*') {
    controller_.Press(Command::kQuantity);
    return true;
  }
  controller_.Type(character);
  entry_pause_.StartOnce(kEntryPauseMs);
  return true;
}

bool MainWindow::Entered() {
  wxWindow* focus = wxWindow::FindFocus();
  if (FocusedField() != nullptr || !Selling()) return false;
  const bool on_key = dynamic_cast<wxButton*>(focus) != nullptr;
  const bool nothing_typed = controller_.Entry().Text().empty();
  if (controller_.OpenedPanel() == Panel::kEnrol && dynamic_cast<wxButton*>(focus) == nullptr) {
    sell_->Enrol().Accept();
    return true;
  }
  if (controller_.OpenedPanel() == Panel::kPin && !on_key) {
    sell_->Pin().Accept();
    return true;
  }
  if (on_key && nothing_typed) return false;
  entry_pause_.Stop();
  controller_.Press(Command::kEnter);
  return true;
}

bool MainWindow::Pressed(int key, bool shift, bool control) {
  const bool in_field = FocusedField() != nullptr;
  if (in_field && controller_.OpenedPanel() == Panel::kSearch && (key == WXK_UP || key == WXK_DOWN)) {
    sell_->Search().Choose(key == WXK_UP ? -1 : 1);
    return true;
  }
  const auto command = CommandFor(key, shift, control, in_field);
  if (!command) return false;
  const bool language = *command == Command::kNextLanguage;
  if (!Selling() && !language) return false;
  controller_.Press(*command);
  return true;
}

bool MainWindow::AltTyped(char character) {
  if (!Selling() || character < '1' || character > '3') return false;
  controller_.Press(static_cast<Command>(static_cast<int>(Command::kNote1) + (character - '1')));
  return true;
}

bool MainWindow::ControlTyped(char character) {
  const auto command = Selling() ? ControlCommandFor(character) : std::nullopt;
  if (!command) return false;
  controller_.Press(*command);
  return true;
}

}  // namespace evertill::ui
