#include "devices/sim/small_commands.h"

#include <cstdio>
#include <memory>

#include "devices/sim/drawer_device.h"
#include "devices/sim/pole_device.h"
#include "devices/sim/scale_device.h"
#include "devices/sim/serial_serve.h"

namespace evertill::devices::sim {
namespace {

constexpr int kExitUsage = 2;
constexpr int kStreamEveryMs = 100;
constexpr int kPoleSettlesMs = 50;

struct Arguments {
  std::string path;
  std::string protocol = "toledo-8217";
  std::string weight = "0";
  std::string trigger = "any";
  int page = 0;
};

int Served(const base::Status& served) {
  return served ? 0 : Failed(served.error());
}

int ServeScale(const Arguments& given) {
  SimScale scale(given.protocol);
  if (!scale.SetWeight(given.weight)) {
    std::fprintf(stderr, "evertill-devsim: --weight %s: kilograms with at most three decimals\n", given.weight.c_str());
    return kExitUsage;
  }
  SerialDevice device;
  device.take = [&scale](std::string_view bytes) { return scale.Take(bytes); };
  device.control = [&scale](std::string_view line) { return scale.Control(line); };
  device.late_ms = [&scale] { return scale.LateMs(); };
  if (scale.Streams()) {
    device.tick = [&scale] { return scale.Stream(); };
    device.tick_ms = kStreamEveryMs;
  }
  return Served(ServeSerial(given.path, device));
}

int ServeDrawer(const Arguments& given) {
  SimDrawer drawer(given.trigger == "bell"    ? SimDrawer::Trigger::kBell
                   : given.trigger == "pulse" ? SimDrawer::Trigger::kPrinterPulse
                                              : SimDrawer::Trigger::kAny);
  int pulses = 0;
  SerialDevice device;
  device.take = [&](std::string_view bytes) {
    std::string answer = drawer.Take(bytes);
    if (drawer.Pulses() != pulses) Say("opened " + std::to_string(drawer.Pulses()));
    pulses = drawer.Pulses();
    return answer;
  };
  device.control = [&drawer](std::string_view line) { return drawer.Control(line); };
  return Served(ServeSerial(given.path, device));
}

int ServePole(const Arguments& given) {
  SimPole pole(given.page);
  (void)pole.TakeChanged();
  bool quiet = true;
  std::array<std::string, 2> said = pole.Lines();
  SerialDevice device;
  device.take = [&](std::string_view bytes) {
    pole.Take(bytes);
    quiet = false;
    return std::string();
  };
  device.control = [&pole](std::string_view line) { return pole.Control(line); };
  device.tick_ms = kPoleSettlesMs;
  device.tick = [&] {
    // Told once what comes has come: half-written lines are nobody's business.
    if (quiet && pole.TakeChanged() && pole.Lines() != said) {
      said = pole.Lines();
      Say("|" + said[0] + "|\n|" + said[1] + "|");
    }
    quiet = true;
    return std::string();
  };
  return Served(ServeSerial(given.path, device));
}

CLI::App* Subcommand(CLI::App& app, const char* name, const char* words, const std::shared_ptr<Arguments>& given) {
  CLI::App* command = app.add_subcommand(name, words);
  command->add_option("--pty", given->path, "Where its serial port is to be")->required();
  return command;
}

}  // namespace

SimCommand AddScaleCommand(CLI::App& app) {
  const auto given = std::make_shared<Arguments>();
  CLI::App* command =
      Subcommand(app, "scale",
                 "A weighing scale; commands on standard input: weight KG, motion on|off, overload on|off, "
                 "zero, mute on|off, garbage on|off, half on|off, wrong-check on|off, late MS, status",
                 given);
  command->add_option("--protocol", given->protocol, "What it speaks")
      ->check(CLI::IsMember(ScaleProtocolNames()))
      ->capture_default_str();
  command->add_option("--weight", given->weight, "What lies on it, in kilograms")->capture_default_str();
  return {command, [given] { return ServeScale(*given); }};
}

SimCommand AddDrawerCommand(CLI::App& app) {
  const auto given = std::make_shared<Arguments>();
  CLI::App* command =
      Subcommand(app, "drawer",
                 "A cash drawer that answers '?' with 'o' or 'c'; commands on standard input: open, close, "
                 "status",
                 given);
  command->add_option("--trigger", given->trigger, "What opens it: any byte, BEL, or a printer's ESC p")
      ->check(CLI::IsMember({"any", "bell", "pulse"}))
      ->capture_default_str();
  return {command, [given] { return ServeDrawer(*given); }};
}

SimCommand AddPoleCommand(CLI::App& app) {
  const auto given = std::make_shared<Arguments>();
  CLI::App* command =
      Subcommand(app, "pole",
                 "A customer display of 2 x 20, told as text after each change; commands on standard input: "
                 "off, status",
                 given);
  command->add_option("--page", given->page, "Its character set, by Epson's number: 0 CP437, 20 Thai, 30 Vietnamese")
      ->check(CLI::Range(0, 255))
      ->capture_default_str();
  return {command, [given] { return ServePole(*given); }};
}

}  // namespace evertill::devices::sim
