#include "tests/unit/devices/printer_session/peer_printer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "app/base/clock.h"

namespace evertill::devices::test {

using namespace std::string_literals;

PeerPrinter::PeerPrinter(bool on_pty) : on_pty_(on_pty), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (on_pty_) {
    int master = -1;
    int slave = -1;
    char name[128];
    termios raw{};
    cfmakeraw(&raw);
    if (openpty(&master, &slave, name, &raw, nullptr) != 0) std::abort();
    peer_ = link::FileDescriptor(master);
    keep_ = link::FileDescriptor(slave);
    address_ = "serial:"s + name;
  } else {
    listener_ = link::FileDescriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    if (bind(listener_.Get(), reinterpret_cast<sockaddr*>(&where), size) != 0) std::abort();
    getsockname(listener_.Get(), reinterpret_cast<sockaddr*>(&where), &size);
    if (listen(listener_.Get(), 4) != 0) std::abort();
    address_ = "tcp://127.0.0.1:" + std::to_string(ntohs(where.sin_port));
  }
  thread_ = std::thread([this] { Run(); });
}

PeerPrinter::~PeerPrinter() {
  stop_ = true;
  Wake();
  thread_.join();
}

int64_t PeerPrinter::Now() {
  return base::MonotonicNanos() / 1'000'000;
}

void PeerPrinter::Wake() {
  (void)eventfd_write(wake_.Get(), 1);
}

void PeerPrinter::Say(const std::string& bytes) {
  {
    const std::lock_guard lock(mutex_);
    to_say_ += bytes;
  }
  Wake();
}

void PeerPrinter::HangUp() {
  {
    const std::lock_guard lock(mutex_);
    hang_up_ = true;
  }
  Wake();
}

std::string PeerPrinter::Taken() {
  const std::lock_guard lock(mutex_);
  return taken_;
}

size_t PeerPrinter::Count(const std::string& what) {
  const std::string all = Taken();
  size_t count = 0;
  for (size_t at = all.find(what); at != std::string::npos; at = all.find(what, at + what.size())) ++count;
  return count;
}

