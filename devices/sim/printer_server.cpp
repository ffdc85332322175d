#include "devices/sim/printer_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <list>
#include <mutex>
#include <vector>

#include "app/base/clock.h"
#include "devices/sim/printer_control.h"
#include "devices/sim/sim_error.h"
#include "devices/sim/sim_ports.h"

namespace evertill::devices::sim {
namespace {

using std::chrono::milliseconds;

constexpr size_t kReadBytes = 65536;
constexpr size_t kMaxConnections = 32;
constexpr size_t kMaxLine = 4096;
constexpr int kKernelBytes = 4096;

}  // namespace

struct PrinterServer::State {
  /// A host that prints: a TCP connection, or whoever has the serial port open.
  struct Port {
    UniqueFd socket;  ///< Closed once the host is gone; not open for the serial port.
    int fd = -1;
    PrinterChannel* channel = nullptr;
    bool serial = false;
  };
  /// Somebody who gives commands.
  struct Commander {
    UniqueFd socket;  ///< Not open: standard input and output.
    std::string line;
    [[nodiscard]] int Fd() const { return socket.IsOpen() ? socket.Get() : STDIN_FILENO; }
  };

  explicit State(PrinterServerOptions with)
      : options(std::move(with)), device({options.model, options.width_dots, options.faults}) {
    PrinterCondition wired;
    wired.drawer_open_is_high = options.drawer_open_is_high;
    device.Change(wired, milliseconds(0));
  }

  PrinterServerOptions options;
  JobWriter writer;
  std::function<void(int, const SimJob&)> on_job;
  std::unique_ptr<base::Clock> clock = base::MakeSystemClock();
  UniqueFd wake{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};

  std::mutex mutex;  ///< Of what follows: held by Run() but while it waits.
  PrinterDevice device;
  Listener listener;
  uint16_t port = 0;  ///< Kept while it is switched off.
  Listener control;
  SerialPort serial;
  std::list<Port> ports;
  std::list<Commander> commanders;
  bool done = false;

  base::Status Save(PrinterChannel& channel, bool ended) {
    return device.Save(channel, ended, clock->Uptime(), [this](SimJob& job) -> base::Status {
      if (job.number == 0) job.number = writer.NextNumber();
      EVERTILL_TRY(writer.Write(job.number, job));
      if (on_job) on_job(job.number, job);
      return {};
    });
  }

  void HostIsGone(Port& gone) {
    gone.channel->host_gone = true;
    gone.socket = UniqueFd();
    gone.fd = -1;
  }

  void Read(Port& from) {
    static thread_local char buffer[kReadBytes];
    const size_t room = from.serial && options.xon_xoff ? kReadBytes : device.Room(*from.channel);
    const ssize_t got = read(from.fd, buffer, std::min(room, kReadBytes));
    if (got < 0 && (errno == EAGAIN || errno == EINTR || (from.serial && errno == EIO))) return;
    if (got > 0) return device.Receive(*from.channel, {buffer, static_cast<size_t>(got)}, clock->Uptime());
    if (!from.serial) HostIsGone(from);
  }

