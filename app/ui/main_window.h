#pragma once

#include <wx/frame.h>
#include <wx/timer.h>

#include <functional>
#include <string>

#include "app/base/clock.h"
#include "app/ui/app.h"
#include "app/ui/controller.h"
#include "app/ui/customer_window.h"
#include "app/ui/gate_page.h"
#include "app/ui/key_sink.h"
#include "app/ui/sell_page.h"
#include "app/ui/stage.h"
#include "app/ui/theme.h"
#include "app/ui/top_bar.h"
#include "app/ui/trace.h"
#include "app/ui/wedge_filter.h"

namespace evertill::ui {

/// The till's window: the bar on top, and below it signing in, counting the float, or selling, as the counter's phase
/// wants it. Draws what the controller holds; hands it keys and touches.
class MainWindow final : public wxFrame, private Stage, private KeySink {
 public:
  MainWindow(const UiOptions& options, Theme& theme);
  ~MainWindow() override;

  [[nodiscard]] Controller& GetController() { return controller_; }
  /// Keys that arrive at the customer's window are the till's. `customer` outlives this.
  void ShareKeysWith(const CustomerWindow& customer) { customer_ = &customer; }
  /// Before Open(): the monitor on which the till belongs.
  void PlaceOn(const wxRect& monitor);
  /// Shows the window, full screen where asked.
  void Open(bool kiosk);

 private:
  // Stage
  void Changed() override;
  void OpenPanel(Panel panel, const std::string& text) override;
  void ClosePanel() override;
  void SetPanelAside() override;
  void MoveChoice(int delta) override;
  [[nodiscard]] int ChosenLine() const override;
  void StartClearTimer() override;
  void StartThanksTimer() override;
  // KeySink
  [[nodiscard]] bool Owns(const wxWindow* window) const override;
  void BurstBegins() override;
  void Scanned(std::string code) override;
  bool Typed(char character) override;
  bool Entered() override;
  bool Pressed(int key, bool shift, bool control) override;
  bool AltTyped(char character) override;
  bool ControlTyped(char character) override;
  [[nodiscard]] bool Doubtful() const override;

  void BuildPages();
  void Place();
  void OnSize();
  void UseWords();
  void ShowPhase(presenters::Phase phase);
  void UpdateTopBar();
  [[nodiscard]] bool Selling() const {
    return phase_ == presenters::Phase::kRinging || phase_ == presenters::Phase::kPaid;
  }
  /// What a touch on a digit or ⌫ means now.
  void TouchDigit(char digit);
  void TouchCommand(Command command);
  /// The keyboard's way: false where the focused field wants the key.
  [[nodiscard]] TextField* FocusedField() const;

  Theme& theme_;
  const base::Clock& clock_;
  Trace trace_;
  Controller controller_;
  TopBar* top_bar_;
  SellPage* sell_;
  GatePage* sign_in_;
  GatePage* float_;
  std::string language_shown_;
  std::string subject_shown_;
  presenters::Phase phase_ = presenters::Phase::kRinging;
  wxTimer minute_;
  wxTimer entry_pause_;
  wxTimer clear_timer_;
  wxTimer thanks_timer_;
  const CustomerWindow* customer_ = nullptr;
  // What the keys of the running burst are typed into, as it was before.
  presenters::EntryLine entry_before_;
  TextField* field_before_ = nullptr;
  wxString text_before_;
  WedgeFilter filter_;
};

}  // namespace evertill::ui
