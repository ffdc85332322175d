#include <algorithm>
#include <utility>

#include "app/ui/controller.h"

// What stands beside the counter: the customer's screen, the devices, the printer.
namespace evertill::ui {
namespace {

using checkout::DeviceKind;
using presenters::DeviceView;
using presenters::PrintView;
using presenters::PrintWords;
using presenters::Urgency;

std::string KeyOf(DeviceKind kind, const std::string& address) {
  return std::to_string(static_cast<int>(kind)) + " " + address;
}
std::string KeyOf(const checkout::DeviceStatus& status) {
  return KeyOf(status.kind, status.address);
}

/// Those that the cashier cannot sell well without; the others are shown on the bar and on their page only.
bool Interrupts(DeviceKind kind) {
  return kind != DeviceKind::kCustomerScreen && kind != DeviceKind::kPoleDisplay;
}

}  // namespace

void Controller::AddDisplay(checkout::CustomerDisplay& display) {
  displays_.push_back(&display);
}

const presenters::Words& Controller::WordsIn(const std::string& language) {
  auto& words = known_words_[language];
  if (!words) words = presenters::Words::For(language);
  return *words;
}

void Controller::ShowCustomer() {
  if (displays_.empty() || !view_) return;
  const bool left = view_->phase == presenters::Phase::kPaid && view_->receipt == left_receipt_;
  const checkout::CustomerView shown =
      left ? presenters::IdleCustomerView(*view_, WordsIn(till_language_))
           : presenters::CustomerViewOf(*view_, WordsIn(presenters::CustomerLanguageOf(*view_, till_language_)));
  if (customer_ && shown == *customer_) return;
  customer_ = shown;
  for (checkout::CustomerDisplay* display : displays_) display->Show(shown);
}

void Controller::CustomerLeft() {
  if (!view_ || view_->phase != presenters::Phase::kPaid) return;
  left_receipt_ = view_->receipt;
  ShowCustomer();
}

void Controller::ReceiveDevice(const checkout::DeviceStatus& status) {
  const auto& all = board_.All();
  const auto before = std::find_if(all.begin(), all.end(),
                                   [&](const checkout::DeviceStatus& known) { return KeyOf(known) == KeyOf(status); });
  const bool same = before != all.end() && before->state == status.state && before->notes == status.notes;
  if (!same) {
    // What was put away comes back when something else is the matter.
    put_away_.erase(KeyOf(status));
    answers_.erase(KeyOf(status));
  }
  if (board_.Put(status)) stage_.Changed();
}

void Controller::ReceiveAnswer(const presenters::DeviceAnswer& answer) {
  answers_[KeyOf(answer.kind, answer.address)] = answer.problem.empty() ? words_->Tr("Done") : answer.problem;
  stage_.Changed();
}

void Controller::UseDevice(presenters::DeviceAct act, DeviceKind kind, std::string address) {
  if (counter_ == nullptr) return;
  answers_[KeyOf(kind, address)] = words_->Tr("One moment…");
  counter_->UseDevice(act, kind, std::move(address));
  stage_.Changed();
}

std::vector<DeviceView> Controller::Devices() const {
  std::vector<DeviceView> devices;
  for (const checkout::DeviceStatus& status : board_.All()) {
    devices.push_back(presenters::DeviceViewOf(status, *words_));
    if (const auto answer = answers_.find(KeyOf(status)); answer != answers_.end()) {
      devices.back().advice = answer->second;
    }
  }
  return devices;
}

void Controller::ReceivePrint(const PrintView& print) {
  std::erase_if(asking_, [&](const PrintView& one) { return one.receipt == print.receipt; });
  if (presenters::PrintWordsOf(print, *words_).asks) asking_.push_back(print);
  print_ = print;
  stage_.Changed();
}

/// Of which receipt the screen asks now whether it printed; nullptr where it asks for none.
const PrintView* Controller::AskedPrint() const {
  if (asking_.empty() || !view_) return nullptr;
  if (view_->phase != presenters::Phase::kPaid || panel_ == Panel::kDevices) return &asking_.front();
  const auto own = std::find_if(asking_.begin(), asking_.end(),
                                [&](const PrintView& print) { return print.receipt == view_->receipt; });
  return own == asking_.end() ? nullptr : &*own;
}

void Controller::AnswerPrint(bool again) {
  const PrintView* asked = AskedPrint();
  if (asked == nullptr || counter_ == nullptr) return;
  PrintView print = *asked;
  const bool seen = presenters::PrintWordsOf(print, *words_).seen_is;
  std::erase_if(asking_, [&](const PrintView& one) { return one.receipt == print.receipt; });
  if (again) {
    counter_->PrintAgain(print.receipt);
    print.state = checkout::PrintState::kQueued;
  } else if (seen) {
    counter_->PrintSeen(print.receipt);
    print.state = checkout::PrintState::kConfirmed;
  }
  print.problem.clear();
  print.at_start = false;
  if (print.receipt == print_.receipt) print_ = print;
  stage_.Changed();
}

PrintWords Controller::WordsOfPrint(const PrintView& print) const {
  PrintWords out = presenters::PrintWordsOf(print, *words_);
  // Answered already: it is told, and not asked again.
  const bool asks =
      std::any_of(asking_.begin(), asking_.end(), [&](const PrintView& one) { return one.receipt == print.receipt; });
  out.asks = out.asks && asks;
  if (print.state != checkout::PrintState::kQueued) return out;
  // The printer itself says best why it waits, and what to do.
  for (const checkout::DeviceStatus& device : board_.All()) {
    if (device.kind != DeviceKind::kReceiptPrinter || presenters::UrgencyOf(device) != Urgency::kNow) continue;
    const DeviceView view = presenters::DeviceViewOf(device, *words_);
    out.text = view.title + ": " + view.state;
    out.detail = view.advice;
    out.tone = presenters::Tone::kWarn;
    break;
  }
  return out;
}

PrintWords Controller::ReceiptWords() const {
  if (!view_) return {};
  const auto own = std::find_if(asking_.begin(), asking_.end(),
                                [&](const PrintView& print) { return print.receipt == view_->receipt; });
  if (own != asking_.end()) return WordsOfPrint(*own);
  if (print_.receipt == view_->receipt) return WordsOfPrint(print_);
  PrintWords out;
  if (!view_->prints) {
    out.text = words_->Tr("No printer: the receipt is kept");
    return out;
  }
  out = WordsOfPrint(PrintView{view_->receipt, checkout::PrintState::kQueued, {}});
  if (out.tone == presenters::Tone::kWarn) return out;
  if (print_.problem.empty()) return {};  // nothing is known about this receipt yet
  out.text = words_->Tr("The printer has a problem. The sale is saved; the receipt waits.");
  out.tone = presenters::Tone::kWarn;
  return out;
}

std::pair<std::string, PrintWords> Controller::LastPrint() const {
  const PrintView& print = asking_.empty() ? print_ : asking_.front();
  if (print.receipt.empty()) return {};
  return {words_->Tr("Receipt %1", {print.receipt}), WordsOfPrint(print)};
}

const checkout::DeviceStatus* Controller::DeviceToTell() const {
  const checkout::DeviceStatus* found = nullptr;
  for (const checkout::DeviceStatus& device : board_.All()) {
    const Urgency urgency = presenters::UrgencyOf(device);
    if (urgency == Urgency::kNone || !Interrupts(device.kind) || put_away_.contains(KeyOf(device))) continue;
    if (found == nullptr || urgency > presenters::UrgencyOf(*found)) found = &device;
  }
  return found;
}

std::optional<NoticeText> Controller::PrintNotice() const {
  const PrintView* asked = AskedPrint();
  if (asked == nullptr || view_->phase != presenters::Phase::kRinging) return std::nullopt;
  const PrintWords print = presenters::PrintWordsOf(*asked, *words_);
  NoticeText notice;
  notice.tone = NoticeText::Tone::kWarn;
  notice.message = words_->Tr("Receipt %1", {asked->receipt}) + ": " + print.text;
  notice.way_out = Command::kPrintAgain;
  notice.key = print.again;
  notice.shortcut = "F8";
  notice.other = Command::kPrintLeave;
  notice.other_key = print.leave;
  notice.other_shortcut = "Esc";
  return notice;
}

std::optional<NoticeText> Controller::DeviceNotice() const {
  const checkout::DeviceStatus* device = DeviceToTell();
  if (device == nullptr) return std::nullopt;
  const DeviceView view = presenters::DeviceViewOf(*device, *words_);
  NoticeText notice;
  notice.tone = view.urgency == Urgency::kNow ? NoticeText::Tone::kWarn : NoticeText::Tone::kCalm;
  notice.message = view.title + ": " + view.state;
  notice.detail = view.advice;
  notice.way_out = Command::kDevices;
  notice.key = words_->Tr("Devices");
  notice.shortcut = "Ctrl D";
  return notice;
}

std::optional<NoticeText> Controller::StartNotice() const {
  const bool told = print_.at_start && acted_;
  if (!print_.at_start || told || print_.receipt.empty()) return std::nullopt;
  const PrintWords print = WordsOfPrint(print_);
  NoticeText notice;
  notice.tone = NoticeText::Tone::kCalm;
  notice.message = words_->Tr("The last sale, %1, is saved.", {print_.receipt});
  notice.detail = print.text;
  return notice;
}

bool Controller::PutNoticeAway() {
  if (refused_ || (view_ && view_->age_check > 0)) return false;
  if (AskedPrint() != nullptr) {
    AnswerPrint(false);
    return true;
  }
  const checkout::DeviceStatus* device = DeviceToTell();
  if (device == nullptr) return false;
  put_away_.insert(KeyOf(*device));
  return true;
}

/// What still works is said once for each sale that it began in; what doesn't is said until it does.
void Controller::SalePaid() {
  for (const checkout::DeviceStatus& device : board_.All()) {
    if (presenters::UrgencyOf(device) == Urgency::kSoon) put_away_.insert(KeyOf(device));
  }
  stage_.StartThanksTimer();
}

}  // namespace evertill::ui
