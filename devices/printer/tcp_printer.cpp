#include "devices/printer/tcp_printer.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

// After the C library's, which define what it uses.
#include <linux/sockios.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "devices/link/file_descriptor.h"
#include "devices/printer/escpos_encoder.h"
#include "devices/printer/printer_error.h"

namespace evertill::devices::printer {
namespace {

using checkout::PrintState;

constexpr int kAcknowledgeStepMs = 5;

struct AddressInfoDeleter {
  void operator()(addrinfo* info) const { freeaddrinfo(info); }
};
using AddressInfoPtr = std::unique_ptr<addrinfo, AddressInfoDeleter>;

int PollRetrying(pollfd& entry, int timeout_ms) {
  int ready = 0;
  do {
    ready = poll(&entry, 1, timeout_ms);
  } while (ready < 0 && errno == EINTR);
  return ready;
}

/// Throws away what the printer says: an unread answer would turn our orderly close into a reset.
void DrainAnswers(int socket) {
  char answers[256];
  while (recv(socket, answers, sizeof answers, MSG_DONTWAIT) > 0) {
  }
}

base::Expected<link::FileDescriptor> ConnectOne(const addrinfo& to, const std::string& name, int timeout_ms) {
  link::FileDescriptor socket(::socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol));
  if (!socket.IsOpen()) return base::Fail(PrinterErrc::kUnreachable, name + ": " + std::strerror(errno));
  if (connect(socket.Get(), to.ai_addr, to.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return base::Fail(PrinterErrc::kUnreachable, name + ": " + std::strerror(errno));
    pollfd entry{socket.Get(), POLLOUT, 0};
    if (PollRetrying(entry, timeout_ms) == 0) {
      return base::Fail(PrinterErrc::kTimeout, name + ": no answer in " + std::to_string(timeout_ms) + " ms");
    }
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(socket.Get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return base::Fail(PrinterErrc::kUnreachable, name + ": " + std::strerror(error));
  }
  return socket;
}

base::Expected<link::FileDescriptor> Connect(const TcpAddress& address, int timeout_ms) {
  const std::string name = ToString(PrinterAddress(address));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  const AddressInfoPtr list(found);
  if (failed != 0) return base::Fail(PrinterErrc::kUnreachable, name + ": " + gai_strerror(failed));
  base::Expected<link::FileDescriptor> socket = base::Fail(PrinterErrc::kUnreachable, name + ": no address");
  for (const addrinfo* to = list.get(); to != nullptr; to = to->ai_next) {
    socket = ConnectOne(*to, name, timeout_ms);
    if (socket) break;
  }
  return socket;
}

/// Hands all bytes to the kernel as fast as the printer takes them. Returns how many it took.
size_t WriteAll(int socket, std::string_view job, int stall_ms) {
  size_t sent = 0;
  while (sent < job.size()) {
    const ssize_t taken = send(socket, job.data() + sent, job.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (taken > 0) {
      sent += static_cast<size_t>(taken);
      continue;
    }
    if (taken < 0 && errno == EINTR) continue;
    if (taken == 0 || errno != EAGAIN) break;
    DrainAnswers(socket);
    pollfd entry{socket, POLLOUT, 0};
    if (PollRetrying(entry, stall_ms) <= 0) break;
  }
  return sent;
}

/// Waits until the other side has acknowledged every byte; false when it stalls or is gone.
bool AwaitAcknowledgement(int socket, int stall_ms) {
  int pending = 0;
  int last = -1;
  for (int waited = 0; waited <= stall_ms; waited += kAcknowledgeStepMs) {
    if (ioctl(socket, SIOCOUTQ, &pending) != 0) return false;
    if (pending == 0) return true;
    if (pending != last) waited = 0;
    last = pending;
    pollfd entry{socket, 0, 0};  // errors only; answers must not wake it in a circle
    if (PollRetrying(entry, kAcknowledgeStepMs) > 0) return false;
    DrainAnswers(socket);
  }
  return false;
}

}  // namespace

TcpPrinter::TcpPrinter(TcpAddress address, PrinterProfile profile, TcpTimeouts timeouts)
    : address_(std::move(address)), profile_(profile), timeouts_(timeouts) {}

base::Expected<PrintState> TcpPrinter::Print(const domain::ReceiptDocument& document) {
  EVERTILL_ASSIGN(const std::string job, EncodeReceipt(document, profile_));
  return Send(job);
}

base::Expected<PrintState> TcpPrinter::Send(std::string_view job) {
  EVERTILL_ASSIGN(const link::FileDescriptor socket, Connect(address_, timeouts_.connect_ms));
  const int on = 1;
  setsockopt(socket.Get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const size_t sent = WriteAll(socket.Get(), job, timeouts_.stall_ms);
  if (sent == 0 && !job.empty()) {
    return base::Fail(PrinterErrc::kTimeout, ToString(PrinterAddress(address_)) + ": takes no data");
  }
  if (sent < job.size() || !AwaitAcknowledgement(socket.Get(), timeouts_.stall_ms)) return PrintState::kUnknown;
  DrainAnswers(socket.Get());
  shutdown(socket.Get(), SHUT_WR);
  return PrintState::kSent;
}

}  // namespace evertill::devices::printer
