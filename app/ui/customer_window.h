#pragma once

#include <wx/frame.h>

#include <functional>
#include <mutex>
#include <optional>

#include "app/presenters/customer_view.h"
#include "app/presenters/device_view.h"
#include "app/ui/app.h"
#include "app/ui/customer_pane.h"
#include "app/ui/theme.h"

typedef struct _GdkMonitor GdkMonitor;

namespace evertill::ui {

/// The customer's screen: a window that fills a second monitor, or a plain one where it was asked for. It comes and
/// goes with its monitor, and never has the keyboard: a scanner's keys go on to the till, also after a touch on it.
class CustomerWindow final : public wxEvtHandler, public checkout::CustomerDisplay {
 public:
  /// Reports whether the monitor is there, as the other devices do; on the user interface's thread.
  CustomerWindow(const CustomerScreen& screen, Look look, checkout::DeviceReport report);
  ~CustomerWindow() override;

  /// Opens it where its monitor is there. The user interface's thread.
  void Open();
  /// The user interface's thread. Nothing is shown any more.
  void Close();
  void Show(const checkout::CustomerView& view) override;

  /// Where the till itself belongs: a monitor that is not the customer's. Nothing where there is only one.
  [[nodiscard]] std::optional<wxRect> PlaceForTill() const;
  /// Whether `window` is part of it: keys that a desktop without a window manager sends there are the till's.
  [[nodiscard]] bool Owns(const wxWindow* window) const;

 private:
  class Frame;
  [[nodiscard]] GdkMonitor* FindMonitor() const;
  void MonitorsChanged();
  void Report(bool present);
  void ShowNewest();

  const CustomerScreen screen_;
  const Look look_;
  const checkout::DeviceReport report_;
  Frame* frame_ = nullptr;
  bool told_ = false;  ///< that there is such a screen, or that there should be
  bool open_ = false;
  unsigned long added_ = 0;  ///< GDK's signals
  unsigned long removed_ = 0;

  std::mutex mutex_;
  checkout::CustomerView newest_;  ///< guarded
  bool posted_ = false;            ///< guarded
};

}  // namespace evertill::ui
