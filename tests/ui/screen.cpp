#include "tests/ui/screen.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "app/presenters/wedge.h"

namespace evertill::tests {
namespace {

constexpr unsigned kShift = 50;
constexpr unsigned kAlt = 64;
constexpr unsigned kControl = 37;

void Run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

std::string Geometry(const Screen::Area& area) {
  return std::to_string(area.width) + "x" + std::to_string(area.height) + "+" + std::to_string(area.x) + "+" +
         std::to_string(area.y);
}

std::string OutputOf(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("failed: " + command);
  std::string text;
  char part[4096];
  for (size_t got = 0; (got = std::fread(part, 1, sizeof part, pipe)) > 0;) text.append(part, got);
  if (pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  return text;
}

}  // namespace

void Screen::Close::operator()(Display* display) const {
  XCloseDisplay(display);
}

Screen::Screen() : display_(XOpenDisplay(nullptr)) {
  if (!display_) throw std::runtime_error("no display: run this with tests/ui/with-display");
}

Screen::~Screen() = default;

void Screen::Key(unsigned hardware_code, bool shift, bool alt) {
  if (shift) XTestFakeKeyEvent(display_.get(), kShift, True, 0);
  if (alt) XTestFakeKeyEvent(display_.get(), kAlt, True, 0);
  XTestFakeKeyEvent(display_.get(), hardware_code, True, 0);
  XTestFakeKeyEvent(display_.get(), hardware_code, False, 0);
  if (alt) XTestFakeKeyEvent(display_.get(), kAlt, False, 0);
  if (shift) XTestFakeKeyEvent(display_.get(), kShift, False, 0);
  XFlush(display_.get());
}

void Screen::Control(unsigned hardware_code) {
  XTestFakeKeyEvent(display_.get(), kControl, True, 0);
  XTestFakeKeyEvent(display_.get(), hardware_code, True, 0);
  XTestFakeKeyEvent(display_.get(), hardware_code, False, 0);
  XTestFakeKeyEvent(display_.get(), kControl, False, 0);
  XFlush(display_.get());
}

void Screen::Type(const std::string& text, std::chrono::milliseconds pause) {
  for (const char wanted : text) {
    for (unsigned code = 10; code < 66; ++code) {
      const bool plain = presenters::UsCharacter(code, false) == wanted;
      if (!plain && presenters::UsCharacter(code, true) != wanted) continue;
      Key(code, !plain);
      break;
    }
    if (pause.count() > 0) std::this_thread::sleep_for(pause);
  }
}

void Screen::Enter() {
  Key(kKeyEnter);
}

void Screen::Scan(const std::string& code) {
  Type(code, std::chrono::milliseconds(0));
  Enter();
}

void Screen::Click(int x, int y) {
  XTestFakeMotionEvent(display_.get(), -1, x, y, 0);
  XFlush(display_.get());
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  XTestFakeButtonEvent(display_.get(), 1, True, 0);
  XTestFakeButtonEvent(display_.get(), 1, False, 20);
  XFlush(display_.get());
}

void Screen::UseLayout(const std::string& layout) {
  Run("setxkbmap " + layout);
}

std::vector<uint32_t> Screen::Pixels(Area area) {
  XImage* image = XGetImage(display_.get(), DefaultRootWindow(display_.get()), area.x, area.y,
                            static_cast<unsigned>(area.width), static_cast<unsigned>(area.height), AllPlanes, ZPixmap);
  if (image == nullptr) throw std::runtime_error("no picture of the screen");
  std::vector<uint32_t> pixels;
  for (int y = 0; y < area.height; ++y) {
    for (int x = 0; x < area.width; ++x) pixels.push_back(static_cast<uint32_t>(XGetPixel(image, x, y)));
  }
  XDestroyImage(image);
  return pixels;
}

std::string Screen::Read(Area area, bool light_on_dark) {
  const std::string ink = light_on_dark ? " -negate -resize 300% -threshold 60% " : " -resize 300% ";
  std::string text = OutputOf(
      "import -window root -crop " + Geometry(area) + " +repage png:- | convert png:- -colorspace gray" + ink +
      "png:- | OMP_THREAD_LIMIT=1 tesseract stdin stdout -l eng --psm " + (light_on_dark ? "7" : "6") + " 2>/dev/null");
  std::replace(text.begin(), text.end(), '\n', ' ');  // sentences go over lines
  return text;
}

std::string Screen::ReadCode(Area area) {
  return OutputOf("import -window root -crop " + Geometry(area) +
                  " +repage png:- | zbarimg --quiet --raw --nodbus png:- 2>/dev/null || true");
}

void Screen::Save(const std::string& path) {
  Run("import -window root '" + path + "'");
}

}  // namespace evertill::tests
