#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/worker.h"
#include "app/presenters/counter_port.h"
#include "app/presenters/customer_view.h"
#include "app/presenters/wedge.h"
#include "app/ui/look.h"

namespace evertill::ui {

/// The screen that the customer sees.
struct CustomerScreen {
  int monitor = 0;        ///< which monitor it fills, from 1; 0: none. With one monitor only there is none.
  bool asked_for = true;  ///< that its monitor is missing is something to tell
  bool windowed = false;  ///< a plain window instead, on whatever monitor there is
};

struct UiOptions {
  std::string language = "en";  ///< "en", "th", "vi"
  bool kiosk = false;           ///< full screen, without a frame
  Look look = Look::kLight;
  int width = 1280;
  int height = 800;
  CustomerScreen customer;
  presenters::WedgeSettings wedge;  ///< how the scanner that types is set up
  /// Others that show what the customer's screen shows, such as a pole display; they outlive RunApp().
  std::vector<checkout::CustomerDisplay*> displays;
  const base::Clock* clock = nullptr;  ///< must outlive RunApp()
};

/// Makes the counter, given where its callbacks are to be run. Called once, on the user interface's thread.
using MakeCounter = std::function<std::unique_ptr<presenters::CounterPort>(base::Dispatcher&)>;

/// Opens the window and runs the user interface until it is closed or SIGTERM or SIGINT comes; then destroys the
/// counter and returns the program's exit code: 1 when there is no display or no counter. Once in a process, on the
/// main thread.
[[nodiscard]] int RunApp(UiOptions options, MakeCounter make_counter);

}  // namespace evertill::ui
