#pragma once

#include <functional>
#include <memory>

#include "app/presenters/act.h"
#include "app/presenters/device_view.h"
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

  // What stands beside the counter. None of these blocks; a till without such devices need not implement them.
  /// A person wants this receipt printed again: it may be on paper already, so it never happens by itself.
  virtual void PrintAgain(std::string receipt) { (void)receipt; }
  /// A person has seen that this receipt, of which nobody was sure, is on paper.
  virtual void PrintSeen(std::string receipt) { (void)receipt; }
  /// Asks one device, named by its kind and address, for something; on_device_answer tells how that went.
  virtual void UseDevice(DeviceAct act, checkout::DeviceKind kind, std::string address) {
    (void)act, (void)kind, (void)address;
  }

  /// Called on the user interface's thread. Set before the first act.
  std::function<void(const View&)> on_view;
  std::function<void(const SyncView&)> on_sync;
  std::function<void(const PrintView&)> on_print;
  std::function<void(const checkout::DeviceStatus&)> on_device;
  std::function<void(const DeviceAnswer&)> on_device_answer;
  std::function<void(std::string)> on_scan;  ///< by a scanner that is no keyboard
};

}  // namespace evertill::presenters