  void SendAnswers(Port& to) {
    const std::string answers = device.TakeAnswers(*to.channel, clock->Uptime());
    // A host that doesn't read its answers loses them, as with a real printer.
    if (answers.empty() || to.fd < 0) return;
    if (to.serial) {
      (void)!write(to.fd, answers.data(), answers.size());
    } else {
      (void)!send(to.fd, answers.data(), answers.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
  }

  /// Lets the printer do what is due; hosts get their answers, jobs are written, what is over is forgotten.
  base::Status Work() {
    device.Work(clock->Uptime());
    for (auto it = ports.begin(); it != ports.end();) {
      PrinterChannel& channel = *it->channel;
      SendAnswers(*it);
      if (std::exchange(channel.drop, false) && it->socket.IsOpen()) {
        ResetConnection(std::move(it->socket));
        HostIsGone(*it);
      }
      const bool over = device.IsDone(channel);
      EVERTILL_TRY(Save(channel, over));
      if (!over) {
        ++it;
        continue;
      }
      done = done || (options.once && channel.received > 0);
      device.Channels().remove_if([&](const PrinterChannel& one) { return &one == &channel; });
      it = ports.erase(it);
    }
    return Power();
  }

  /// Nothing listens while it is switched off.
  base::Status Power() {
    if (options.host.empty() || device.IsPowered() == listener.fd.IsOpen()) return {};
    if (!device.IsPowered()) {
      listener = {};
      return {};
    }
    EVERTILL_ASSIGN(listener, ListenTcp({options.host, port}, kKernelBytes));
    return {};
  }

  void AcceptHost() {
    UniqueFd socket(accept4(listener.fd.Get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.IsOpen()) return;
    const int fd = socket.Get();
    ports.push_back({std::move(socket), fd, &device.AddChannel(), false});
  }

  /// Commands that have come; false when the commander is gone.
  bool Listen(Commander& commander) {
    char buffer[1024];
    const ssize_t got = read(commander.Fd(), buffer, sizeof buffer);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (got <= 0) return false;
    commander.line.append(buffer, static_cast<size_t>(got));
    for (size_t end = commander.line.find('\n'); end != std::string::npos; end = commander.line.find('\n')) {
      const std::string answer = ControlPrinter(device, commander.line.substr(0, end), clock->Uptime()) + "\n";
      commander.line.erase(0, end + 1);
      if (commander.socket.IsOpen()) {
        (void)!send(commander.Fd(), answer.data(), answer.size(), MSG_NOSIGNAL);
      } else {
        std::fwrite(answer.data(), 1, answer.size(), stdout);
        std::fflush(stdout);
      }
    }
    return commander.line.size() < kMaxLine;
  }

  /// What to wait for; Handle() reads it in the same order. Who isn't read isn't waited for: the kernel keeps it.
  std::vector<pollfd> Waits(int stop_fd) {
    const auto in = [](int fd, bool wanted = true) { return pollfd{wanted ? fd : -1, POLLIN, 0}; };
    const auto open = std::count_if(ports.begin(), ports.end(), [](const Port& one) { return one.socket.IsOpen(); });
    const bool accepts = !device.Faults().stalled && static_cast<size_t>(open) < (options.single ? 1 : kMaxConnections);
    std::vector<pollfd> waits{in(stop_fd), in(wake.Get()), in(listener.fd.Get(), accepts), in(control.fd.Get())};
    for (const Commander& one : commanders) waits.push_back(in(one.Fd()));
    for (const Port& one : ports) {
      const bool reads = device.Room(*one.channel) > 0 || (one.serial && options.xon_xoff && device.IsPowered());
      waits.push_back(in(one.fd, reads));
    }
    return waits;
  }

  void Handle(const std::vector<pollfd>& waits) {
    uint64_t count = 0;
    if (waits[1].revents != 0) (void)!read(wake.Get(), &count, sizeof count);
    size_t at = 4;
    for (auto it = commanders.begin(); it != commanders.end(); ++at) {
      it = waits[at].revents == 0 || Listen(*it) ? std::next(it) : commanders.erase(it);
    }
    for (Port& one : ports) {
      if (waits[at++].revents != 0 && one.fd >= 0) Read(one);
    }
    if (waits[2].revents != 0) AcceptHost();
    if (waits[3].revents != 0) {
      UniqueFd socket(accept4(control.fd.Get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (socket.IsOpen()) commanders.push_back({std::move(socket), {}});
    }
  }
};

PrinterServer::PrinterServer() = default;
PrinterServer::~PrinterServer() = default;

base::Expected<std::unique_ptr<PrinterServer>> PrinterServer::Listen(PrinterServerOptions options, JobWriter writer) {
  std::unique_ptr<PrinterServer> server(new PrinterServer);
  server->state_ = std::make_unique<State>(std::move(options));
  State& state = *server->state_;
  state.writer = std::move(writer);
  if (!state.options.host.empty()) {
    EVERTILL_ASSIGN(state.listener, ListenTcp({state.options.host, state.options.port}, kKernelBytes));
    state.port = state.listener.port;
  }
  if (!state.options.control.empty()) {
    EVERTILL_ASSIGN(const HostPort at, ParseHostPort(state.options.control));
    EVERTILL_ASSIGN(state.control, ListenTcp(at));
  }
  if (!state.options.serial_path.empty()) {
    EVERTILL_ASSIGN(state.serial, SerialPort::Open(state.options.serial_path));
    PrinterChannel& channel = state.device.AddChannel();
    channel.xon_xoff = state.options.xon_xoff;
    state.ports.push_back({UniqueFd(), state.serial.Fd(), &channel, true});
  }
  if (state.options.commands_on_stdin) state.commanders.emplace_back();
  return server;
}

uint16_t PrinterServer::Port() const {
  return state_->port;
}

uint16_t PrinterServer::ControlPort() const {
  return state_->control.port;
}

void PrinterServer::OnJob(std::function<void(int, const SimJob&)> callback) {
  state_->on_job = std::move(callback);
}

std::string PrinterServer::Control(std::string_view line) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  const std::string answer = ControlPrinter(state.device, line, state.clock->Uptime());
  eventfd_write(state.wake.Get(), 1);
  return answer;
}

base::Status PrinterServer::Run(int stop_fd) {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  while (!state.done) {
    std::vector<pollfd> waits = state.Waits(stop_fd);
    const auto due = state.device.NextDue(state.clock->Uptime());
    lock.unlock();
    const int ready = poll(waits.data(), waits.size(), due ? static_cast<int>(due->count()) : -1);
    const int error = errno;
    lock.lock();
    if (ready < 0 && error != EINTR) return base::Fail(SimErrc::kAddressUnusable, std::strerror(error));
    if (ready > 0) state.Handle(waits);
    EVERTILL_TRY(state.Work());
    if (ready > 0 && waits[0].revents != 0) break;
  }
  for (State::Port& one : state.ports) EVERTILL_TRY(state.Save(*one.channel, true));
  state.ports.clear();
  state.device.Channels().clear();
  return {};
}

}  // namespace evertill::devices::sim
