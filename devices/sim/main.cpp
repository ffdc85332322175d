#include <sys/signalfd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "devices/sim/job_writer.h"
#include "devices/sim/printer_server.h"
#include "devices/sim/sim_error.h"

namespace evertill::devices::sim {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

int Report(const base::Error& error) {
  std::fprintf(stderr, "evertill-devsim: %s\n", error.ToString().c_str());
  return kExitFailed;
}

/// A descriptor that becomes readable on SIGTERM or SIGINT.
int StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

bool ParseListen(const std::string& text, PrinterServerOptions& options) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  options.host = text.substr(0, colon);
  if (options.host.front() == '[' && options.host.back() == ']') {
    options.host = options.host.substr(1, options.host.size() - 2);
  }
  const char* end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data() + colon + 1, end, options.port);
  return error == std::errc() && parsed == end;
}

int ServePrinter(const PrinterServerOptions& options, const std::string& folder) {
  const int stop = StopSignals();
  auto writer = JobWriter::Open(folder);
  if (!writer) return Report(writer.error());
  auto server = PrinterServer::Listen(options, *writer);
  if (!server) return Report(server.error());
  (*server)->OnJob([](int number, const SimJob& job) {
    std::printf("job-%04d %s\n", number, DescribeJob(job).c_str());
    std::fflush(stdout);
  });
  std::printf("listening %s:%u\n", options.host.c_str(), static_cast<unsigned>((*server)->Port()));
  std::fflush(stdout);
  const base::Status served = (*server)->Run(stop);
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

int Main(int argc, char** argv) {
  CLI::App app{"Simulated devices for Evertill", "evertill-devsim"};
  app.require_subcommand(1);
  PrinterServerOptions options;
  std::string listen = "127.0.0.1:9100";
  std::string folder;
  std::string file;
  std::string out;
  int width = 576;
  const auto range = CLI::Range(200, 1200);
  CLI::App* printer = app.add_subcommand("printer", "A network receipt printer (ESC/POS)");
  printer->add_option("--listen", listen, "HOST:PORT; port 0 takes any free one")->capture_default_str();
  printer->add_option("--out", folder, "Folder for job-0001.bin, .png and .json")->required();
  printer->add_option("--width", width, "Printable dots: 576 for 80 mm, 384 for 58 mm")
      ->check(range)
      ->capture_default_str();
  printer->add_flag("--once", options.once, "End after the first connection that brought bytes");
  CLI::App* render = app.add_subcommand("render", "A PNG of what a printer makes of a file of ESC/POS bytes");
  render->add_option("file", file, "What would be sent to the printer")->required();
  render->add_option("--out", out, "The PNG")->required();
  render->add_option("--width", width, "Printable dots")->check(range)->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : kExitUsage;
  }
  if (*render) return RenderFile(file, out, width);
  if (!ParseListen(listen, options)) {
    std::fprintf(stderr, "evertill-devsim: --listen %s: expected HOST:PORT\n", listen.c_str());
    return kExitUsage;
  }
  options.width_dots = width;
  return ServePrinter(options, folder);
}

}  // namespace
}  // namespace evertill::devices::sim

int main(int argc, char** argv) {
  return evertill::devices::sim::Main(argc, argv);
}
