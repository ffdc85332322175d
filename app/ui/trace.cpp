#include "app/ui/trace.h"

#include <gtk/gtk.h>
#include <wx/window.h>

#include <cinttypes>
#include <cstdlib>

#include "app/base/clock.h"

namespace evertill::ui {

Trace::Trace() {
#ifdef EVERTILL_TEST_HOOKS
  if (const char* path = std::getenv("EVERTILL_UI_TRACE"); path != nullptr) file_.reset(std::fopen(path, "a"));
#endif
}

void Trace::Watch(wxWindow& window) {
  if (!file_) return;
  GdkFrameClock* clock = gtk_widget_get_frame_clock(window.GetHandle());
  if (clock == nullptr) return;
  using Handler = void (*)(GdkFrameClock*, Trace*);
  const Handler painted = [](GdkFrameClock*, Trace* trace) { trace->FramePainted(); };
  g_signal_connect(clock, "after-paint", G_CALLBACK(painted), this);
}

void Trace::Scanned() {
  if (file_) Write("scan", ++scanned_);
}

void Trace::ViewShown() {
  if (file_) ++shown_;
}

void Trace::FramePainted() {
  while (painted_ < shown_) Write("painted", ++painted_);
}

void Trace::Write(const char* what, int64_t number) {
  std::fprintf(file_.get(), "%s %" PRId64 " %" PRId64 "\n", what, number, base::MonotonicNanos());
  std::fflush(file_.get());
}

}  // namespace evertill::ui
