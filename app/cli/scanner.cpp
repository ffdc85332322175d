#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>

#include "app/cli/context.h"
#include "app/cli/output.h"
#include "app/domain/scan_patterns.h"
#include "devices/scanner/config_block.h"
#include "devices/scanner/input_device.h"
#include "devices/scanner/learn.h"
#include "devices/scanner/scanner.h"
#include "devices/setup/setup_error.h"
#include "devices/setup/till_config.h"

namespace evertill::cli {
namespace {

namespace json = boost::json;
namespace scanner = devices::scanner;
using devices::setup::SetupErrc;

/// Control characters as people write them: "\r", "\x1d".
std::string Visible(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte >= 0x7F) {
      char hex[5];
      std::snprintf(hex, sizeof hex, "\\x%02x", static_cast<unsigned>(byte));
      out += hex;
    } else {
      out += c;
    }
  }
  return out;
}

/// Reads and writes all of till.toml; a reader finds the old file or the new one, never half of one.
class ConfigFile {
 public:
  explicit ConfigFile(const std::filesystem::path& dir) : path_(dir / "till.toml") {}
  [[nodiscard]] const std::filesystem::path& Path() const { return path_; }
  [[nodiscard]] base::Expected<std::string> Read() const {
    std::error_code error;
    if (!std::filesystem::exists(path_, error)) return std::string();
    std::ifstream in(path_, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in.is_open() || in.bad()) return base::Fail(SetupErrc::kBadConfig, path_.string() + " cannot be read");
    return text;
  }
  [[nodiscard]] base::Status Write(const std::string& text) const {
    const std::filesystem::path fresh = path_.string() + ".new";
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return base::Fail(SetupErrc::kCannotWrite, fresh.string());
    const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    ::close(fd);
    if (!written || ::rename(fresh.c_str(), path_.c_str()) != 0) {
      ::unlink(fresh.c_str());
      return base::Fail(SetupErrc::kCannotWrite, path_.string());
    }
    return {};
  }

 private:
  std::filesystem::path path_;
};

/// What a scan means at this till, a line for each fact.
struct Meaning {
  std::string symbology;
  std::string aim;
  std::string problem;  ///< why it cannot be read; empty when it can
  std::vector<std::pair<std::string, std::string>> facts;
};

void AddFacts(const domain::ScanMeaning& meaning, Meaning& out) {
  const auto add = [&out](std::string what, std::string value) {
    out.facts.emplace_back(std::move(what), std::move(value));
  };
  for (const auto& element : meaning.gs1.elements) {
    add("(" + element.ai + ") " + std::string(domain::Gs1Title(element.ai)), element.value);
  }
  if (meaning.weight) add("weight in kg", meaning.weight->ToString());
  if (meaning.count) add("count", std::to_string(*meaning.count));
  if (meaning.price) add("price", meaning.price->ToDecimal() + " " + std::string(meaning.price->GetCurrency().Code()));
  std::string list;
  for (const auto& candidate : meaning.candidates) list += (list.empty() ? "" : ", ") + candidate;
  if (!list.empty()) add("looked up as", list);
}

Meaning MeaningOf(const std::string& text, const domain::ScanPatterns& patterns, const checkout::TillIdentity& till,
                  base::Instant now) {
  Meaning out;
  const auto code = domain::ParseScan(text);
  if (!code) {
    out.problem = code.error().ToString();
    return out;
  }
  out.symbology = domain::SymbologyName(code->symbology);
  out.aim = code->aim;
  const int year = std::atoi(base::FormatLocal(now, "%Y").c_str());
  const auto meaning = domain::Understand(*code, patterns, till.currency, year);
  if (!meaning) {
    out.problem = meaning.error().ToString();
  } else if (*meaning) {
    AddFacts(**meaning, out);
  } else {
    std::string list;
    for (const auto& candidate : domain::LookupCandidates(*code)) list += (list.empty() ? "" : ", ") + candidate;
    out.facts.emplace_back("looked up as", list);
  }
  return out;
}

json::object ToJson(const scanner::RawScan& scan, const scanner::Framing& framing, const Meaning& meaning) {
  json::object means;
  for (const auto& [what, value] : meaning.facts) means[what] = value;
  return {{"device", scan.device.path},
          {"name", scan.device_name},
          {"kind", std::string(scanner::ScannerKindName(scan.device.kind))},
          {"sent", Visible(scan.bytes)},
          {"prefix", Visible(framing.prefix)},
          {"suffix", Visible(framing.suffix)},
          {"text", Visible(framing.text)},
          {"milliseconds", scan.duration_ms},
          {"aim", meaning.aim},
          {"symbology", meaning.symbology},
          {"problem", meaning.problem},
          {"means", std::move(means)}};
}

