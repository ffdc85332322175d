#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "devices/link/file_descriptor.h"

namespace evertill::devices::test {

/// A printer as tests want it: does what a line of the test says, good or bad. On TCP of this machine, or on a pty.
class PeerPrinter {
 public:
  /// How it behaves; may be changed at any time through Set().
  struct Manner {
    bool mute = false;         ///< Answers nothing.
    bool answers_gs_r = true;  ///< GS r and GS ( H are two abilities.
    bool answers_gs_h = true;
    bool paper = true;  ///< Without: offline, holds GS r and GS ( H back until it is there again.
    bool near_end = false;
    bool cover_open = false;
    bool cutter_error = false;
    bool drawer_high = false;
    bool lose_replies = false;  ///< Forgets GS r and GS ( H for ever.
    bool stall = false;         ///< Reads nothing.
    bool xoff = false;          ///< On a pty: has sent XOFF.
    bool refuse = false;        ///< Hangs up on whoever connects.
    std::string garbage;        ///< Said once with the next answer.
    size_t hang_up_after = 0;   ///< Bytes on one connection; 0: never.
    int late_ms = 0;            ///< Before each completion.
  };

  explicit PeerPrinter(bool on_pty = false);
  ~PeerPrinter();
  PeerPrinter(const PeerPrinter&) = delete;
  PeerPrinter& operator=(const PeerPrinter&) = delete;

  /// "tcp://127.0.0.1:PORT" or "serial:/dev/pts/N".
  [[nodiscard]] std::string Address() const { return address_; }
  template <typename Change>
  void Set(Change change) {
    {
      const std::lock_guard lock(mutex_);
      change(manner_);
    }
    Wake();
  }
  /// Says these bytes now.
  void Say(const std::string& bytes);
  /// Ends the connection.
  void HangUp();

  /// All that came, DLE EOT left out, on all connections.
  [[nodiscard]] std::string Taken();
  [[nodiscard]] size_t Count(const std::string& what);
  [[nodiscard]] int Connections() const { return connections_; }
  /// Waits until `what` stands in what was taken, at most 5 s.
  [[nodiscard]] bool Await(const std::string& what, size_t times = 1);

 private:
  void Run();
  void Wake();
  void Hear();
  void Obey();
  void Tell(const std::string& bytes);
  [[nodiscard]] std::string Asb() const;
  [[nodiscard]] std::string RealTime(uint8_t n) const;
  [[nodiscard]] bool CanPrint() const;
  void Flush();
  [[nodiscard]] static int64_t Now();

  const bool on_pty_;
  std::string address_;
  link::FileDescriptor listener_;
  link::FileDescriptor keep_;
  link::FileDescriptor peer_;
  link::FileDescriptor wake_;
  std::mutex mutex_;
  Manner manner_;
  bool hang_up_ = false;
  std::string to_say_;
  std::string taken_;
  std::atomic<int> connections_{0};
  std::atomic<bool> stop_{false};

  // The thread's own.
  std::string pending_;
  struct Held {
    int64_t since = 0;
    std::string bytes;
  };
  std::vector<Held> held_;  ///< Answers that wait for paper, or their time.
  bool asb_ = false;
  std::string last_asb_;
  size_t heard_here_ = 0;
  std::thread thread_;
};

}  // namespace evertill::devices::test
