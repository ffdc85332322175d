#include "app/ui/controller.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace evertill::ui {
namespace {

namespace act = presenters::act;
using presenters::Act;

template <typename T>
const size_t kKind = Act(T{}).index();

/// What a cashier types when told a phone number: 9 to 11 digits from 0 on, or + and the country's code.
bool LooksLikePhone(const std::string& text) {
  if (text.empty() || (text[0] != '0' && text[0] != '+')) return false;
  const std::string digits = text.substr(text[0] == '+' ? 1 : 0);
  return digits.size() >= 9 && digits.size() <= (text[0] == '+' ? 15U : 11U) &&
         digits.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

Controller::Controller(Stage& stage, Trace& trace, const std::string& language)
    : stage_(stage), trace_(trace), words_(presenters::Words::For(language)), till_language_(language) {}

void Controller::Connect(presenters::CounterPort& counter) {
  counter_ = &counter;
  counter.on_view = [this](const presenters::View& view) { Receive(view); };
  counter.on_sync = [this](const presenters::SyncView& sync) {
    const bool other = sync.state != sync_.state || sync.changes != sync_.changes;
    sync_ = sync;
    // With head office in reach, or no longer, or after news from it, more or less can be spent here.
    if (other && view_ && view_->member && sent_.empty() && !refused_) Send(act::State{});
    stage_.Changed();
  };
  counter.on_print = [this](const presenters::PrintView& print) { ReceivePrint(print); };
  counter.on_device = [this](const checkout::DeviceStatus& status) { ReceiveDevice(status); };
  counter.on_device_answer = [this](const presenters::DeviceAnswer& answer) { ReceiveAnswer(answer); };
  counter.on_scan = [this](std::string code) { Scan(std::move(code)); };
  counter.UseLanguage(words_->Language());
  Send(act::State{});
}

void Controller::Send(Act act) {
  if (counter_ == nullptr) return;
  clearing_ = false;
  if (act.index() != kKind<act::State>) acted_ = true;
  sent_.push_back({act.index(), {}});
  counter_->Do(std::move(act));
}

void Controller::SendTyped(std::optional<Act> act) {
  const auto* scan = act ? std::get_if<act::Scan>(&*act) : nullptr;
  const std::string typed = scan == nullptr ? std::string() : scan->code;
  SendIf(std::move(act));
  if (!sent_.empty()) sent_.back().typed = typed;
}

void Controller::SendIf(std::optional<Act> act) {
  if (act) Send(std::move(*act));
  stage_.Changed();
}

void Controller::Receive(const presenters::View& view) {
  Sent sent{kKind<act::State>, {}};
  if (!sent_.empty()) {
    sent = std::move(sent_.front());
    sent_.pop_front();
  }
  const size_t kind = sent.kind;
  const bool paid = view.phase == presenters::Phase::kPaid &&
                    !(view_ && view_->phase == presenters::Phase::kPaid && view_->receipt == view.receipt);
  view_ = view;
  if (paid) SalePaid();
  // A change of language asks for the same view in other words: what was refused stays refused, in the new words.
  refused_ = view.refused;
  if (kind == kKind<act::Search> && !view.refused) ++search_answers_;
  if (kind == kKind<act::CashTender>) AskForTheRest();
  if (refused_ && refused_->code == "unknown_barcode" && LooksLikePhone(sent.typed)) {
    // No product: then it is a member's number, and that answer is the one to show.
    refused_.reset();
    Send(act::Member{sent.typed});
  }
  if (kind == kKind<act::MemberPin>) AfterPin();
  if (kind == kKind<act::Redeem> && refused_ && refused_->code == "pin_needed") AskPin(points_wanted_);
  if (kind == kKind<act::Enrol> && !view.refused && panel_ == Panel::kEnrol) stage_.ClosePanel();
  stage_.Changed();
  if (kind == kKind<act::Scan>) trace_.ViewShown();
  ShowCustomer();
}

void Controller::AskForTheRest() {
  if (view_->phase != presenters::Phase::kRinging || view_->due.Minor() <= 0) return;
  const bool wrong = refused_ && refused_->code != "age_check_needed";
  if (view_->paid > view_->by_points || wrong) entry_.AskCash();
}

std::optional<int> Controller::Line() const {
  const int line = stage_.ChosenLine();
  return line > 0 ? std::optional(line) : std::nullopt;
}

void Controller::Type(char character) {
  entry_.Type(character);
  clearing_ = false;
}

void Controller::RestoreEntry(const presenters::EntryLine& before) {
  entry_ = before;
}

void Controller::Scan(std::string code) {
  trace_.Scanned();
  entry_.Clear();
  if (panel_ != Panel::kNone) stage_.SetPanelAside();
  Send(act::Scan{std::move(code)});
  stage_.Changed();
}

void Controller::Search(std::string text) {
  Send(act::Search{std::move(text)});
}

void Controller::Choose(std::string barcode) {
  stage_.ClosePanel();
  Send(act::Scan{std::move(barcode)});
  trace_.Scanned();
  stage_.Changed();
}

void Controller::Enrol(act::Enrol enrol) {
  Send(std::move(enrol));
}

void Controller::EnterPin(std::string pin) {
  Send(act::MemberPin{std::move(pin)});
}

void Controller::SignIn(std::string cashier, std::string pin) {
  Send(act::SignIn{std::move(cashier), std::move(pin)});
}

void Controller::OpenShift(std::string opening_float) {
  Send(act::OpenShift{std::move(opening_float)});
}

void Controller::Press(Command command) {
  switch (command) {
    case Command::kEnter:
      return SendTyped(entry_.Enter(Line()));
    case Command::kEscape:
      return PressEscape();
    case Command::kErase:
      entry_.Erase();
      return stage_.Changed();
    case Command::kQuantity:
      return SendIf(entry_.PressQuantity(Line()));
    case Command::kMember:
      return SendIf(entry_.PressMember());
    case Command::kDetachMember:
      if (view_ && view_->member) Send(act::DetachMember{});
      return;
    case Command::kEnrol:
      return PressEnrol();
    case Command::kSearch:
      return PressSearch();
    case Command::kVoidLine:
      if (const auto line = Line(); line && view_ && view_->phase == presenters::Phase::kRinging) {
        Send(act::VoidLine{*line});
      }
      return;
    case Command::kClearBasket:
      return PressClear();
    case Command::kLock:
      if (!view_ || !view_->can_lock) return;
      if (panel_ != Panel::kNone) stage_.ClosePanel();
      entry_.Clear();
      return Send(act::Lock{});
    case Command::kExact:
      entry_.Clear();
      return SendIf(act::CashTender{"exact"});
    case Command::kNote1:
    case Command::kNote2:
    case Command::kNote3:
      return PressNote(static_cast<size_t>(command) - static_cast<size_t>(Command::kNote1));
    case Command::kUsePoints:
      return PressUsePoints();
    case Command::kPay:
      return PressPay();
    case Command::kConfirmAge:
      // One key for what the screen asks: for the age, or for the receipt.
      if (!(view_ && view_->age_check > 0) && AskedPrint() != nullptr) return AnswerPrint(true);
      return Send(act::ConfirmAge{});
    case Command::kPrintAgain:
      return AnswerPrint(true);
    case Command::kPrintLeave:
      return AnswerPrint(false);
    case Command::kDevices:
      return PressDevices();
    case Command::kNextLanguage:
      return NextLanguage();
    case Command::kEnglish:
      return UseLanguage("en");
    case Command::kThai:
      return UseLanguage("th");
    case Command::kVietnamese:
      return UseLanguage("vi");
    case Command::kLineUp:
      return stage_.MoveChoice(-1);
    case Command::kLineDown:
      return stage_.MoveChoice(+1);
  }
}

/// Takes away what is nearest: a panel, what was typed, a refusal, then what the devices say.
void Controller::PressEscape() {
  const bool busy = panel_ != Panel::kNone || !entry_.Text().empty() || clearing_;
  if (panel_ != Panel::kNone) stage_.ClosePanel();
  if (!busy && !refused_) PutNoticeAway();
  acted_ = true;
  entry_.Clear();
  refused_.reset();
  clearing_ = false;
  stage_.Changed();
}

void Controller::PressDevices() {
  if (panel_ == Panel::kDevices) {
    stage_.ClosePanel();
  } else {
    entry_.Clear();
    panel_ = Panel::kDevices;
    stage_.OpenPanel(panel_, {});
  }
  stage_.Changed();
}

void Controller::PressSearch() {
  std::string text = entry_.Text();
  // An unknown code was refused: that is what is looked for.
  if (text.empty() && refused_ && refused_->code == "unknown_barcode") text = refused_->subject;
  entry_.Clear();
  panel_ = Panel::kSearch;
  stage_.OpenPanel(panel_, text);
  stage_.Changed();
}

void Controller::PressEnrol() {
  const std::string& typed = entry_.Text();
  const bool phone = typed.size() >= 6 && typed.find_first_not_of("+0123456789-") == std::string::npos;
  std::string text = phone ? typed : std::string();
  if (text.empty() && refused_ && refused_->code == "member_not_found") text = refused_->subject;
  entry_.Clear();
  panel_ = Panel::kEnrol;
  stage_.OpenPanel(panel_, text);
  stage_.Changed();
}

/// Uses all that the sale needs, or the number typed before; takes back what is used already.
void Controller::PressUsePoints() {
  if (!view_ || view_->phase != presenters::Phase::kRinging) return;
  const std::string typed = entry_.Mode() == presenters::EntryMode::kCode ? entry_.Text() : std::string();
  const bool number = !typed.empty() && typed.find_first_not_of("0123456789") == std::string::npos;
  entry_.Clear();
  const bool used = view_->points.spent > 0;
  std::string points = number ? typed : (used ? "0" : "max");
  const bool ask = view_->member && view_->member->pin_needed && !view_->member->why_not && !view_->lines.empty();
  if (points != "0" && ask) return AskPin(std::move(points));
  points_wanted_ = points;
  Send(act::Redeem{std::move(points)});
  stage_.Changed();
}

void Controller::AskPin(std::string points) {
  points_wanted_ = std::move(points);
  refused_.reset();
  panel_ = Panel::kPin;
  stage_.OpenPanel(panel_, {});
  stage_.Changed();
}

void Controller::AfterPin() {
  if (refused_ && refused_->code == "pin_wrong") return;  // the pad shows how many tries are left
  if (panel_ == Panel::kPin) stage_.ClosePanel();
  if (!refused_) Send(act::Redeem{points_wanted_});
}

void Controller::PressPay() {
  if (!view_ || view_->phase != presenters::Phase::kRinging || view_->lines.empty()) return;
  const bool no_money = view_->refund || (view_->due.IsZero() && !view_->by_points.IsZero());
  if (!no_money) return SendIf(entry_.PressPay());
  entry_.Clear();
  SendIf(act::CashTender{"exact"});
}

void Controller::PressClear() {
  if (!view_ || view_->lines.empty() || view_->phase != presenters::Phase::kRinging) return;
  if (clearing_) {
    Send(act::VoidBasket{});
  } else {
    clearing_ = true;
    stage_.StartClearTimer();
  }
  stage_.Changed();
}

void Controller::ForgetClear() {
  if (!clearing_) return;
  clearing_ = false;
  stage_.Changed();
}

void Controller::PressNote(size_t index) {
  if (!view_ || view_->phase != presenters::Phase::kRinging || index >= view_->suggested_cash.size()) return;
  entry_.Clear();
  SendIf(act::CashTender{view_->suggested_cash[index].ToDecimal()});
}

void Controller::UseLanguage(const std::string& language) {
  if (language == words_->Language()) return;
  words_ = presenters::Words::For(language);
  if (counter_ != nullptr) {
    counter_->UseLanguage(language);
    Send(act::State{});
  }
  stage_.Changed();
}

void Controller::NextLanguage() {
  const auto& all = presenters::Words::Languages();
  const auto now = std::find(all.begin(), all.end(), words_->Language());
  UseLanguage(now == all.end() || now + 1 == all.end() ? all.front() : *(now + 1));
}

std::string Controller::Refusal() const {
  return refused_ ? refused_->message : std::string();
}

std::optional<NoticeText> Controller::CurrentNotice() const {
  NoticeText notice;
  const bool age_to_check = view_ && view_->age_check > 0;
  if (refused_ && !(age_to_check && refused_->code == "age_check_needed")) {
    notice.message = refused_->message;
    if (refused_->code == "unknown_barcode") {
      notice.way_out = Command::kSearch;
      notice.key = words_->Tr("Search by name");
      notice.shortcut = "F3";
    } else if (refused_->code == "member_not_found") {
      notice.way_out = Command::kEnrol;
      notice.key = words_->Tr("New member");
      notice.shortcut = "F5";
    }
    return notice;
  }
  if (age_to_check) {
    notice.tone = NoticeText::Tone::kWarn;
    notice.message = words_->Tr("Please check: is the customer %1 or older?", {std::to_string(view_->age_check)});
    notice.detail = words_->Tr("Look at an identity card. Payment waits for this.");
    notice.way_out = Command::kConfirmAge;
    notice.key = words_->Tr("Yes, %1 or older", {std::to_string(view_->age_check)});
    notice.shortcut = "F8";
    return notice;
  }
  if (auto asked = PrintNotice()) return asked;
  if (auto device = DeviceNotice()) return device;
  if (!print_.problem.empty() && view_ && view_->phase == presenters::Phase::kRinging) {
    notice.tone = NoticeText::Tone::kWarn;
    notice.message = print_.problem;
    notice.detail = words_->Tr("Receipt %1. The sale is saved.", {print_.receipt});
    return notice;
  }
  return StartNotice();
}

}  // namespace evertill::ui
