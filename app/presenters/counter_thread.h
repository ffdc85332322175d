#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/base/worker.h"
#include "app/presenters/counter_port.h"
#include "app/presenters/counter_presenter.h"

namespace evertill::presenters {

/// The counter on a thread of its own, for the screen.
class CounterThread final : public CounterPort {
 public:
  /// `dispatcher` brings views to the user interface's thread and outlives this. `after_sale` runs on the counter's
  /// thread once a sale is saved (to wake printer and sync).
  CounterThread(CounterPresenter presenter, base::Dispatcher& dispatcher, std::function<void()> after_sale);
  ~CounterThread() override;

  void Do(Act act) override;
  void UseLanguage(std::string language) override;

  /// From any thread: what sync and printer have to say, handed on to the screen.
  void ReportSync(const SyncView& sync);
  void ReportPrint(const checkout::PrintRecord& record, const std::optional<base::Error>& problem);
  /// Once, at the start: how the last receipt before it stands.
  void ReportLastPrint(const checkout::PrintRecord& record);
  /// Each device's reports, as checkout::DeviceReport brings them.
  void ReportDevice(const checkout::DeviceStatus& status);
  /// Each scan of a scanner that is no keyboard.
  void ReportScan(std::string text);
  /// How what the device page asked for went.
  void ReportDeviceAnswer(checkout::DeviceKind kind, const std::string& address, const base::Status& done);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  base::Worker worker_;  ///< last: its thread ends before what it uses
};

}  // namespace evertill::presenters
