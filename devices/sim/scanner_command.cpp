#include "devices/sim/scanner_command.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include "devices/sim/scanner_sim.h"
#include "devices/sim/sim_error.h"
#include "devices/sim/sim_ports.h"

namespace evertill::devices::sim {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

struct ScannerArguments {
  std::string pty;
  std::string record;
  std::string prefix;
  std::string suffix = "\\r";
  std::string vendor_product = "05e0:1200";
  KeyScannerModel model;
};

int Report(const base::Error& error) {
  std::fprintf(stderr, "evertill-devsim: %s\n", error.ToString().c_str());
  return kExitFailed;
}

/// All of it, however full the line is; false when that takes more than five seconds.
bool Send(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t taken = ::write(fd, bytes.data(), bytes.size());
    if (taken > 0) {
      bytes.remove_prefix(static_cast<size_t>(taken));
      continue;
    }
    pollfd ready{fd, POLLOUT, 0};
    if (errno != EAGAIN || ::poll(&ready, 1, 5'000) <= 0) return false;
  }
  return true;
}

/// Each line of the input is a scan, sent at once; at the end of the input the scanner is unplugged.
int ServeSerial(const ScannerArguments& given) {
  auto port = SerialPort::Open(given.pty);
  if (!port) return Report(port.error());
  std::printf("listening %s\n", given.pty.c_str());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    if (!Send(port->Fd(), Unescape(given.prefix) + Unescape(line) + Unescape(given.suffix))) {
      return Report({SimErrc::kAddressUnusable, given.pty + ": nobody reads"});
    }
    std::printf("sent %s\n", line.c_str());
    std::fflush(stdout);
  }
  return 0;
}

int Record(ScannerArguments& given) {
  unsigned vendor = 0;
  unsigned product = 0;
  if (std::sscanf(given.vendor_product.c_str(), "%4x:%4x", &vendor, &product) != 2) {
    std::fprintf(stderr, "evertill-devsim: --id %s: expected VVVV:PPPP\n", given.vendor_product.c_str());
    return kExitUsage;
  }
  given.model.vendor = static_cast<uint16_t>(vendor);
  given.model.product = static_cast<uint16_t>(product);
  std::vector<std::string> scans;
  for (std::string line; std::getline(std::cin, line);) {
    scans.push_back(Unescape(given.prefix) + Unescape(line) + Unescape(given.suffix));
  }
  const auto written = WriteKeyScanner(given.model, scans, given.record);
  return written ? 0 : Report(written.error());
}

}  // namespace

SimCommand AddScannerCommand(CLI::App& app) {
  auto given = std::make_shared<ScannerArguments>();
  CLI::App* command = app.add_subcommand("scanner", "A barcode scanner; each line of the input is a scan");
  auto* pty = command->add_option("--pty", given->pty, "A serial scanner at this path");
  auto* record = command->add_option("--record", given->record,
                                     "Write a keyboard scanner's recording for umockdev into this folder");
  pty->excludes(record);
  command->add_option("--prefix", given->prefix, "Before each scan: text, \\x02, \\t")->capture_default_str();
  command->add_option("--suffix", given->suffix, "After each scan: text, \\r, \\n, \\t, \\x03")->capture_default_str();
  command->add_option("--id", given->vendor_product, "USB vendor and product")->capture_default_str();
  command->add_option("--event", given->model.event, "The number of its /dev/input/event")->capture_default_str();
  command->add_option("--name", given->model.name, "What it says it is")->capture_default_str();
  command->add_flag("--full-keyboard", given->model.full_keyboard, "It says that it has all keys of a keyboard");
  command->add_option("--key-gap-ms", given->model.key_gap_ms, "Between two keys")->capture_default_str();
  command->add_option("--scan-gap-ms", given->model.scan_gap_ms, "Between two scans")->capture_default_str();
  command->add_option("--first-ms", given->model.first_ms, "Before the first scan")->capture_default_str();
  return {command, [given]() -> int {
            std::signal(SIGTTIN, SIG_IGN);
            if (!given->pty.empty()) return ServeSerial(*given);
            if (!given->record.empty()) return Record(*given);
            std::fprintf(stderr, "evertill-devsim: scanner needs --pty or --record\n");
            return kExitUsage;
          }};
}

}  // namespace evertill::devices::sim
