#include "app/ui/customer_window.h"

#include <gtk/gtk.h>

#include <utility>

#include "app/ui/text.h"

namespace evertill::ui {
namespace {

constexpr int kWindowedWidth = 960;
constexpr int kWindowedHeight = 600;

wxRect AreaOf(GdkMonitor* monitor) {
  GdkRectangle area;
  gdk_monitor_get_geometry(monitor, &area);
  return {area.x, area.y, area.width, area.height};
}

}  // namespace

class CustomerWindow::Frame final : public wxFrame {
 public:
  Frame(bool fills, Look look)
      : wxFrame(nullptr, wxID_ANY, "Evertill", wxDefaultPosition, wxSize(kWindowedWidth, kWindowedHeight),
                fills ? wxBORDER_NONE | wxFRAME_NO_TASKBAR : wxDEFAULT_FRAME_STYLE),
        theme_(look, Theme::Keys::kNone),
        pane_(new CustomerPane(this, theme_)) {
    GtkWindow* window = GTK_WINDOW(GetHandle());
    gtk_window_set_accept_focus(window, FALSE);
    gtk_window_set_focus_on_map(window, FALSE);
    gtk_window_set_role(window, "customer");
    if (fills) SetCursor(wxCursor(wxCURSOR_BLANK));  // nothing here is to be pointed at
    Bind(wxEVT_SIZE, [this](wxSizeEvent&) { pane_->SetSize(GetClientSize()); });
    // Whoever closes the plain window by its frame does not want it; the till goes on.
    Bind(wxEVT_CLOSE_WINDOW, [this](wxCloseEvent&) { Hide(); });
  }

  void Fill(GdkMonitor* monitor) {
    SetSize(AreaOf(monitor));
    GdkDisplay* display = gdk_monitor_get_display(monitor);
    for (int i = 0; i < gdk_display_get_n_monitors(display); ++i) {
      if (gdk_display_get_monitor(display, i) != monitor) continue;
      gtk_window_fullscreen_on_monitor(GTK_WINDOW(GetHandle()), gdk_display_get_default_screen(display), i);
    }
  }

  [[nodiscard]] CustomerPane& Pane() { return *pane_; }

 private:
  Theme theme_;
  CustomerPane* pane_;
};

CustomerWindow::CustomerWindow(const CustomerScreen& screen, Look look, checkout::DeviceReport report)
    : screen_(screen), look_(look), report_(std::move(report)) {}

CustomerWindow::~CustomerWindow() {
  Close();
}

GdkMonitor* CustomerWindow::FindMonitor() const {
  GdkDisplay* display = gdk_display_get_default();
  const int count = gdk_display_get_n_monitors(display);
  // On the only monitor it would cover the till.
  if (count < 2 || screen_.monitor < 1 || screen_.monitor > count) return nullptr;
  return gdk_display_get_monitor(display, screen_.monitor - 1);
}

std::optional<wxRect> CustomerWindow::PlaceForTill() const {
  GdkMonitor* mine = screen_.windowed ? nullptr : FindMonitor();
  if (mine == nullptr) return std::nullopt;
  GdkDisplay* display = gdk_display_get_default();
  if (GdkMonitor* first = gdk_display_get_primary_monitor(display); first != nullptr && first != mine) {
    return AreaOf(first);
  }
  for (int i = 0; i < gdk_display_get_n_monitors(display); ++i) {
    if (GdkMonitor* other = gdk_display_get_monitor(display, i); other != mine) return AreaOf(other);
  }
  return std::nullopt;
}

void CustomerWindow::Open() {
  open_ = true;
  const auto changed = +[](GdkDisplay*, GdkMonitor*, gpointer self) {
    auto* window = static_cast<CustomerWindow*>(self);
    window->CallAfter([window] { window->MonitorsChanged(); });
    wxWakeUpIdle();
  };
  GdkDisplay* display = gdk_display_get_default();
  added_ = g_signal_connect(display, "monitor-added", G_CALLBACK(changed), this);
  removed_ = g_signal_connect(display, "monitor-removed", G_CALLBACK(changed), this);
  MonitorsChanged();
}

void CustomerWindow::Close() {
  if (!open_) return;
  open_ = false;
  GdkDisplay* display = gdk_display_get_default();
  g_signal_handler_disconnect(display, added_);
  g_signal_handler_disconnect(display, removed_);
  if (frame_ != nullptr) frame_->Destroy();
  frame_ = nullptr;
}

void CustomerWindow::MonitorsChanged() {
  if (!open_) return;
  GdkMonitor* monitor = screen_.windowed ? nullptr : FindMonitor();
  const bool wanted = screen_.windowed || monitor != nullptr;
  told_ = told_ || wanted || screen_.asked_for;
  if (!screen_.windowed && told_) Report(wanted);
  if (!wanted) {
    if (frame_ != nullptr) frame_->Destroy();
    frame_ = nullptr;
    return;
  }
  const bool fresh = frame_ == nullptr;
  if (fresh) frame_ = new Frame(monitor != nullptr, look_);
  if (monitor != nullptr) frame_->Fill(monitor);
  if (!fresh) return;
  ShowNewest();
  frame_->ShowWithoutActivating();
}

void CustomerWindow::Report(bool present) {
  if (!report_) return;
  checkout::DeviceStatus status;
  status.kind = checkout::DeviceKind::kCustomerScreen;
  status.address = "monitor:" + std::to_string(screen_.monitor);
  if (GdkMonitor* monitor = FindMonitor(); monitor != nullptr && gdk_monitor_get_model(monitor) != nullptr) {
    status.name = gdk_monitor_get_model(monitor);
  }
  status.state = present ? checkout::DeviceState::kReady : checkout::DeviceState::kAbsent;
  report_(status);
}

void CustomerWindow::Show(const checkout::CustomerView& view) {
  {
    const std::lock_guard lock(mutex_);
    newest_ = view;
    if (std::exchange(posted_, true)) return;
  }
  CallAfter([this] { ShowNewest(); });
}

void CustomerWindow::ShowNewest() {
  checkout::CustomerView view;
  {
    const std::lock_guard lock(mutex_);
    view = newest_;
    posted_ = false;
  }
  if (frame_ != nullptr) frame_->Pane().ShowView(view);
}

bool CustomerWindow::Owns(const wxWindow* window) const {
  return frame_ != nullptr && window != nullptr && wxGetTopLevelParent(const_cast<wxWindow*>(window)) == frame_;
}

}  // namespace evertill::ui
