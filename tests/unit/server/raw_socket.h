#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/server/office.h"

namespace evertill::test {

/// A TCP connection to this machine, for what a well-behaved client would not do.
class RawSocket {
 public:
  explicit RawSocket(uint16_t port) : file_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(file_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~RawSocket() { ::close(file_); }
  RawSocket(RawSocket&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  /// What was taken; less than all when the other side has closed.
  size_t Send(std::string_view text) const {
    size_t sent = 0;
    while (sent < text.size()) {
      const ssize_t took = ::send(file_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (took <= 0) break;
      sent += static_cast<size_t>(took);
    }
    return sent;
  }
  /// Everything until the other side closes, or nothing has come for `patience_ms`.
  std::string ReadAll(int patience_ms = 10'000) const {
    std::string text;
    char buffer[4096];
    for (;;) {
      pollfd ready{file_, POLLIN, 0};
      if (::poll(&ready, 1, patience_ms) <= 0) return text;
      const ssize_t got = ::recv(file_, buffer, sizeof buffer, 0);
      if (got <= 0) return text;
      text.append(buffer, static_cast<size_t>(got));
    }
  }

 private:
  int file_;
};

inline std::string Exchange(uint16_t port, const std::string& request) {
  const RawSocket socket(port);
  socket.Send(request);
  return socket.ReadAll();
}

}  // namespace evertill::test
