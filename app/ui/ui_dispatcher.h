#pragma once

#include <functional>
#include <memory>

#include "app/base/worker.h"

namespace evertill::ui {

/// Runs tasks of other threads on the user interface's loop, in their order. Tasks that are still waiting when the
/// window is gone (Close() was called) are dropped.
class UiDispatcher final : public base::Dispatcher {
 public:
  UiDispatcher();
  ~UiDispatcher() override;

  void Post(std::function<void()> task) override;
  /// The user interface's thread. From now on nothing runs any more.
  void Close();

 private:
  struct Alive {};
  std::shared_ptr<Alive> alive_;
  std::weak_ptr<Alive> watch_;  ///< what Post() copies: alive_ itself belongs to the user interface's thread
};

}  // namespace evertill::ui
