#include "devices/sim/printer_command.h"

#include <sys/signalfd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

#include "devices/sim/job_writer.h"
#include "devices/sim/printer_server.h"
#include "devices/sim/sim_error.h"
#include "devices/sim/sim_ports.h"

namespace evertill::devices::sim {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

int Report(const base::Error& error) {
  std::fprintf(stderr, "evertill-devsim: %s\n", error.ToString().c_str());
  return kExitFailed;
}

/// A descriptor that becomes readable on SIGTERM or SIGINT.
UniqueFd StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  // A simulator in the background of a terminal takes no commands from it, rather than being stopped.
  std::signal(SIGTTIN, SIG_IGN);
  return UniqueFd(signalfd(-1, &set, SFD_CLOEXEC));
}

/// The options of `printer` as they stand on the command line.
struct PrinterArguments {
  PrinterServerOptions options;
  std::string listen = "127.0.0.1:9100";
  std::string folder;
  std::string model = "generic";
  int speed = -1;
  int buffer = -1;
  int late = 0;
  bool no_network = false;
  bool drawer_low = false;
};

int ServePrinter(PrinterArguments& given) {
  PrinterServerOptions& options = given.options;
  if (given.no_network) {
    options.host.clear();
  } else {
    const auto at = ParseHostPort(given.listen);
    if (!at) {
      std::fprintf(stderr, "evertill-devsim: --listen %s: expected HOST:PORT\n", given.listen.c_str());
      return kExitUsage;
    }
    options.host = at->host;
    options.port = at->port;
  }
  options.model = *FindPrinterModel(given.model);
  if (given.speed >= 0) options.model.speed_mm_s = given.speed;
  if (given.buffer >= 0) options.model.buffer_bytes = static_cast<size_t>(given.buffer);
  options.faults.late = std::chrono::milliseconds(given.late);
  options.drawer_open_is_high = !given.drawer_low;
  options.commands_on_stdin = true;
  const UniqueFd stop = StopSignals();
  auto writer = JobWriter::Open(given.folder);
  if (!writer) return Report(writer.error());
  auto server = PrinterServer::Listen(options, *writer);
  if (!server) return Report(server.error());
  (*server)->OnJob([](int number, const SimJob& job) {
    std::printf("job-%04d %s\n", number, DescribeJob(job).c_str());
    std::fflush(stdout);
  });
  if (!options.host.empty()) {
    std::printf("listening %s:%u\n", options.host.c_str(), static_cast<unsigned>((*server)->Port()));
  }
  if (!options.serial_path.empty()) std::printf("serial %s\n", options.serial_path.c_str());
  if (!options.control.empty()) {
    const std::string host = options.control.substr(0, options.control.rfind(':'));
    std::printf("control %s:%u\n", host.c_str(), static_cast<unsigned>((*server)->ControlPort()));
  }
  std::fflush(stdout);
  const base::Status served = (*server)->Run(stop.Get());
  return served ? 0 : Report(served.error());
}

/// `--out receipt.png` for the first receipt in the file; the others become receipt-2.png, receipt-3.png, …
int RenderFile(const std::string& file, const std::string& out, int width_dots) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad()) return Report({SimErrc::kFileUnreadable, file + ": cannot be read"});
  EscPosInterpreter printer(width_dots);
  (void)printer.Take(bytes);
  printer.Finish();
  int number = 0;
  for (const SimJob& job : printer.Jobs()) {
    std::filesystem::path target = out;
    if (++number > 1) {
      target.replace_filename(target.stem().string() + "-" + std::to_string(number) + target.extension().string());
    }
    if (const auto written = WritePaper(job, target); !written) return Report(written.error());
    std::printf("%s %s\n", target.c_str(), DescribeJob(job).c_str());
  }
  if (number == 0) return Report({SimErrc::kFileUnreadable, file + ": empty"});
  return 0;
}

const char kCommandHelp[] =
    R"(Commands, by standard input or --control, one in a line; each is answered by a line of JSON:
  paper ok|near|out     paper left MM      cover open|closed   cutter ok|error   drawer open|closed
  feed on|off           overheated on|off  unrecoverable on|off
  power on|off          disconnect         stall on|off        mute on|off
  garbage               garbage on|off     late MS             status)";

}  // namespace

SimCommand AddPrinterCommand(CLI::App& app) {
  CLI::App* printer = app.add_subcommand("printer", "A receipt printer (ESC/POS), by network and by serial line");
  const auto given = std::make_shared<PrinterArguments>();
  PrinterServerOptions& options = given->options;
  const auto positive = CLI::Range(0, 100'000'000);
  printer->add_option("--listen", given->listen, "HOST:PORT; port 0 takes any free one")->capture_default_str();
  printer->add_flag("--no-network", given->no_network, "Only the serial port");
  printer->add_option("--pty", options.serial_path, "Also a serial port, at this path");
  printer->add_flag("--serial-xonxoff", options.xon_xoff, "The serial port says XOFF when its buffer is full");
  printer->add_option("--out", given->folder, "Folder for job-0001.bin, .png and .json")->required();
  printer->add_option("--width", options.width_dots, "Printable dots: 576 for 80 mm, 384 for 58 mm")
      ->check(CLI::Range(200, 1200))
      ->capture_default_str();
  printer->add_option("--model", given->model, "What it says and can")
      ->check(CLI::IsMember(PrinterModelNames()))
      ->capture_default_str();
  printer->add_option("--speed", given->speed, "Millimetres a second; 0 prints at once; else as the model")
      ->check(positive);
  printer->add_option("--buffer", given->buffer, "Bytes of its receive buffer; else as the model")->check(positive);
  printer->add_flag("--once", options.once, "End after the first connection that brought bytes");
  printer->add_flag("--single", options.single, "Serve one connection at a time; others wait unanswered");
  printer->add_option("--control", options.control, "HOST:PORT for commands (see below)");
  printer->add_option("--stall-after", options.faults.stall_after, "Take nothing after so many bytes")->check(positive);
  printer->add_option("--drop-after", options.faults.drop_after, "Break the connection after so many bytes, once")
      ->check(positive);
  printer->add_option("--late", given->late, "Milliseconds by which answers about printing are late")->check(positive);
  printer->add_flag("--garbage", options.faults.garbage, "Answer what nobody understands");
  printer->add_flag("--mute", options.faults.mute, "Answer nothing");
  printer->add_flag("--drawer-open-low", given->drawer_low, "The drawer's switch is wired the other way");
  printer->footer(kCommandHelp);
  return {printer, [given] { return ServePrinter(*given); }};
}

SimCommand AddRenderCommand(CLI::App& app) {
  struct Arguments {
    std::string file;
    std::string out;
    int width = 576;
  };
  CLI::App* render = app.add_subcommand("render", "A PNG of what a printer makes of a file of ESC/POS bytes");
  const auto given = std::make_shared<Arguments>();
  render->add_option("file", given->file, "What would be sent to the printer")->required();
  render->add_option("--out", given->out, "The PNG")->required();
  render->add_option("--width", given->width, "Printable dots")->check(CLI::Range(200, 1200))->capture_default_str();
  return {render, [given] { return RenderFile(given->file, given->out, given->width); }};
}

}  // namespace evertill::devices::sim
