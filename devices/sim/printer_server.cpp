#include "devices/sim/printer_server.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <list>

#include "devices/sim/sim_error.h"

namespace evertill::devices::sim {
namespace {

constexpr size_t kReadBytes = 65536;
constexpr size_t kMaxConnections = 32;

struct AddressInfoDeleter {
  void operator()(addrinfo* info) const { freeaddrinfo(info); }
};

}  // namespace

struct PrinterServer::State {
  struct Connection {
    explicit Connection(int fd, int width_dots) : socket(fd), printer(width_dots) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { close(socket); }
    int socket;
    EscPosInterpreter printer;
    std::vector<int> numbers;  ///< Of the printer's jobs, in order.
    bool brought_bytes = false;
  };

  PrinterServerOptions options;
  JobWriter writer;
  int listener = -1;
  uint16_t port = 0;
  std::list<Connection> connections;
  std::function<void(int, const SimJob&)> on_job;
  bool done = false;

  ~State() {
    if (listener >= 0) close(listener);
  }

  base::Status Save(Connection& connection, bool ended) {
    auto& jobs = connection.printer.Jobs();
    for (size_t i = 0; i < jobs.size(); ++i) {
      const bool whole = ended || jobs[i].cuts > 0;
      if (!whole || !jobs[i].changed) continue;
      while (connection.numbers.size() <= i) connection.numbers.push_back(writer.NextNumber());
      EVERTILL_TRY(writer.Write(connection.numbers[i], jobs[i]));
      jobs[i].changed = false;
      if (on_job) on_job(connection.numbers[i], jobs[i]);
    }
    return {};
  }

  base::Status End(Connection& connection) {
    connection.printer.Finish();
    EVERTILL_TRY(Save(connection, true));
    done = done || (options.once && connection.brought_bytes);
    return {};
  }

  /// False when the connection has ended.
  base::Expected<bool> Read(Connection& connection) {
    static thread_local char buffer[kReadBytes];
    const ssize_t got = recv(connection.socket, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (got <= 0) {
      EVERTILL_TRY(End(connection));
      return false;
    }
    connection.brought_bytes = true;
    const std::string replies = connection.printer.Take({buffer, static_cast<size_t>(got)});
    // A host that doesn't read its answers loses them, as with a real printer.
    if (!replies.empty()) (void)!send(connection.socket, replies.data(), replies.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    EVERTILL_TRY(Save(connection, false));
    return true;
  }

  void Accept() {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) connections.emplace_back(fd, options.width_dots);
  }
};

PrinterServer::PrinterServer() : state_(std::make_unique<State>()) {}
PrinterServer::~PrinterServer() = default;

base::Expected<std::unique_ptr<PrinterServer>> PrinterServer::Listen(PrinterServerOptions options, JobWriter writer) {
  const std::string name = options.host + ":" + std::to_string(options.port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, AddressInfoDeleter> address(found);
  if (failed != 0) return base::Fail(SimErrc::kAddressUnusable, name + ": " + gai_strerror(failed));

  std::unique_ptr<PrinterServer> server(new PrinterServer);
  State& state = *server->state_;
  state.options = std::move(options);
  state.writer = std::move(writer);
  state.listener = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(state.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (state.listener < 0 || bind(state.listener, address->ai_addr, address->ai_addrlen) != 0 ||
      listen(state.listener, 16) != 0 || getsockname(state.listener, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    return base::Fail(SimErrc::kAddressUnusable, name + ": " + std::strerror(errno));
  }
  char port[8];
  getnameinfo(reinterpret_cast<sockaddr*>(&bound), size, nullptr, 0, port, sizeof port, NI_NUMERICSERV);
  state.port = static_cast<uint16_t>(std::stoi(port));
  return server;
}

uint16_t PrinterServer::Port() const {
  return state_->port;
}

void PrinterServer::OnJob(std::function<void(int, const SimJob&)> callback) {
  state_->on_job = std::move(callback);
}

base::Status PrinterServer::Run(int stop_fd) {
  State& state = *state_;
  while (!state.done) {
    std::vector<pollfd> entries{{stop_fd, POLLIN, 0}, {state.listener, POLLIN, 0}};
    if (state.connections.size() >= kMaxConnections) entries[1].events = 0;
    for (const auto& connection : state.connections) entries.push_back({connection.socket, POLLIN, 0});
    if (poll(entries.data(), entries.size(), -1) < 0 && errno != EINTR) {
      return base::Fail(SimErrc::kAddressUnusable, std::strerror(errno));
    }
    size_t entry = 2;
    for (auto it = state.connections.begin(); it != state.connections.end(); ++entry) {
      bool alive = true;
      if (entries[entry].revents != 0) {
        EVERTILL_ASSIGN(alive, state.Read(*it));
      }
      it = alive ? std::next(it) : state.connections.erase(it);
    }
    if (entries[0].revents != 0) break;
    if (entries[1].revents != 0) state.Accept();
  }
  for (auto& connection : state.connections) EVERTILL_TRY(state.End(connection));
  state.connections.clear();
  return {};
}

}  // namespace evertill::devices::sim
