#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/presenters/counter_port.h"
#include "app/presenters/customer_view.h"
#include "app/presenters/entry.h"
#include "app/presenters/words.h"
#include "app/ui/command.h"
#include "app/ui/notice_bar.h"
#include "app/ui/stage.h"
#include "app/ui/trace.h"

namespace evertill::ui {

/// Turns keys, touches and scans into acts, and keeps what the screen shows. Knows which act each view answers: views
/// come in the order of the acts. The user interface's thread only.
class Controller {
 public:
  Controller(Stage& stage, Trace& trace, const std::string& language);

  /// Takes the counter's callbacks and asks how things stand. `counter` must outlive this.
  void Connect(presenters::CounterPort& counter);

  void Press(Command command);
  void Type(char character);
  void Scan(std::string code);
  void Search(std::string text);
  void Choose(std::string barcode);
  void Enrol(presenters::act::Enrol enrol);
  /// The member's PIN; when it is right, the points that were asked for are used.
  void EnterPin(std::string pin);
  void SignIn(std::string cashier, std::string pin);
  void OpenShift(std::string opening_float);
  /// The entry line before a burst of keys that proved to be a scan.
  void RestoreEntry(const presenters::EntryLine& before);
  void ForgetClear();
  void PanelClosed() { panel_ = Panel::kNone; }
  /// Shows the customer what this sale is; before Connect(). `display` outlives this.
  void AddDisplay(checkout::CustomerDisplay& display);
  /// The customer has had the time to read the change: the screen greets the next one.
  void CustomerLeft();
  void ReceiveDevice(const checkout::DeviceStatus& status);
  void UseDevice(presenters::DeviceAct act, checkout::DeviceKind kind, std::string address);

  /// Null until the counter has answered for the first time.
  [[nodiscard]] const presenters::View* View() const { return view_ ? &*view_ : nullptr; }
  [[nodiscard]] const presenters::SyncView& Sync() const { return sync_; }
  /// How the receipt of the sale that was just paid stands.
  [[nodiscard]] presenters::PrintWords ReceiptWords() const;
  /// "Receipt L03-000123" and how it stands: the one that is asked about, else the newest. Empty: there is none.
  [[nodiscard]] std::pair<std::string, presenters::PrintWords> LastPrint() const;
  [[nodiscard]] std::vector<presenters::DeviceView> Devices() const;
  [[nodiscard]] presenters::DeviceMark Mark() const { return presenters::MarkOf(board_, *words_); }
  [[nodiscard]] const presenters::Words& GetWords() const { return *words_; }
  [[nodiscard]] const presenters::EntryLine& Entry() const { return entry_; }
  [[nodiscard]] bool Clearing() const { return clearing_; }
  [[nodiscard]] Panel OpenedPanel() const { return panel_; }
  /// Why the last act was refused; empty when it wasn't.
  [[nodiscard]] std::string Refusal() const;
  [[nodiscard]] std::optional<NoticeText> CurrentNotice() const;
  /// Counts the answers to searches: a new number means that View()->found is new.
  [[nodiscard]] int64_t SearchAnswers() const { return search_answers_; }

 private:
  struct Sent {
    size_t kind = 0;    ///< index in Act
    std::string typed;  ///< of a code typed by hand
  };
  void Send(presenters::Act act);
  void SendTyped(std::optional<presenters::Act> act);
  void SendIf(std::optional<presenters::Act> act);
  void Receive(const presenters::View& view);
  /// After a part of the sum, or an amount that was refused, the next number is cash too.
  void AskForTheRest();
  void UseLanguage(const std::string& language);
  void NextLanguage();
  void PressSearch();
  void PressEnrol();
  void PressUsePoints();
  void AskPin(std::string points);
  void AfterPin();
  void PressPay();
  void PressClear();
  void PressNote(size_t index);
  [[nodiscard]] std::optional<int> Line() const;
  void PressEscape();
  void PressDevices();
  void SalePaid();
  void ShowCustomer();
  [[nodiscard]] const presenters::Words& WordsIn(const std::string& language);
  void ReceivePrint(const presenters::PrintView& print);
  void ReceiveAnswer(const presenters::DeviceAnswer& answer);
  [[nodiscard]] const presenters::PrintView* AskedPrint() const;
  void AnswerPrint(bool again);
  [[nodiscard]] presenters::PrintWords WordsOfPrint(const presenters::PrintView& print) const;
  [[nodiscard]] const checkout::DeviceStatus* DeviceToTell() const;
  [[nodiscard]] std::optional<NoticeText> PrintNotice() const;
  [[nodiscard]] std::optional<NoticeText> DeviceNotice() const;
  [[nodiscard]] std::optional<NoticeText> StartNotice() const;
  /// True when a notice that is no answer to an act was put away.
  bool PutNoticeAway();

  Stage& stage_;
  Trace& trace_;
  presenters::CounterPort* counter_ = nullptr;
  std::shared_ptr<const presenters::Words> words_;
  presenters::EntryLine entry_;
  std::optional<presenters::View> view_;
  presenters::SyncView sync_;
  presenters::PrintView print_;                ///< the newest
  std::vector<presenters::PrintView> asking_;  ///< a person has to look at these, the oldest first
  presenters::DeviceBoard board_;
  std::set<std::string> put_away_;              ///< devices whose notice was put away
  std::map<std::string, std::string> answers_;  ///< of devices that were asked for something
  std::vector<checkout::CustomerDisplay*> displays_;
  std::optional<checkout::CustomerView> customer_;  ///< what they show
  std::map<std::string, std::shared_ptr<const presenters::Words>> known_words_;
  const std::string till_language_;
  std::string left_receipt_;  ///< its customer has gone
  bool acted_ = false;        ///< somebody did something since the start
  std::optional<presenters::Notice> refused_;
  std::deque<Sent> sent_;  ///< acts that have no answer yet
  Panel panel_ = Panel::kNone;
  std::string points_wanted_ = "max";  ///< what is redeemed once the PIN is right
  bool clearing_ = false;
  int64_t search_answers_ = 0;
};

}  // namespace evertill::ui
