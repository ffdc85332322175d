#include "devices/link/serial_link.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "devices/link/file_descriptor.h"
#include "devices/link/link_error.h"
#include "devices/link/poll_wait.h"

namespace evertill::devices::link {
namespace {

constexpr int kDrainStepMs = 5;
constexpr cc_t kXon = 0x11;
constexpr cc_t kXoff = 0x13;

speed_t SpeedOf(int baud) {
  switch (baud) {
    case 1200:
      return B1200;
    case 2400:
      return B2400;
    case 4800:
      return B4800;
    case 19200:
      return B19200;
    case 38400:
      return B38400;
    case 57600:
      return B57600;
    case 115200:
      return B115200;
    case 230400:
      return B230400;
    case 460800:
      return B460800;
    default:
      return B9600;
  }
}

/// The line as `address` says, every byte as it is, no modem control.
void MakeRaw(termios& line, const SerialAddress& address) {
  cfmakeraw(&line);
  line.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS | HUPCL);
  line.c_cflag |= CLOCAL | CREAD | (address.data_bits == 7 ? CS7 : CS8);
  if (address.parity != Parity::kNone) line.c_cflag |= PARENB;
  if (address.parity == Parity::kOdd) line.c_cflag |= PARODD;
  if (address.stop_bits == 2) line.c_cflag |= CSTOPB;
  if (address.flow == FlowControl::kHardware) line.c_cflag |= CRTSCTS;
  // The device may stop us; we never stop it (IXOFF), which would put control bytes into a picture.
  line.c_iflag &= ~static_cast<tcflag_t>(IXON | IXOFF | IXANY);
  if (address.flow == FlowControl::kSoftware) line.c_iflag |= IXON;
  line.c_cc[VSTART] = kXon;  // whatever the program before us left there
  line.c_cc[VSTOP] = kXoff;
  line.c_cc[VMIN] = 1;  // so that 0 bytes means that the line is gone
  line.c_cc[VTIME] = 0;
  cfsetispeed(&line, SpeedOf(address.baud));
  cfsetospeed(&line, SpeedOf(address.baud));
}

class SerialLink final : public Link {
 public:
  SerialLink(FileDescriptor line, std::string name) : line_(std::move(line)), name_(std::move(name)) {}

  /// The kernel would wait half a minute at the close for a device that holds the line up.
  ~SerialLink() override {
    if (!SerialLink::Drain(0)) tcflush(line_.Get(), TCOFLUSH);
    ioctl(line_.Get(), TIOCNXCL);
  }

  base::Expected<size_t> Write(std::string_view bytes, int stall_ms) override {
    if (lost_) return base::Fail(Lost("is gone"));
    size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t taken = write(line_.Get(), bytes.data() + sent, bytes.size() - sent);
      if (taken > 0) {
        sent += static_cast<size_t>(taken);
        continue;
      }
      if (taken < 0 && errno == EINTR) continue;
      if (taken < 0 && errno != EAGAIN) return Broken(sent, std::strerror(errno));
      const short happened = PollOne(line_.Get(), POLLOUT, stall_ms);
      if ((happened & (POLLHUP | POLLERR | POLLNVAL)) != 0) return Broken(sent, "hung up");
      if (happened == 0) break;
    }
    return sent;
  }

  base::Expected<std::string> Read(int timeout_ms) override {
    if (lost_) return base::Fail(Lost("is gone"));
    const short happened = PollOne(line_.Get(), POLLIN, timeout_ms);
    if (happened == 0) return std::string();
    char bytes[4096];
    const ssize_t got = read(line_.Get(), bytes, sizeof bytes);
    if (got > 0) return std::string(bytes, static_cast<size_t>(got));
    if (got < 0 && (errno == EAGAIN || errno == EINTR) && (happened & (POLLHUP | POLLERR | POLLNVAL)) == 0) {
      return std::string();
    }
    const std::string why = got == 0 ? "hung up" : std::strerror(errno);
    lost_ = true;
    return base::Fail(Lost(why));
  }

  /// tcdrain() would wait as long as the device holds the line up; the kernel is asked in steps instead.
  bool Drain(int timeout_ms) override {
    int pending = 0;
    for (int waited = 0;; waited += kDrainStepMs) {
      if (lost_ || ioctl(line_.Get(), TIOCOUTQ, &pending) != 0) return false;
      if (pending == 0) return true;
      if (waited >= timeout_ms) return false;
      if (PollOne(line_.Get(), 0, kDrainStepMs) != 0) return false;
    }
  }

  [[nodiscard]] bool ReadsBack() const override { return true; }
  [[nodiscard]] int PollFd() const override { return line_.Get(); }

 private:
  [[nodiscard]] base::Error Lost(const std::string& why) const { return {LinkErrc::kLost, name_ + ": " + why}; }
  base::Expected<size_t> Broken(size_t sent, const std::string& why) {
    lost_ = true;
    if (sent == 0) return base::Fail(Lost(why));
    return sent;
  }

  FileDescriptor line_;
  const std::string name_;
  bool lost_ = false;
};

LinkErrc WhyNotOpen(int error) {
  if (error == EACCES || error == EPERM) return LinkErrc::kNoPermission;
  return error == EBUSY ? LinkErrc::kBusy : LinkErrc::kUnreachable;
}

}  // namespace

base::Expected<std::unique_ptr<Link>> OpenSerialLink(const SerialAddress& address) {
  FileDescriptor line(open(address.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!line.IsOpen()) {
    const int error = errno;
    return base::Fail(WhyNotOpen(error), address.path + ": " + std::strerror(error));
  }
  if (isatty(line.Get()) == 0) return base::Fail(LinkErrc::kUnreachable, address.path + ": not a serial line");
  // TIOCEXCL does not keep root out, a lock does; other programs know only the first.
  if (flock(line.Get(), LOCK_EX | LOCK_NB) != 0) {
    return base::Fail(LinkErrc::kBusy, address.path + ": another program uses it");
  }
  ioctl(line.Get(), TIOCEXCL);
  termios settings{};
  if (tcgetattr(line.Get(), &settings) != 0) {
    return base::Fail(LinkErrc::kUnreachable, address.path + ": " + std::strerror(errno));
  }
  MakeRaw(settings, address);
  if (tcsetattr(line.Get(), TCSANOW, &settings) != 0) {
    return base::Fail(LinkErrc::kUnreachable, address.path + ": " + std::strerror(errno));
  }
  tcflush(line.Get(), TCIFLUSH);  // what it said to nobody
  return std::unique_ptr<Link>(std::make_unique<SerialLink>(std::move(line), address.path));
}

}  // namespace evertill::devices::link