bool PeerPrinter::Await(const std::string& what, size_t times) {
  for (int i = 0; i < 500; ++i) {
    if (Count(what) >= times) return true;
    usleep(10'000);
  }
  return false;
}

bool PeerPrinter::CanPrint() const {
  return manner_.paper && !manner_.cover_open && !manner_.cutter_error;
}

std::string PeerPrinter::Asb() const {
  int one = 0x10;
  if (manner_.drawer_high) one |= 0x04;
  if (!CanPrint()) one |= 0x08;
  if (manner_.cover_open) one |= 0x20;
  const int three = (manner_.paper ? 0 : 0x0C) | (manner_.near_end ? 0x03 : 0);
  return {static_cast<char>(one), static_cast<char>(manner_.cutter_error ? 0x08 : 0), static_cast<char>(three), '\x0F'};
}

std::string PeerPrinter::RealTime(uint8_t n) const {
  int byte = 0x12;
  if (n == 1 && manner_.drawer_high) byte |= 0x04;
  if (n == 1 && !CanPrint()) byte |= 0x08;
  if (n == 2 && manner_.cover_open) byte |= 0x04;
  if (n == 2 && !manner_.paper) byte |= 0x20;
  if (n == 2 && manner_.cutter_error) byte |= 0x40;
  if (n == 3 && manner_.cutter_error) byte |= 0x08;
  if (n == 4 && manner_.near_end) byte |= 0x0C;
  if (n == 4 && !manner_.paper) byte |= 0x60;
  return {static_cast<char>(byte)};
}

void PeerPrinter::Tell(const std::string& bytes) {
  if (manner_.mute || !peer_.IsOpen()) return;
  const std::string all = std::exchange(manner_.garbage, {}) + bytes;
  if (on_pty_) {
    (void)!write(peer_.Get(), all.data(), all.size());
  } else {
    (void)!send(peer_.Get(), all.data(), all.size(), MSG_NOSIGNAL);
  }
}

/// Takes what is whole of the commands it knows; everything else is print data.
void PeerPrinter::Obey() {
  size_t at = 0;
  while (at < pending_.size()) {
    const size_t data = std::min(pending_.find_first_of("\x10\x1D", at), pending_.size()) - at;
    taken_.append(pending_, at, data);
    at += data;
    const std::string_view rest = std::string_view(pending_).substr(at);
    if (rest.empty()) break;
    const auto is = [&rest](std::string_view head) { return rest.starts_with(head.substr(0, rest.size())); };
    size_t used = 1;
    if (is("\x10\x04")) {
      if (rest.size() < 3) break;
      Tell(RealTime(static_cast<uint8_t>(rest[2])));
      at += 3;
      continue;  // not kept: tests ask what was printed
    }
    if (is("\x1D\x72\x01") || is("\x1D\x61\x0F")) {
      if (rest.size() < 3) break;
      used = 3;
      if (rest[1] == 'r' && manner_.answers_gs_r && !manner_.lose_replies) held_.push_back({Now(), "\0"s});
      if (rest[1] == 'a') {
        asb_ = true;
        last_asb_ = Asb();
        Tell(last_asb_);
      }
    } else if (is("\x1D(H\x06\x00\x30\x30"s)) {
      if (rest.size() < 11) break;
      used = 11;
      if (manner_.answers_gs_h && !manner_.lose_replies) {
        held_.push_back({Now(), "\x37\x22" + std::string(rest.substr(7, 4)) + "\0"s});
      }
    }
    taken_ += rest.substr(0, used);
    at += used;
  }
  pending_.erase(0, at);
}

void PeerPrinter::Flush() {
  while (!held_.empty() && CanPrint() && Now() - held_.front().since >= manner_.late_ms) {
    Tell(held_.front().bytes);
    held_.erase(held_.begin());
  }
}

void PeerPrinter::Hear() {
  char bytes[65536];
  const ssize_t got = read(peer_.Get(), bytes, sizeof bytes);
  const std::lock_guard lock(mutex_);
  if (got <= 0) {
    if (!on_pty_) peer_ = link::FileDescriptor();
    return;
  }
  heard_here_ += static_cast<size_t>(got);
  pending_.append(bytes, static_cast<size_t>(got));
  Obey();
  if (manner_.hang_up_after > 0 && heard_here_ >= manner_.hang_up_after) hang_up_ = true;
}

void PeerPrinter::Run() {
  while (!stop_) {
    bool stalled = false;
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(hang_up_, false)) {
        peer_ = link::FileDescriptor();
        manner_.hang_up_after = 0;
      }
      if (!to_say_.empty()) Tell(std::exchange(to_say_, {}));
      if (asb_ && Asb() != last_asb_) {
        last_asb_ = Asb();
        Tell(last_asb_);
      }
      Flush();
      stalled = manner_.stall;
    }
    pollfd entries[3] = {{wake_.Get(), POLLIN, 0},
                         {peer_.IsOpen() ? -1 : listener_.Get(), POLLIN, 0},
                         {peer_.IsOpen() && !stalled ? peer_.Get() : -1, POLLIN, 0}};
    (void)poll(entries, 3, 5);
    eventfd_t count = 0;
    (void)eventfd_read(wake_.Get(), &count);
    if ((entries[1].revents & POLLIN) != 0) {
      link::FileDescriptor taken(accept4(listener_.Get(), nullptr, nullptr, SOCK_CLOEXEC));
      const std::lock_guard lock(mutex_);
      ++connections_;
      if (!manner_.refuse) peer_ = std::move(taken);
      heard_here_ = 0;
      pending_.clear();
      held_.clear();
      asb_ = false;
    }
    if (entries[2].revents != 0) Hear();
  }
}

}  // namespace evertill::devices::test
