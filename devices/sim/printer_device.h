#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "devices/sim/escpos_interpreter.h"
#include "devices/sim/print_mechanism.h"
#include "devices/sim/printer_condition.h"
#include "devices/sim/printer_model.h"

namespace evertill::devices::sim {

/// How a simulated printer misbehaves.
struct PrinterFaults {
  int64_t stall_after = -1;           ///< Bytes after which it takes nothing any more; -1: never.
  int64_t drop_after = -1;            ///< Bytes after which it breaks the connection, once; -1: never.
  bool garbage = false;               ///< Answers what nobody understands.
  bool mute = false;                  ///< Answers nothing.
  bool stalled = false;               ///< Takes nothing, answers nothing, keeps its connections.
  std::chrono::milliseconds late{0};  ///< Answers about printing come so much later than they should.
};

struct PrinterDeviceOptions {
  PrinterModel model = GenericPrinterModel();
  int width_dots = 576;
  PrinterFaults faults;
};

/// A way into the printer: a TCP connection or its serial port. Data that came in outlives the host that sent it.
class PrinterChannel {
 public:
  PrinterChannel(int width_dots, const PrinterModel& model) : printer(width_dots, model) {}

  EscPosInterpreter printer;
  bool host_gone = false;
  bool xon_xoff = false;  ///< Tells by XOFF and XON when its buffer fills up and empties.
  bool drop = false;      ///< To be broken by whoever owns the socket.
  uint64_t received = 0;
  uint64_t lost = 0;  ///< Bytes that came while the buffer was full.

 private:
  friend class PrinterDevice;
  struct Answer {
    std::chrono::milliseconds due;
    std::string bytes;
  };
  struct Promise {
    int64_t position;  ///< Of the mechanism.
    std::string id;
    int job;  ///< Which one since the start of the channel.
  };
  std::deque<Answer> answers_;
  std::deque<Promise> promises_;
  uint8_t automatic_mask_ = 0;
  bool xoff_told_ = false;
  int jobs_taken_ = 0;  ///< Jobs that were taken from the front of printer.Jobs().
  std::chrono::milliseconds last_byte_{0};
};

/// A receipt printer without a socket: receive buffers, paper, sensors, mechanism, and what it answers when. Time is
/// what it is told. Not thread-safe.
class PrinterDevice {
 public:
  explicit PrinterDevice(PrinterDeviceOptions options);
  PrinterDevice(const PrinterDevice&) = delete;
  PrinterDevice& operator=(const PrinterDevice&) = delete;

  PrinterChannel& AddChannel();
  [[nodiscard]] std::list<PrinterChannel>& Channels() { return channels_; }

  /// How many bytes the channel takes now; 0 with a full buffer or while stalled.
  [[nodiscard]] size_t Room(const PrinterChannel& channel) const;
  /// Bytes from the host: at most Room() of them, or else the rest is lost as on a serial line.
  void Receive(PrinterChannel& channel, std::string_view bytes, std::chrono::milliseconds now);
  /// Executes and prints what it can.
  void Work(std::chrono::milliseconds now);
  /// What is to be sent to the host now.
  [[nodiscard]] std::string TakeAnswers(PrinterChannel& channel, std::chrono::milliseconds now);
  /// Until something happens by itself; nothing when it doesn't.
  [[nodiscard]] std::optional<std::chrono::milliseconds> NextDue(std::chrono::milliseconds now) const;
  /// Whether everything that came in by a channel whose host is gone has been printed and told.
  [[nodiscard]] bool IsDone(const PrinterChannel& channel) const;
  /// Hands each job that is whole and has changed to `write`; `ended`: also what is not whole. Forgets jobs that cannot
  /// change any more.
  [[nodiscard]] base::Status Save(PrinterChannel& channel, bool ended, std::chrono::milliseconds now,
                                  const std::function<base::Status(SimJob&)>& write);

  /// Changes what the sensors see; automatic status tells the hosts.
  void Change(const PrinterCondition& to, std::chrono::milliseconds now);
  [[nodiscard]] const PrinterCondition& Condition() const { return condition_; }
  [[nodiscard]] PrinterFaults& Faults() { return options_.faults; }
  /// So much is left on the roll; the printer stops when it is used up. Negative: enough.
  void SetPaperLeft(int mm);
  /// Sends bytes that are no answer to anything to all hosts.
  void SendGarbage(std::chrono::milliseconds now);
  /// Switched off and on: buffers, settings and what was not printed yet are gone.
  void PowerOff();
  void PowerOn() { powered_ = true; }
  [[nodiscard]] bool IsPowered() const { return powered_; }

  /// How it stands, as JSON: paper, cover, cutter, drawer, online, buffered, pulses, printed_mm and more.
  [[nodiscard]] std::string Describe() const;

 private:
  void RealTime(PrinterChannel& channel, const RealTimeEvent& event, std::chrono::milliseconds now);
  void Execute(PrinterChannel& channel, std::chrono::milliseconds now);
  void Apply(PrinterChannel& channel, const SimStep& step, std::chrono::milliseconds now);
  void KeepPromises(PrinterChannel& channel, std::chrono::milliseconds now);
  void Pulse(std::chrono::milliseconds now);
  void TellFlow(PrinterChannel& channel, std::chrono::milliseconds now);
  void Answer(PrinterChannel& channel, std::string bytes, std::chrono::milliseconds due);
  void ClearBuffers();
  [[nodiscard]] bool Runs() const { return powered_ && !options_.faults.stalled && condition_.Online(); }
  [[nodiscard]] std::string Garbage(size_t length);

  PrinterDeviceOptions options_;
  PrinterCondition condition_;
  PrintMechanism mechanism_;
  std::list<PrinterChannel> channels_;
  bool powered_ = true;
  int64_t received_ = 0;
  int64_t fed_dots_ = 0;
  int64_t paper_left_dots_ = -1;
  int cuts_ = 0;
  int pulses_ = 0;
  std::string last_confirmed_;
  uint32_t noise_ = 12345;
};

}  // namespace evertill::devices::sim
