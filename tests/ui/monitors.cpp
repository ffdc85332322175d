#include "tests/ui/monitors.h"

#include <X11/Xlib.h>
#include <X11/extensions/Xrandr.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace evertill::tests {
namespace {

struct Free {
  void operator()(Display* display) const { XCloseDisplay(display); }
  void operator()(XRRScreenResources* resources) const { XRRFreeScreenResources(resources); }
};
using Resources = std::unique_ptr<XRRScreenResources, Free>;

RRMode FindOrMakeMode(Display* display, Window root, const XRRScreenResources& resources, const Screen::Area& area) {
  std::string name = std::to_string(area.width) + "x" + std::to_string(area.height);
  for (int i = 0; i < resources.nmode; ++i) {
    if (resources.modes[i].name == name) return resources.modes[i].id;
  }
  XRRModeInfo mode{};
  mode.width = static_cast<unsigned>(area.width);
  mode.height = static_cast<unsigned>(area.height);
  mode.hSyncStart = mode.width + 72, mode.hSyncEnd = mode.width + 200, mode.hTotal = mode.width + 400;
  mode.vSyncStart = mode.height + 3, mode.vSyncEnd = mode.height + 9, mode.vTotal = mode.height + 31;
  mode.dotClock = static_cast<unsigned long>(mode.hTotal) * mode.vTotal * 60;
  mode.name = name.data();
  mode.nameLength = static_cast<unsigned>(name.size());
  return XRRCreateMode(display, root, &mode);
}

}  // namespace

void UseMonitors(const std::vector<Screen::Area>& areas) {
  const std::unique_ptr<Display, Free> display(XOpenDisplay(nullptr));
  if (!display) throw std::runtime_error("no display: run this with tests/ui/with-monitors");
  const Window root = DefaultRootWindow(display.get());
  Resources resources(XRRGetScreenResourcesCurrent(display.get(), root));
  if (!resources || resources->noutput < static_cast<int>(areas.size())) {
    throw std::runtime_error("this screen cannot have that many monitors: run this with tests/ui/with-monitors");
  }
  for (int i = 0; i < resources->ncrtc; ++i) {
    XRRSetCrtcConfig(display.get(), resources.get(), resources->crtcs[i], CurrentTime, 0, 0, None, RR_Rotate_0, nullptr,
                     0);
  }
  int width = 0, height = 0;
  for (const Screen::Area& area : areas) {
    width = std::max(width, area.x + area.width);
    height = std::max(height, area.y + area.height);
  }
  XRRSetScreenSize(display.get(), root, width, height, width * 344 / 1280, height * 344 / 1280);  // a 15.6" panel
  for (size_t i = 0; i < areas.size(); ++i) {
    const RRMode mode = FindOrMakeMode(display.get(), root, *resources, areas[i]);
    RROutput output = resources->outputs[i];
    XRRAddOutputMode(display.get(), output, mode);
    XRRSetCrtcConfig(display.get(), resources.get(), resources->crtcs[i], CurrentTime, areas[i].x, areas[i].y, mode,
                     RR_Rotate_0, &output, 1);
    if (i == 0) XRRSetOutputPrimary(display.get(), root, output);
    resources.reset(XRRGetScreenResourcesCurrent(display.get(), root));
  }
  // Asked in full, the driver looks anew and says that what was just switched on is plugged in.
  resources.reset(XRRGetScreenResources(display.get(), root));
  XSync(display.get(), False);
  std::this_thread::sleep_for(std::chrono::milliseconds(700));  // the window manager hears of it too
}

}  // namespace evertill::tests
