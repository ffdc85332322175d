#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/render/png.h"
#include "app/render/write_file.h"
#include "devices/sim/label_device.h"
#include "devices/sim/serial_serve.h"
#include "devices/sim/sim_error.h"
#include "devices/sim/sim_ports.h"
#include "devices/sim/small_commands.h"

namespace evertill::devices::sim {
namespace {

constexpr int kExitUsage = 2;

struct Arguments {
  std::string listen = "127.0.0.1:9101";
  std::string folder;
  std::string language = "zpl";
};

/// label-0001.png and .json; the JSON last, so that what it tells of is whole.
void KeepLabel(const SimLabel& label, const std::filesystem::path& folder, int number) {
  char name[32];
  std::snprintf(name, sizeof name, "label-%04d", number);
  boost::json::array commands;
  for (const std::string& command : label.commands) commands.emplace_back(command);
  const boost::json::object facts{{"width", label.picture.Width()},
                                  {"height", label.picture.Height()},
                                  {"copies", label.copies},
                                  {"unknown", label.unknown},
                                  {"commands", std::move(commands)}};
  const auto drawn = render::WritePng(label.picture, folder / (std::string(name) + ".png"), {8, 8});
  const auto told =
      render::WriteWholeFile(folder / (std::string(name) + ".json"), boost::json::serialize(facts) + "\n");
  if (!drawn || !told) {
    (void)Failed((drawn ? told : drawn).error());
    return;
  }
  Say(std::string(name) + " " + std::to_string(label.picture.Width()) + "x" + std::to_string(label.picture.Height()) +
      " copies=" + std::to_string(label.copies));
}

class LabelServer {
 public:
  LabelServer(Listener listener, SimLabelPrinter& printer) : listener_(std::move(listener)), printer_(printer) {}

  void Run(int stop_fd) {
    for (;;) {
      pollfd entries[4] = {{stop_fd, POLLIN, 0},
                           {host_.IsOpen() ? -1 : listener_.fd.Get(), POLLIN, 0},
                           {host_.IsOpen() ? host_.Get() : -1, POLLIN, 0},
                           {input_ended_ ? -1 : STDIN_FILENO, POLLIN, 0}};
      if (poll(entries, 4, -1) < 0) continue;
      if (entries[0].revents != 0) return;
      if (entries[1].revents != 0) host_ = UniqueFd(accept4(listener_.fd.Get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (entries[2].revents != 0) TakeBytes();
      if (entries[3].revents != 0) TakeCommands();
    }
  }

 private:
  void TakeBytes() {
    char buffer[16384];
    const ssize_t count = recv(host_.Get(), buffer, sizeof buffer, 0);
    if (count <= 0) {
      host_ = UniqueFd();
      printer_.Disconnect();
      return;
    }
    const std::string answer = printer_.Take({buffer, static_cast<size_t>(count)});
    if (!answer.empty() && send(host_.Get(), answer.data(), answer.size(), MSG_NOSIGNAL) < 0) host_ = UniqueFd();
  }

  void TakeCommands() {
    char buffer[1024];
    const ssize_t count = read(STDIN_FILENO, buffer, sizeof buffer);
    if (count <= 0) {
      input_ended_ = true;
      return;
    }
    input_.append(buffer, static_cast<size_t>(count));
    for (size_t end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
      Say(printer_.Control(std::string_view(input_).substr(0, end)));
      input_.erase(0, end + 1);
    }
  }

  Listener listener_;
  SimLabelPrinter& printer_;
  UniqueFd host_;
  std::string input_;
  bool input_ended_ = false;
};

int ServeLabels(const Arguments& given) {
  const auto at = ParseHostPort(given.listen);
  if (!at) {
    std::fprintf(stderr, "evertill-devsim: --listen %s: expected HOST:PORT\n", given.listen.c_str());
    return kExitUsage;
  }
  std::error_code error;
  std::filesystem::create_directories(given.folder, error);
  if (error) return Failed({SimErrc::kFileUnwritable, given.folder + ": " + error.message()});
  const UniqueFd stop(OpenStopSignals());
  auto listener = ListenTcp(*at);
  if (!listener) return Failed(listener.error());
  SimLabelPrinter printer(given.language == "epl" ? SimLabelPrinter::Language::kEpl : SimLabelPrinter::Language::kZpl);
  int number = 0;
  printer.OnLabel([&](const SimLabel& label) { KeepLabel(label, given.folder, ++number); });
  Say("listening " + at->host + ":" + std::to_string(listener->port));
  LabelServer(std::move(*listener), printer).Run(stop.Get());
  return 0;
}

}  // namespace

SimCommand AddLabelCommand(CLI::App& app) {
  const auto given = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("label",
                                         "A label printer; commands on standard input: paper ok|out, head open|closed, "
                                         "pause on|off, status");
  command->add_option("--listen", given->listen, "HOST:PORT; port 0 takes any free one")->capture_default_str();
  command->add_option("--out", given->folder, "Folder for label-0001.png and .json")->required();
  command->add_option("--language", given->language, "What it speaks")
      ->check(CLI::IsMember({"zpl", "epl"}))
      ->capture_default_str();
  return {command, [given] { return ServeLabels(*given); }};
}

}  // namespace evertill::devices::sim
