#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "devices/link/link.h"
#include "devices/link/open_link.h"
#include "devices/printer/job_ledger.h"
#include "devices/printer/printer_profile.h"
#include "devices/printer/printer_status.h"
#include "devices/printer/session_requests.h"

namespace evertill::devices::printer {

/// What a printer session's thread does, and all that it knows. One thread; no locks.
class SessionLoop {
 public:
  struct Setting {
    link::Address address;
    PrinterProfile profile;
    std::string name;
    link::OpenTimeouts open;
    int drawer = 0;
    int wake_fd = -1;  ///< Readable when there are requests.
  };
  SessionLoop(Setting setting, SessionBoard& board);
  ~SessionLoop();
  SessionLoop(const SessionLoop&) = delete;
  SessionLoop& operator=(const SessionLoop&) = delete;

  /// Until the board says to stop.
  void Run();

 private:
  enum class Stage {
    kAsked,    ///< Not begun: no byte has left.
    kSending,  ///< Some or all bytes are still to be handed over.
    kWaiting,  ///< All handed over; the printer is to say that it printed.
  };
  /// The job under way, and after its time-out what of it still has to follow.
  struct Job {
    JobId id = 0;
    std::string bytes;         ///< From Begin() on with the question whether it printed.
    size_t receipt_bytes = 0;  ///< Without it.
    size_t taken = 0;
    Stage stage = Stage::kAsked;
    Millis asked_at{0};
    Millis moved_at{0};  ///< When the link last took something, or everything.
    int attempt = 0;     ///< attempts_ when it was asked for.
    bool checking = false;
    bool checked_twice = false;
    bool just_heard = false;  ///< The printer, shortly before.
    bool begun_anew = false;  ///< The link broke before the first byte: tried once more.
    bool answered = false;    ///< The caller knows; only the rest is to be sent.
    checkout::LatePrintReport late;
    std::promise<base::Expected<checkout::PrintState>> done;
  };
  struct Pulse {
    Millis asked_at{0};
    int attempt = 0;      ///< attempts_ when it was asked for.
    bool queued = false;  ///< Its bytes are in outbox_.
    std::promise<base::Status> done;
  };

  // session_loop.cpp: the link and what comes from it.
  void TakeRequests();
  void Accept(JobRequest request);
  void Accept(ReadyRequest request);
  void Accept(PulseRequest request);
  [[nodiscard]] bool WantsLink() const;
  void Connect();
  void Greet();
  void Lose(const base::Error& why);
  void LetGo();
  void Hear();
  void Take(const StatusEvent& event);
  void TakeRealTime(uint8_t byte);
  void Send();
  void SendOutbox();
  void SendJob();
  void PollStatus();
  void AskStatus(int n);
  void Publish();
  [[nodiscard]] checkout::DeviceStatus Describe() const;
  void Wait();
  void Soon(Millis at);
  void EndAll();

  // session_job.cpp: one job's way.
  void Advance();
  void AdvanceAsked();
  void AdvanceWaiting();
  void AdvancePulses();
  /// False while it is not known yet; sets `why` when the printer takes no job.
  [[nodiscard]] bool Checked(std::optional<base::Error>& why);
  [[nodiscard]] bool Fenced(std::optional<base::Error>& why);
  void Begin();
  void GiveUp();
  void Finish(base::Expected<checkout::PrintState> result);
  void Confirm(JobId id);
  void PrintOneWay();
  void PulseOneWay();
  [[nodiscard]] bool AmidJob() const;
  [[nodiscard]] bool Answers() const;
  [[nodiscard]] bool CompletionExpected() const;
  [[nodiscard]] std::string CompletionRequest(JobId id);
  [[nodiscard]] std::string PulseBytes() const;

  const Setting setting_;
  const PrinterProfile& profile_;
  SessionBoard& board_;
  const std::unique_ptr<base::Clock> clock_;
  const bool one_way_;  ///< A file or a queue: opened for each job.
  const bool shared_;   ///< Connected for each job.
  Millis now_{0};
  Millis wake_at_{0};

  std::unique_ptr<link::Link> link_;
  std::optional<base::Error> why_absent_;  ///< In the link's words.
  int attempts_ = 0;                       ///< How often a link was tried to be opened.
  int attempts_before_ = 0;                ///< The same at the beginning of this turn of the loop.
  Millis connect_at_{0};                   ///< Not before, unless something is wanted.
  Millis tried_at_{0};
  Millis backoff_;
  Millis connected_at_{0};
  Millis look_at_{0};  ///< Shared: when to see how it is.
  size_t heal_bytes_ = 0;

  StatusDemux demux_;
  PrinterStatus status_;
  JobLedger ledger_;
  Millis heard_at_{0};
  Millis garbage_at_{0};
  bool garbage_ = false;
  bool heard_ = false;       ///< It has said something on this link.
  bool heard_ever_ = false;  ///< or on an earlier one
  bool replied_ever_ = false;
  Millis first_asked_at_{-1};  ///< GS r, for the first time: see Completion::kAuto.
  Millis replied_at_{0};
  bool fence_open_ = false;
  Millis fenced_at_{0};

  int polled_ = 0;  ///< DLE EOT n that is not answered yet.
  Millis polled_at_{0};
  Millis poll_at_{0};
  Millis online_heard_at_{-1};  ///< The last answer to n = 1.
  Millis cycle_done_at_{-1};
  int missed_ = 0;  ///< Polls in a row without an answer.

  std::string outbox_;  ///< Questions and pulses: between jobs, never amid one.
  Millis outbox_moved_at_{0};
  std::optional<Job> job_;
  std::deque<JobRequest> waiting_jobs_;
  std::deque<Pulse> pulses_;
  std::map<JobId, checkout::LatePrintReport> late_;
  JobId next_job_ = 1;

  checkout::DeviceStatus published_;
  bool published_once_ = false;
  bool takes_jobs_ = false;
};

}  // namespace evertill::devices::printer
