#include "devices/sim/printer_device.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "devices/sim/printer_control.h"

namespace evertill::devices::sim {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;

const std::string kAutomatic = "\x1D\x61\xFF"s;
const std::string kWell = "\x10\x00\x00\x0F"s;

std::string AskId(const std::string& id) {
  return "\x1D(H\x06\x00\x30\x30"s + id;
}
std::string AnswerId(const std::string& id) {
  return "\x37\x22" + id + '\0';
}

/// A printer with one host, and a clock.
struct Bench {
  explicit Bench(PrinterDeviceOptions options = {}) : device(options), host(device.AddChannel()) {}
  /// The host sends, and reads what is answered at once.
  std::string Send(const std::string& bytes) {
    device.Receive(host, bytes, now);
    return Read();
  }
  std::string Read() {
    device.Work(now);
    return device.TakeAnswers(host, now);
  }
  std::string Wait(int ms) {
    std::string read;
    for (const milliseconds end = now + milliseconds(ms); now < end;) {
      now += std::min(end - now, milliseconds(5));
      read += Read();
    }
    return read;
  }
  boost::json::object Do(const std::string& command) {
    return boost::json::parse(ControlPrinter(device, command, now)).as_object();
  }
  /// Jobs that are whole, as they are now.
  std::vector<SimJob> Written(bool ended = false) {
    std::vector<SimJob> jobs;
    REQUIRE(device.Save(host, ended, now, [&](SimJob& job) -> base::Status {
      job.number = ++number;
      jobs.push_back(job);
      return {};
    }));
    return jobs;
  }

