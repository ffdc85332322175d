#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "app/base/expected.h"

namespace evertill::devices::sim {

/// Owns an open file or socket.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~UniqueFd();
  [[nodiscard]] int Get() const { return fd_; }
  [[nodiscard]] bool IsOpen() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct HostPort {
  std::string host;  ///< Without the brackets of IPv6.
  uint16_t port = 0;
};

/// "127.0.0.1:9100", "[::1]:0". Errors: sim_address_unusable.
[[nodiscard]] base::Expected<HostPort> ParseHostPort(const std::string& text);

struct Listener {
  UniqueFd fd;  ///< Accepts without blocking.
  uint16_t port = 0;
};

/// Listens for TCP; port 0 takes any free one. `receive_bytes` is how much the kernel keeps for a connection that isn't
/// read; 0 leaves that to it. Errors: sim_address_unusable.
[[nodiscard]] base::Expected<Listener> ListenTcp(const HostPort& at, int receive_bytes = 0);

/// Breaks a TCP connection at once, as when a cable is pulled and the other side comes to know.
void ResetConnection(UniqueFd socket);

/// A pseudo-terminal whose other end stands at a path of its own, as a serial device does. Gone when destroyed.
class SerialPort {
 public:
  /// A link at `path` to the end for the host; raw, as far as the host doesn't set it otherwise. Replaces a link that
  /// was left there, nothing else. Errors: sim_address_unusable.
  [[nodiscard]] static base::Expected<SerialPort> Open(const std::string& path);
  SerialPort() = default;
  SerialPort(SerialPort&&) noexcept = default;
  SerialPort& operator=(SerialPort&& other) noexcept;
  ~SerialPort();

  /// The device's end; not blocking. Never at its end, also while no host has it open.
  [[nodiscard]] int Fd() const { return device_.Get(); }

 private:
  UniqueFd device_;
  UniqueFd host_;  ///< Kept open, so that the line outlives the hosts.
  std::string path_;
};

}  // namespace evertill::devices::sim