void PrintText(const scanner::RawScan& scan, const scanner::Framing& framing, const Meaning& meaning) {
  PrintLine("device:  " + scan.device.path + (scan.device_name.empty() ? "" : "  (" + scan.device_name + ")"));
  PrintLine("sent:    " + Visible(scan.bytes) + "  in " + std::to_string(scan.duration_ms) + " ms");
  PrintLine("prefix:  " + (framing.prefix.empty() ? std::string("none") : Visible(framing.prefix)));
  PrintLine("suffix:  " +
            (framing.suffix.empty() ? std::string("none: silence ends a scan") : Visible(framing.suffix)));
  PrintLine("AIM id:  " +
            (meaning.aim.empty() ? std::string("none: let the scanner send it, if it can") : meaning.aim));
  if (!meaning.problem.empty()) {
    PrintLine("code:    " + meaning.problem);
    if (scan.device.kind == scanner::ScannerKind::kSerial)
      PrintLine("         if this is no text at all, try another baud rate");
    return;
  }
  PrintLine("code:    " + meaning.symbology);
  for (const auto& [what, value] : meaning.facts) PrintLine("         " + what + ": " + value);
}

/// What `learn` writes: as the scanner showed itself, and what was set by hand before.
scanner::ScannerSettings Learned(const scanner::RawScan& scan, const scanner::Framing& framing,
                                 const devices::setup::TillConfig& config) {
  scanner::ScannerSettings settings = scan.device;
  for (const auto& known : config.scanners) {
    if (known.path == settings.path) settings = known;
  }
  settings.prefix = framing.prefix;
  // One character of the usual ends is what is expected anyhow; more than one has to be told.
  settings.suffix = framing.suffix.size() > 1 && framing.suffix != "\r\n" ? framing.suffix : std::string();
  settings.allow_keyboard = scan.device.allow_keyboard;
  return settings;
}

struct LearnArguments {
  std::string device;
  int seconds = 30;
  bool dry_run = false;
};

