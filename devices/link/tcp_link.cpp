#include "devices/link/tcp_link.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

// After the C library's, which define what it uses.
#include <linux/sockios.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "devices/link/file_descriptor.h"
#include "devices/link/link_error.h"
#include "devices/link/poll_wait.h"

namespace evertill::devices::link {
namespace {

constexpr int kDrainStepMs = 2;
constexpr int kKeepAliveIdleSeconds = 10;
constexpr int kKeepAliveStepSeconds = 5;
constexpr int kKeepAliveProbes = 3;
// A printer without paper keeps its window shut as long as it takes to change the roll: shorter would break its job.
constexpr int kUnacknowledgedMs = 300'000;

struct AddressInfoDeleter {
  void operator()(addrinfo* info) const { freeaddrinfo(info); }
};
using AddressInfoPtr = std::unique_ptr<addrinfo, AddressInfoDeleter>;

void SetOption(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof value);
}

class TcpLink final : public Link {
 public:
  TcpLink(FileDescriptor socket, std::string name) : socket_(std::move(socket)), name_(std::move(name)) {
    const int fd = socket_.Get();
    SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    SetOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    SetOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, kKeepAliveIdleSeconds);
    SetOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, kKeepAliveStepSeconds);
    SetOption(fd, IPPROTO_TCP, TCP_KEEPCNT, kKeepAliveProbes);
    SetOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, kUnacknowledgedMs);
  }

  /// An unread answer would turn the orderly end into a reset, which throws away what the printer holds.
  ~TcpLink() override {
    char answers[256];
    while (recv(socket_.Get(), answers, sizeof answers, MSG_DONTWAIT) > 0) {
    }
    shutdown(socket_.Get(), SHUT_WR);
  }

  base::Expected<size_t> Write(std::string_view bytes, int stall_ms) override {
    if (lost_) return base::Fail(Lost("is closed"));
    size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t taken = send(socket_.Get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (taken > 0) {
        sent += static_cast<size_t>(taken);
        continue;
      }
      if (taken < 0 && errno == EINTR) continue;
      if (taken < 0 && errno != EAGAIN) {
        const std::string why = std::strerror(errno);
        lost_ = true;
        if (sent == 0) return base::Fail(Lost(why));
        break;
      }
      if (PollOne(socket_.Get(), POLLOUT, stall_ms) == 0) break;
    }
    return sent;
  }

  base::Expected<std::string> Read(int timeout_ms) override {
    if (lost_) return base::Fail(Lost("is closed"));
    if (PollOne(socket_.Get(), POLLIN, timeout_ms) == 0) return std::string();
    char bytes[4096];
    const ssize_t got = recv(socket_.Get(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (got > 0) return std::string(bytes, static_cast<size_t>(got));
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::string();
    const std::string why = got == 0 ? "the other side closed" : std::strerror(errno);
    lost_ = true;
    return base::Fail(Lost(why));
  }

  bool Drain(int timeout_ms) override {
    int pending = 0;
    for (int waited = 0;; waited += kDrainStepMs) {
      if (lost_ || ioctl(socket_.Get(), SIOCOUTQ, &pending) != 0) return false;
      if (pending == 0) return true;
      if (waited >= timeout_ms) return false;
      if (PollOne(socket_.Get(), 0, kDrainStepMs) != 0) return false;  // errors only: answers must not wake it
    }
  }

  [[nodiscard]] bool ReadsBack() const override { return true; }
  [[nodiscard]] int PollFd() const override { return socket_.Get(); }

 private:
  [[nodiscard]] base::Error Lost(const std::string& why) const { return {LinkErrc::kLost, name_ + ": " + why}; }

  FileDescriptor socket_;
  const std::string name_;
  bool lost_ = false;
};

base::Expected<FileDescriptor> ConnectOne(const addrinfo& to, const std::string& name, int timeout_ms) {
  FileDescriptor socket(::socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol));
  if (!socket.IsOpen()) return base::Fail(LinkErrc::kUnreachable, name + ": " + std::strerror(errno));
  if (connect(socket.Get(), to.ai_addr, to.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return base::Fail(LinkErrc::kUnreachable, name + ": " + std::strerror(errno));
  if (PollOne(socket.Get(), POLLOUT, timeout_ms) == 0) {
    return base::Fail(LinkErrc::kTimeout, name + ": no answer in " + std::to_string(timeout_ms) + " ms");
  }
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket.Get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return base::Fail(LinkErrc::kUnreachable, name + ": " + std::strerror(error));
  return socket;
}

}  // namespace

base::Expected<std::unique_ptr<Link>> OpenTcpLink(const TcpAddress& address, const OpenTimeouts& timeouts) {
  const std::string name = ToString(Address(address));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  const AddressInfoPtr list(found);
  if (failed != 0) return base::Fail(LinkErrc::kUnreachable, name + ": " + gai_strerror(failed));
  base::Expected<FileDescriptor> socket = base::Fail(LinkErrc::kUnreachable, name + ": no address");
  for (const addrinfo* to = list.get(); to != nullptr; to = to->ai_next) {
    socket = ConnectOne(*to, name, timeouts.connect_ms);
    if (socket) break;
  }
  if (!socket) return base::Fail(std::move(socket.error()));
  return std::unique_ptr<Link>(std::make_unique<TcpLink>(std::move(*socket), name));
}

}  // namespace evertill::devices::link
