#include "app/presenters/counter_thread.h"

#include <utility>

namespace evertill::presenters {

/// What the counter's thread works on. Callbacks are called on the user interface's thread while `owner` lives: it is
/// cleared there, by the destructor, so no view can reach a port that is gone.
struct CounterThread::Shared {
  CounterPresenter presenter;
  base::Dispatcher& dispatcher;
  std::function<void()> after_sale;
  CounterThread* owner;
  std::string last_saved;
};

CounterThread::CounterThread(CounterPresenter presenter, base::Dispatcher& dispatcher, std::function<void()> after_sale)
    : shared_(std::make_shared<Shared>(Shared{std::move(presenter), dispatcher, std::move(after_sale), this, {}})),
      worker_("counter") {}

CounterThread::~CounterThread() {
  shared_->owner = nullptr;
}

void CounterThread::Do(Act act) {
  worker_.Post([shared = shared_, act = std::move(act)] {
    View view = shared->presenter.Do(act);
    const bool saved = !view.refused && view.phase == Phase::kPaid && view.receipt != shared->last_saved;
    if (saved) shared->last_saved = view.receipt;
    shared->dispatcher.Post([shared, view = std::move(view)] {
      if (shared->owner != nullptr && shared->owner->on_view) shared->owner->on_view(view);
    });
    if (saved && shared->after_sale) shared->after_sale();
  });
}

void CounterThread::UseLanguage(std::string language) {
  worker_.Post([shared = shared_, language = std::move(language)] { shared->presenter.UseLanguage(language); });
}

void CounterThread::ReportSync(const SyncView& sync) {
  worker_.Post([shared = shared_, sync] {
    shared->presenter.Counter().SetOnline(sync.state == SyncView::State::kOnline);
    shared->dispatcher.Post([shared, sync] {
      if (shared->owner != nullptr && shared->owner->on_sync) shared->owner->on_sync(sync);
    });
  });
}

void CounterThread::ReportPrint(const checkout::PrintRecord& record, const std::optional<base::Error>& problem) {
  worker_.Post([shared = shared_, record, problem] {
    const PrintView view{record.receipt.Value(), record.state,
                         problem ? shared->presenter.GetWords().Explain(*problem) : std::string()};
    shared->dispatcher.Post([shared, view] {
      if (shared->owner != nullptr && shared->owner->on_print) shared->owner->on_print(view);
    });
  });
}

void CounterThread::ReportLastPrint(const checkout::PrintRecord& record) {
  PrintView view{record.receipt.Value(), record.state, {}};
  view.at_start = true;
  shared_->dispatcher.Post([shared = shared_, view] {
    if (shared->owner != nullptr && shared->owner->on_print) shared->owner->on_print(view);
  });
}

void CounterThread::ReportDevice(const checkout::DeviceStatus& status) {
  // Not by way of the counter's thread: a paper jam is shown while a sale is being saved.
  shared_->dispatcher.Post([shared = shared_, status] {
    if (shared->owner != nullptr && shared->owner->on_device) shared->owner->on_device(status);
  });
}

void CounterThread::ReportScan(std::string text) {
  shared_->dispatcher.Post([shared = shared_, text = std::move(text)] {
    if (shared->owner != nullptr && shared->owner->on_scan) shared->owner->on_scan(text);
  });
}

void CounterThread::ReportDeviceAnswer(checkout::DeviceKind kind, const std::string& address,
                                       const base::Status& done) {
  worker_.Post([shared = shared_, kind, address, done] {
    const DeviceAnswer answer{kind, address, done ? std::string() : shared->presenter.GetWords().Explain(done.error())};
    shared->dispatcher.Post([shared, answer] {
      if (shared->owner != nullptr && shared->owner->on_device_answer) shared->owner->on_device_answer(answer);
    });
  });
}

}  // namespace evertill::presenters
