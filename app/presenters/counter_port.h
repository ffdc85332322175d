#pragma once

#include <functional>
#include <memory>

#include "app/presenters/act.h"
#include "app/presenters/view.h"

namespace evertill::presenters {

/// The counter as the screen sees it: acts go in from the user interface's thread and never block; views, in the order
/// of the acts, come back there through a dispatcher.
class CounterPort {
 public:
  virtual ~CounterPort() = default;
  /// Handles an act on the counter's own thread.
  virtual void Do(Act act) = 0;
  /// From the next view on, notices and names are in `language`.
  virtual void UseLanguage(std::string language) = 0;

  /// Called on the user interface's thread. Set before the first act.
  std::function<void(const View&)> on_view;
  std::function<void(const SyncView&)> on_sync;
  std::function<void(const PrintView&)> on_print;
};

}  // namespace evertill::presenters
