#include "devices/drawer/modem_lines.h"

#include <sys/ioctl.h>
#include <termios.h>

#include <cerrno>
#include <cstring>

#include "devices/drawer/drawer_error.h"

namespace evertill::devices::drawer {
namespace {

int BitOf(ModemLine line) {
  switch (line) {
    case ModemLine::kDtr:
      return TIOCM_DTR;
    case ModemLine::kRts:
      return TIOCM_RTS;
    case ModemLine::kCts:
      return TIOCM_CTS;
    case ModemLine::kDsr:
      return TIOCM_DSR;
    case ModemLine::kDcd:
      return TIOCM_CAR;
  }
  return 0;
}

class TtyLines final : public ModemLines {
 public:
  explicit TtyLines(int fd) : fd_(fd) {}

  [[nodiscard]] base::Status Set(ModemLine line, bool on) override {
    const int bit = BitOf(line);
    if (ioctl(fd_, on ? TIOCMBIS : TIOCMBIC, &bit) == 0) return {};
    return base::Fail(DrawerErrc::kNotReached, std::string("this port has no control lines: ") + std::strerror(errno));
  }

  [[nodiscard]] base::Expected<bool> Get(ModemLine line) override {
    int bits = 0;
    if (ioctl(fd_, TIOCMGET, &bits) == 0) return (bits & BitOf(line)) != 0;
    return base::Fail(DrawerErrc::kNotReached, std::string("this port has no control lines: ") + std::strerror(errno));
  }

 private:
  const int fd_;
};

}  // namespace

std::unique_ptr<ModemLines> LinesOf(link::Link& link) {
  return std::make_unique<TtyLines>(link.PollFd());
}

}  // namespace evertill::devices::drawer
