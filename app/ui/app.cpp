#include "app/ui/app.h"

#include <fontconfig/fontconfig.h>
#include <gdk/gdk.h>
#include <glib-unix.h>
#include <wx/app.h>
#include <wx/iconbndl.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "app/base/assets.h"
#include "app/ui/customer_window.h"
#include "app/ui/main_window.h"
#include "app/ui/text.h"
#include "app/ui/ui_dispatcher.h"

namespace evertill::ui {
namespace {

/// Lets Noto Sans Thai stand in for Noto Sans's missing Thai, whatever else is installed.
void LoadFontRules() {
  const auto rules = base::AssetsDir() / "fonts" / "evertill.conf";
  FcConfigParseAndLoad(FcConfigGetCurrent(), reinterpret_cast<const FcChar8*>(rules.c_str()), FcFalse);
}

class TillApp final : public wxApp {
 public:
  TillApp(UiOptions options, MakeCounter make_counter)
      : options_(std::move(options)), make_counter_(std::move(make_counter)) {}

  bool OnInit() override {
    SetAppName("evertill");
    theme_ = std::make_unique<Theme>(options_.look);
    counter_ = make_counter_(dispatcher_);
    if (!counter_) return false;
    window_ = new MainWindow(options_, *theme_);  // wx destroys its top-level windows itself
    window_->Bind(wxEVT_DESTROY, [this](wxWindowDestroyEvent& event) {
      if (event.GetEventObject() == window_) {
        dispatcher_.Close();
        if (customer_) customer_->Close();  // or the loop would go on for its window
        window_ = nullptr;
      }
      event.Skip();
    });
    SetTopWindow(window_);
    Controller& controller = window_->GetController();
    for (checkout::CustomerDisplay* display : options_.displays) controller.AddDisplay(*display);
    OpenCustomerScreen();
    controller.Connect(*counter_);
    window_->Open(options_.kiosk);
    for (const int signal : {SIGTERM, SIGINT}) g_unix_signal_add(signal, &TillApp::OnSignal, this);
    return true;
  }

  int OnExit() override {
    dispatcher_.Close();
    counter_.reset();
    customer_.reset();
    theme_.reset();
    return wxApp::OnExit();
  }

 private:
  void OpenCustomerScreen() {
    if (options_.customer.monitor == 0 && !options_.customer.windowed) return;
    customer_ = std::make_unique<CustomerWindow>(options_.customer, options_.look,
                                                 [this](const checkout::DeviceStatus& status) {
                                                   if (window_ != nullptr)
                                                     window_->GetController().ReceiveDevice(status);
                                                 });
    window_->ShareKeysWith(*customer_);
    if (const auto place = customer_->PlaceForTill()) window_->PlaceOn(*place);
    window_->GetController().AddDisplay(*customer_);
    customer_->Open();
  }

  static gboolean OnSignal(gpointer self) {
    // Closing from here directly would leave the loop running.
    auto* app = static_cast<TillApp*>(self);
    app->CallAfter([app] {
      if (app->window_ != nullptr) app->window_->Close(true);
    });
    wxWakeUpIdle();
    return G_SOURCE_CONTINUE;
  }

  UiOptions options_;
  MakeCounter make_counter_;
  UiDispatcher dispatcher_;
  std::unique_ptr<Theme> theme_;
  std::unique_ptr<presenters::CounterPort> counter_;
  std::unique_ptr<CustomerWindow> customer_;
  MainWindow* window_ = nullptr;
};

}  // namespace

int RunApp(UiOptions options, MakeCounter make_counter) {
  // GTK would load OpenGL's software driver, 50 MB and 100 ms, for a window that never uses it.
  setenv("GDK_GL", "disable", 0);
  LoadFontRules();
  // Asked of GDK: wx would try to show its complaint in a window.
  if (gdk_init_check(nullptr, nullptr) == FALSE) {
    std::fputs("evertill: there is no display to open a window on (DISPLAY)\n", stderr);
    return 1;
  }
  wxApp::SetInstance(new TillApp(std::move(options), std::move(make_counter)));  // wxEntry deletes it
  int argc = 1;
  char name[] = "evertill";
  char* argv[] = {name, nullptr};
  return wxEntry(argc, argv) == 0 ? 0 : 1;
}

}  // namespace evertill::ui
