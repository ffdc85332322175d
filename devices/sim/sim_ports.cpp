#include "devices/sim/sim_ports.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

#include "devices/sim/sim_error.h"

namespace evertill::devices::sim {
namespace {

struct AddressInfoDeleter {
  void operator()(addrinfo* info) const { freeaddrinfo(info); }
};

tl::unexpected<base::Error> Unusable(const std::string& what) {
  return base::Fail(SimErrc::kAddressUnusable, what + ": " + std::strerror(errno));
}

}  // namespace

UniqueFd::~UniqueFd() {
  if (fd_ >= 0) close(fd_);
}

base::Expected<HostPort> ParseHostPort(const std::string& text) {
  const size_t colon = text.rfind(':');
  HostPort at;
  if (colon != std::string::npos && colon > 0) {
    at.host = text.substr(0, colon);
    const bool bracketed = at.host.front() == '[' && at.host.back() == ']';
    if (bracketed) at.host = at.host.substr(1, at.host.size() - 2);
    const char* end = text.data() + text.size();
    const auto [parsed, error] = std::from_chars(text.data() + colon + 1, end, at.port);
    if (error == std::errc() && parsed == end && !at.host.empty()) return at;
  }
  return base::Fail(SimErrc::kAddressUnusable, text + ": expected HOST:PORT");
}

base::Expected<Listener> ListenTcp(const HostPort& at, int receive_bytes) {
  const std::string name = at.host + ":" + std::to_string(at.port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(at.host.c_str(), std::to_string(at.port).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, AddressInfoDeleter> address(found);
  if (failed != 0) return base::Fail(SimErrc::kAddressUnusable, name + ": " + gai_strerror(failed));
  Listener listener{UniqueFd(socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)), 0};
  const int fd = listener.fd.Get();
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // Before listening: connections take it over.
  if (receive_bytes > 0) {
    const int ethernet = 1460;  // with the loop's segments of 64 kB so small a window would crawl
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &ethernet, sizeof ethernet);
  }
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (fd < 0 || bind(fd, address->ai_addr, address->ai_addrlen) != 0 || listen(fd, 16) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    return Unusable(name);
  }
  char port[8];
  getnameinfo(reinterpret_cast<sockaddr*>(&bound), size, nullptr, 0, port, sizeof port, NI_NUMERICSERV);
  listener.port = static_cast<uint16_t>(std::stoi(port));
  return listener;
}

void ResetConnection(UniqueFd socket) {
  const linger at_once{1, 0};
  setsockopt(socket.Get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

base::Expected<SerialPort> SerialPort::Open(const std::string& path) {
  SerialPort port;
  port.device_ = UniqueFd(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  const int fd = port.device_.Get();
  char name[128];
  if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0 || ptsname_r(fd, name, sizeof name) != 0) return Unusable(path);
  port.host_ = UniqueFd(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  termios raw{};
  if (tcgetattr(port.host_.Get(), &raw) != 0) return Unusable(path);
  cfmakeraw(&raw);
  if (tcsetattr(port.host_.Get(), TCSANOW, &raw) != 0) return Unusable(path);
  std::error_code error;
  if (std::filesystem::is_symlink(path, error)) std::filesystem::remove(path, error);
  if (symlink(name, path.c_str()) != 0) return Unusable(path);
  port.path_ = path;
  return port;
}

SerialPort& SerialPort::operator=(SerialPort&& other) noexcept {
  std::swap(device_, other.device_);
  std::swap(host_, other.host_);
  std::swap(path_, other.path_);
  return *this;
}

SerialPort::~SerialPort() {
  if (!path_.empty()) unlink(path_.c_str());
}

}  // namespace evertill::devices::sim
