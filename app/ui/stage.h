#pragma once

#include <string>

namespace evertill::ui {

/// What stands where the basket is, when it isn't the basket.
enum class Panel { kNone, kSearch, kEnrol, kPin, kDevices };

/// What the controller needs of the window that draws for it.
class Stage {
 public:
  virtual ~Stage() = default;
  /// Something to draw changed.
  virtual void Changed() = 0;
  /// An empty search was opened, or one for `text`; a new member's form, with what was typed as the phone;
  /// the pad for a member's PIN.
  virtual void OpenPanel(Panel panel, const std::string& text) = 0;
  virtual void ClosePanel() = 0;
  /// Closes it, but what was typed into a new member's form is there when it is opened again.
  virtual void SetPanelAside() = 0;
  /// The basket's chosen line moves, or what is read on the device page.
  virtual void MoveChoice(int delta) = 0;
  /// The number of the chosen line; 0 when there is none.
  [[nodiscard]] virtual int ChosenLine() const = 0;
  /// Clear was pressed once: Controller::ForgetClear() is due in a few seconds.
  virtual void StartClearTimer() = 0;
  /// A sale was paid: Controller::CustomerLeft() is due when the customer has had the time to read the change.
  virtual void StartThanksTimer() = 0;
};

}  // namespace evertill::ui