base::Expected<int> Learn(const Context& context, store::TillStore& store, const LearnArguments& given) {
  EVERTILL_ASSIGN(const devices::setup::TillConfig config, devices::setup::LoadTillConfig(context.data_dir));
  scanner::LearnOptions options{.timeout_ms = given.seconds * 1'000};
  if (!given.device.empty()) options.device = scanner::SettingsFor(given.device);
  if (!context.json) PrintLine("Scan any product now.");
  EVERTILL_ASSIGN(const scanner::RawScan scan, scanner::LearnScan(options, *context.clock));
  const scanner::Framing framing = scanner::GuessFraming(scan.bytes);
  const Meaning meaning = MeaningOf(framing.text, config.patterns, store.Identity(), context.clock->Now());
  const scanner::ScannerSettings settings = Learned(scan, framing, config);
  EVERTILL_TRY(scanner::CheckScannerSettings(settings));
  const ConfigFile file(context.data_dir);
  if (!given.dry_run) {
    EVERTILL_ASSIGN(const std::string before, file.Read());
    EVERTILL_TRY(file.Write(scanner::WithScanner(before, settings)));
  }
  if (context.json) {
    json::object answer = ToJson(scan, framing, meaning);
    answer["configuration"] = scanner::ScannerTable(settings);
    answer["written"] = given.dry_run ? "" : file.Path().string();
    PrintJson(answer);
    return kDone;
  }
  PrintText(scan, framing, meaning);
  PrintLine(given.dry_run ? "This would be its configuration:" : "Written to " + file.Path().string() + ":");
  PrintLine(scanner::ScannerTable(settings));
  return kDone;
}

int List(const Context& context) {
  json::array rows;
  for (const auto& info : scanner::ListInputDevices()) {
    const char* verdict = !info.readable       ? "cannot be read by this user"
                          : !info.has_digits   ? "no scanner: it has no digits"
                          : info.full_keyboard ? "a keyboard, or a scanner with all keys: scanner learn tells"
                                               : "may be a scanner";
    if (context.json) {
      rows.push_back({{"path", info.path},
                      {"stable_path", info.stable_path},
                      {"name", info.name},
                      {"id", info.readable ? scanner::UsbId(info.vendor, info.product) : std::string()},
                      {"readable", info.readable},
                      {"has_digits", info.has_digits},
                      {"full_keyboard", info.full_keyboard}});
    } else {
      PrintLine(info.stable_path + "  " +
                (info.readable ? scanner::UsbId(info.vendor, info.product) + "  " + info.name + "  " : "") + verdict);
    }
  }
  if (context.json) {
    PrintJson(json::object{{"devices", std::move(rows)}});
  } else if (rows.empty() && scanner::ListInputDevices().empty()) {
    PrintLine("no input devices");
  }
  return kDone;
}

std::string_view StateName(checkout::DeviceState state) {
  switch (state) {
    case checkout::DeviceState::kConnecting:
      return "connecting";
    case checkout::DeviceState::kReady:
      return "ready";
    case checkout::DeviceState::kAttention:
      return "attention";
    case checkout::DeviceState::kAbsent:
      return "absent";
  }
  return "absent";
}

/// Prints what the scanners of till.toml tell, until the time is over.
base::Expected<int> Watch(const Context& context, int seconds) {
  EVERTILL_ASSIGN(const devices::setup::TillConfig config, devices::setup::LoadTillConfig(context.data_dir));
  std::mutex mutex;
  std::vector<std::unique_ptr<scanner::Scanner>> scanners;
  const bool as_json = context.json;
  for (const auto& settings : config.scanners) {
    if (settings.kind == scanner::ScannerKind::kWedge) continue;
    auto on_scan = [&mutex, as_json, path = settings.path](const std::string& text) {
      const std::lock_guard lock(mutex);
      if (as_json) return PrintJson(json::object{{"device", path}, {"scan", Visible(text)}});
      PrintLine(path + ": " + Visible(text));
    };
    auto on_status = [&mutex, as_json](const checkout::DeviceStatus& status) {
      const std::lock_guard lock(mutex);
      const std::string state(StateName(status.state));
      if (as_json) {
        return PrintJson(json::object{
            {"device", status.address}, {"name", status.name}, {"state", state}, {"detail", status.detail}});
      }
      PrintLine(status.address + " is " + state + (status.detail.empty() ? "" : ": " + status.detail));
    };
    EVERTILL_ASSIGN(auto started, scanner::Scanner::Start(settings, *context.clock, {on_scan, on_status}));
    scanners.push_back(std::move(started));
  }
  if (scanners.empty()) return base::Fail(SetupErrc::kBadConfig, "till.toml has no evdev or serial [[scanner]]");
  std::condition_variable never;
  std::mutex waiting;
  std::unique_lock lock(waiting);
  never.wait_for(lock, std::chrono::seconds(seconds), [] { return false; });
  return kDone;
}

}  // namespace

void AddScannerCommands(CLI::App& app, Context& context) {
  auto* group =
      app.add_subcommand("scanner", "Barcode scanners: what they send, and their configuration")->require_subcommand(1);
  const auto range = CLI::Range(1, 86'400);

  auto given = std::make_shared<LearnArguments>();
  auto* learn = group->add_subcommand("learn", "Show what a scanner sends, and write its configuration to till.toml");
  learn->add_option(
      "--device", given->device,
      "/dev/input/…, VVVV:PPPP, serial:/dev/ttyACM0?baud=9600 or tcp://HOST:PORT (default: all input devices)");
  learn->add_option("--timeout", given->seconds, "Seconds to wait for a scan")->check(range)->capture_default_str();
  learn->add_flag("--dry-run", given->dry_run, "Write nothing");
  learn->callback([given, &context] {
    context.run = [given, &context] {
      return WithStore(context, [&](store::TillStore& store) { return Learn(context, store, *given); });
    };
  });

  group->add_subcommand("list", "List the input devices that could be scanners")->callback([&context] {
    context.run = [&context] { return List(context); };
  });

  auto seconds = std::make_shared<int>(60);
  auto* watch = group->add_subcommand("watch", "Print what the scanners of till.toml send, as the till gets it");
  watch->add_option("--seconds", *seconds, "How long")->check(range)->capture_default_str();
  watch->callback([seconds, &context] {
    context.run = [seconds, &context] {
      auto code = Watch(context, *seconds);
      return code ? *code : Complain(code.error());
    };
  });
}

}  // namespace evertill::cli