  milliseconds now{10'000};
  PrinterDevice device;
  PrinterChannel& host;
  int number = 0;
};

PrinterDeviceOptions Model(const char* name) {
  PrinterDeviceOptions options;
  options.model = *FindPrinterModel(name);
  return options;
}

}  // namespace

TEST_CASE("Simulated printer: automatic status comes at once and on each change", "[devices][sim]") {
  Bench bench;
  CHECK(bench.Do("cover open").at("online") == false);
  CHECK(bench.Read().empty());  // nobody asked
  CHECK(bench.Do("cover closed").at("ok") == true);
  CHECK(bench.Send(kAutomatic) == kWell);
  bench.Do("paper near");
  CHECK(bench.Read() == "\x10\x00\x03\x0F"s);
  bench.Do("paper out");
  CHECK(bench.Read() == "\x18\x00\x0F\x0F"s);
  bench.Do("paper out");
  CHECK(bench.Read().empty());
  bench.Do("paper ok");
  CHECK(bench.Read() == kWell);
  bench.Do("cutter error");
  CHECK(bench.Read() == "\x18\x08\x00\x0F"s);
  bench.Do("cutter ok");
  CHECK(bench.Read() == kWell);
  CHECK(bench.Send("\x1D\x61\x00"s).empty());
  bench.Do("cover open");
  CHECK(bench.Read().empty());
}

TEST_CASE("Simulated printer: a pulse of either kind opens the drawer", "[devices][sim]") {
  Bench bench;
  CHECK(bench.Send(kAutomatic) == kWell);
  CHECK(bench.Send("\x1Bp\x00\x19\xFA"s) == "\x14\x00\x00\x0F"s);
  CHECK(bench.Do("drawer closed").at("pulses") == 1);
  CHECK(bench.Read() == kWell);
  // In real time also while there is no paper.
  bench.Do("paper out");
  (void)bench.Read();
  CHECK(bench.Send("\x1Bp\x00\x19\xFA"s).empty());
  CHECK(bench.Send("\x10\x14\x01\x00\x01"s) == "\x1C\x00\x0F\x0F"s);
  CHECK(bench.Do("status").at("pulses") == 2);
  bench.Do("paper ok");
  CHECK(bench.Do("status").at("pulses") == 3);  // the one that waited
  // GS ( D turns it off.
  (void)bench.Send("\x1D(D\x03\x00\x14\x01\x00"s + "\x10\x14\x01\x00\x01"s);
  CHECK(bench.Do("status").at("pulses") == 4);
  (void)bench.Send("\x10\x14\x01\x00\x01"s);
  CHECK(bench.Do("status").at("pulses") == 4);
}

TEST_CASE("Simulated printer: without paper it keeps data, and prints and answers when paper comes", "[devices][sim]") {
  Bench bench;
  bench.Do("paper out");
  CHECK(bench.Send("hello\n\x1DV\x00\x1Dr\x01"s + AskId("0001")).empty());
  CHECK(bench.Send("\x10\x04\x04"s) == "\x7E");  // real time goes on
  CHECK(bench.Written().empty());
  CHECK(bench.Do("status").at("buffered") == 26);
  // The host leaves: what it sent stays.
  bench.host.host_gone = true;
  CHECK_FALSE(bench.device.IsDone(bench.host));
  bench.Do("paper ok");
  CHECK(bench.Read() == "\x00"s + AnswerId("0001"));
  CHECK(bench.device.IsDone(bench.host));
  const auto jobs = bench.Written();
  REQUIRE(jobs.size() == 1);
  CHECK(jobs[0].text == std::vector<std::string>{"hello"});
  CHECK(jobs[0].confirmed == std::vector<std::string>{"0001"});
}

TEST_CASE("Simulated printer: paper that runs out amid a receipt stops it there", "[devices][sim]") {
  Bench bench;
  (void)bench.Send(kAutomatic);
  bench.Do("paper left 10");
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += "line " + std::to_string(i) + "\n";
  const std::string said = bench.Send(lines + "\x1DV\x00"s + AskId("A  ~"));
  CHECK(said == "\x18\x00\x0F\x0F"s);
  CHECK(bench.Do("status").at("printed_mm") == 11);  // the line at which it ended is finished
  CHECK(bench.Do("paper ok").at("last_confirmed") == "A  ~");
  CHECK(bench.Read() == kWell + AnswerId("A  ~"));
  CHECK(bench.Written().at(0).text.size() == 20);
}

TEST_CASE("Simulated printer: completion comes when the paper is out, GS r when it is read", "[devices][sim]") {
  PrinterDeviceOptions options;
  options.model.speed_mm_s = 100;
  Bench bench(options);
  // 40 mm of paper and a cut: 0.4 s and 0.3 s.
  CHECK(bench
            .Send("x\n\x1B"
                  "J\xFF"s +
                  "\x1B"
                  "J\x23"s +
                  "\x1DV\x00\x1Dr\x01"s + AskId("0007"))
            .empty());
  CHECK(bench.Wait(690) == "\x00"s);
  CHECK(bench.Do("status").at("unanswered_ids") == 1);
  CHECK(bench.Wait(20) == AnswerId("0007"));
  CHECK(bench.Do("status").at("busy_ms") == 0);
}

TEST_CASE("Simulated printer: late answers come late, and a stalled one says nothing", "[devices][sim]") {
  Bench bench;
  bench.Do("late 5000");
  CHECK(bench.Send("x\n" + AskId("0001")).empty());
  CHECK(bench.Send("\x10\x04\x01"s) == "\x12");
  CHECK(bench.Wait(4999).empty());
  CHECK(bench.Wait(1) == AnswerId("0001"));
  bench.Do("stall on");
  CHECK(bench.device.Room(bench.host) == 0);
  CHECK(bench.Send("\x10\x04\x01"s).empty());
  bench.Do("stall off");
  CHECK(bench.Send("\x10\x04\x01"s) == "\x12");
  bench.Do("mute on");
  CHECK(bench.Send("\x10\x04\x01"s).empty());
  bench.Do("mute off");
  bench.Do("garbage on");
  CHECK(bench.Send("\x10\x04\x01"s).size() == 1);
}

TEST_CASE("Simulated printer: faults at a byte", "[devices][sim]") {
  PrinterDeviceOptions options;
  options.faults.stall_after = 5;
  Bench stalls(options);
  (void)stalls.Send("abc");
  CHECK(stalls.device.Room(stalls.host) > 0);
  (void)stalls.Send("defgh");
  CHECK(stalls.host.received == 5);
  CHECK(stalls.device.Room(stalls.host) == 0);
  options = {};
  options.faults.drop_after = 5;
  Bench drops(options);
  (void)drops.Send("abcdefgh");
  CHECK(drops.host.drop);
  CHECK(drops.host.received == 5);
}

TEST_CASE("Simulated printer: says who it is", "[devices][sim]") {
  Bench epson(Model("tm-t88v"));
  CHECK(epson.Send("\x1DI\x42\x1DI\x43"s) == "_EPSON\0_TM-T88V\0"s);
  CHECK(epson.Send("\x1DI\x01"s) == "\x20");
  CHECK(epson.Send("\x1DI\x02"s) == "\x02");
  Bench cheap(Model("xp-58"));
  CHECK(cheap.Send("\x1DI\x42"s).empty());
  CHECK(cheap.Send(kAutomatic).empty());
  CHECK(cheap.Send(AskId("0001")).empty());
  CHECK(cheap.Send("\x1Dr\x01"s) == "\x00"s);
  CHECK(cheap.Send("\x10\x14\x01\x00\x01\x10\x04\x01"s) == "\x12");  // no such pulse
  Bench silent(Model("silent"));
  CHECK(silent.Send("\x10\x04\x01\x1Dr\x01"s + kAutomatic).empty());
  Bench old(Model("tm-t88iii"));
  CHECK(old.Send(AskId("0001") + "\x1Dr\x31"s) == "\x00"s);
}

TEST_CASE("Simulated printer: a process id must be four printable characters", "[devices][sim]") {
  Bench bench;
  CHECK(bench.Send(AskId("\x01\x02\x03\x04")).empty());
  CHECK(bench.Send("\x1D(H\x05\x00\x30\x30"s + "123").empty());
  CHECK(bench.Send(AskId(" ~az")) == AnswerId(" ~az"));
}

TEST_CASE("Simulated printer: real-time commands clear, recover and switch off", "[devices][sim]") {
  Bench bench;
  bench.Do("cutter error");
  (void)bench.Send("lost receipt\n"s + AskId("0001"));
  CHECK(bench.Do("status").at("buffered") == 24);
  (void)bench.Send("\x10\x05\x02"s);
  CHECK(bench.Do("status").at("buffered") == 0);
  bench.Do("cutter ok");
  CHECK(bench.Read().empty());  // the id went with what it belonged to
  bench.Do("cover open");
  (void)bench.Send("also lost\n"s);
  CHECK(bench.Send("\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"s) == "\x37\x25\x00"s);
  bench.Do("cover closed");
  // Switching off must be allowed first.
  CHECK(bench.Send("\x10\x14\x02\x01\x08"s).empty());
  CHECK(bench.Send("\x1D(D\x03\x00\x14\x02\x01"s).empty());
  CHECK(bench.Send("\x10\x14\x02\x01\x08"s) == "\x3B\x30\x00"s);
  CHECK(bench.host.drop);
  CHECK(bench.Written().empty());
}

TEST_CASE("Simulated printer: a full buffer takes no more, and says XOFF on a serial line", "[devices][sim]") {
  PrinterDeviceOptions options;
  options.model.buffer_bytes = 1024;
  Bench bench(options);
  bench.host.xon_xoff = true;
  bench.Do("cover open");
  CHECK(bench.Send(std::string(700, 'x')).empty());
  CHECK(bench.Send(std::string(100, 'x')) == "\x13");
  CHECK(bench.device.Room(bench.host) == 224);
  CHECK(bench.Send(std::string(300, 'x')).empty());
  CHECK(bench.Do("status").at("lost") == 76);
  bench.Do("cover closed");
  CHECK(bench.Read() == "\x11");
  CHECK(bench.device.Room(bench.host) == 1024);
}

TEST_CASE("Simulated printer: a picture larger than its buffer gets through", "[devices][sim]") {
  PrinterDeviceOptions options;
  options.model.buffer_bytes = 1024;
  Bench bench(options);
  const std::string picture = "\x1Dv0\x00\x48\x00\x80\x00"s + std::string(72 * 128, '\x55');
  for (size_t at = 0; at < picture.size();) {
    const size_t room = bench.device.Room(bench.host);
    REQUIRE(room > 0);
    (void)bench.Send(picture.substr(at, room));
    at += room;
  }
  CHECK(bench.Do("status").at("printed_mm") == 16);
  CHECK(bench.Do("status").at("lost") == 0);
}

TEST_CASE("Simulated printer: asking how it is between receipts is part of none", "[devices][sim]") {
  Bench bench;
  CHECK(bench.Send("\x10\x04\x01\x10\x04\x02"s).size() == 2);
  CHECK(bench.Written(false).empty());
  (void)bench.Send("one\n\x1DV\x00"s + AskId("0001"));
  const auto first = bench.Written();
  REQUIRE(first.size() == 1);
  CHECK(first[0].bytes == "one\n\x1DV\x00"s);
  CHECK(first[0].confirmed == std::vector<std::string>{"0001"});
  CHECK(bench.Send("\x1Dr\x01"s) == "\x00"s);
  (void)bench.Send("\x10\x04\x02"s);
  CHECK(bench.Written().empty());  // not written anew
  (void)bench.Send("\x1B@two\n\x1DV\x00"s);
  const auto second = bench.Written();
  REQUIRE(second.size() == 1);
  CHECK(second[0].text == std::vector<std::string>{"two"});
  CHECK(second[0].real_time_commands == 0);
}

TEST_CASE("Simulated printer: without a cutter a receipt ends in silence", "[devices][sim]") {
  Bench bench;
  (void)bench.Send("\x1B@one\n"s);
  CHECK(bench.Written().empty());
  (void)bench.Wait(600);
  REQUIRE(bench.Written().size() == 1);
  (void)bench.Send("\x1B@two\n"s);
  (void)bench.Wait(600);
  const auto second = bench.Written();
  REQUIRE(second.size() == 1);
  CHECK(second[0].text == std::vector<std::string>{"two"});
}

TEST_CASE("Simulated printer: thousands of receipts on one connection are not kept", "[devices][sim]") {
  Bench bench;
  for (int i = 0; i < 2000; ++i) {
    CHECK(bench.Send("receipt\n\x1DV\x00"s + AskId("0001")) == AnswerId("0001"));
    REQUIRE(bench.Written().size() == 1);
  }
  CHECK(bench.host.printer.Jobs().size() <= 2);
}

TEST_CASE("Simulated printer: commands that it doesn't know are refused with their words", "[devices][sim]") {
  Bench bench;
  for (const char* bad :
       {"", "paper", "paper blue", "paper left", "paper left -1", "late x", "explode", "cover open now"}) {
    CAPTURE(bad);
    CHECK(bench.Do(bad).at("ok") == false);
    CHECK(bench.Do(bad).contains("error"));
  }
  const auto status = bench.Do("  status\r");
  CHECK(status.at("ok") == true);
  for (const char* key :
       {"model", "powered", "online", "paper", "cover", "cutter", "drawer", "buffered", "pulses", "cuts"}) {
    CHECK(status.contains(key));
  }
}

TEST_CASE("Simulated printer: switched off it forgets", "[devices][sim]") {
  Bench bench;
  (void)bench.Send(kAutomatic);
  bench.Do("cover open");
  (void)bench.Send("never printed\n\x1DV\x00"s);
  bench.Do("power off");
  CHECK(bench.host.drop);
  CHECK(bench.device.Room(bench.host) == 0);
  CHECK(bench.Do("power on").at("buffered") == 0);
  bench.Do("cover closed");
  CHECK(bench.Read().empty());
  CHECK(bench.Written(true).empty());
}

}  // namespace evertill::devices::sim
