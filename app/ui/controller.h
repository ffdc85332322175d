#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "app/presenters/counter_port.h"
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

  /// Null until the counter has answered for the first time.
  [[nodiscard]] const presenters::View* View() const { return view_ ? &*view_ : nullptr; }
  [[nodiscard]] const presenters::SyncView& Sync() const { return sync_; }
  [[nodiscard]] const presenters::PrintView& Print() const { return print_; }
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

  Stage& stage_;
  Trace& trace_;
  presenters::CounterPort* counter_ = nullptr;
  std::shared_ptr<const presenters::Words> words_;
  presenters::EntryLine entry_;
  std::optional<presenters::View> view_;
  presenters::SyncView sync_;
  presenters::PrintView print_;
  std::optional<presenters::Notice> refused_;
  std::deque<Sent> sent_;  ///< acts that have no answer yet
  Panel panel_ = Panel::kNone;
  std::string points_wanted_ = "max";  ///< what is redeemed once the PIN is right
  bool clearing_ = false;
  int64_t search_answers_ = 0;
};

}  // namespace evertill::ui
