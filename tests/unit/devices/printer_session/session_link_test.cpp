#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>

#include "tests/unit/devices/printer_session/session_harness.h"

namespace evertill::devices::test {
namespace {

struct TempFolder {
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "evertill-session-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

std::string Contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("Printer by serial line: confirmed, status, drawer", "[devices][printer][session][serial]") {
  PeerPrinter peer(true);
  const auto session = Open(peer.Address() + "?baud=115200", Profile(Completion::kGsH, true));
  for (int i = 0; i < 3; ++i) CHECK(Is(session->Send(kReceipt + std::string(20'000, 'x')), PrintState::kConfirmed));
  CHECK(session->Open());
  peer.Set([](auto& manner) { manner.paper = false; });
  CHECK(Eventually([&] { return Has(session->Status(), DeviceNote::kPaperOut); }));
  CHECK(NameOf(session->Send(kReceipt)) == "printer_not_ready");
  CHECK(peer.Count("one receipt") == 3);
}

TEST_CASE("Printer by serial line: XOFF stalls a job, XON lets it end", "[devices][printer][session][serial]") {
  PeerPrinter peer(true);
  const auto session = Open(peer.Address() + "?flow=software", Profile(Completion::kGsH, true, 700));
  REQUIRE(Becomes(*session, DeviceState::kReady));
  CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));
  const std::string job = "begin" + std::string(3'000'000, 'x') + "end";
  Late late;
  peer.Set([](auto& manner) { manner.stall = true; });
  auto printing = std::async(std::launch::async, [&] { return session->Send(job, late.Report()); });
  usleep(100'000);  // the line is full now
  peer.Say("\x13");
  usleep(100'000);
  peer.Set([](auto& manner) { manner.stall = false; });
  CHECK(Is(printing.get(), PrintState::kUnknown));
  CHECK(NameOf(session->Send(kReceipt)) == "printer_not_ready");
  CHECK(peer.Count("end") == 0);
  peer.Say("\x11");
  CHECK(Eventually([&] { return late.Confirmed(); }, 10'000));
  CHECK(peer.Count(job) == 1);
  CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));
}

TEST_CASE("Printer by serial line: two tills do not share one", "[devices][printer][session][serial]") {
  PeerPrinter peer(true);
  const auto first = Open(peer.Address(), Profile(Completion::kGsH, true));
  REQUIRE(Becomes(*first, DeviceState::kReady));
  const auto second = Open(peer.Address(), Profile(Completion::kGsH, true));
  CHECK(NameOf(second->Send(kReceipt)) == "device_busy");
  CHECK(second->Status().state == DeviceState::kAbsent);
  CHECK(Is(first->Send(kReceipt), PrintState::kConfirmed));
}

TEST_CASE("Shared printer: connected for each receipt, free between", "[devices][printer][session]") {
  PeerPrinter peer;
  const auto mode = GENERATE(Completion::kGsH, Completion::kAuto);
  const auto one = Open(peer.Address() + "?shared=yes", Profile(mode, mode == Completion::kGsH));
  const auto two = Open(peer.Address() + "?shared=yes", Profile(mode, mode == Completion::kGsH));
  auto other = std::async(std::launch::async, [&] {
    bool all = true;
    for (int i = 0; i < 5; ++i) all = Is(two->Send("two"), PrintState::kConfirmed) && all;
    return all;
  });
  for (int i = 0; i < 5; ++i) CHECK(Is(one->Send("one"), PrintState::kConfirmed));
  CHECK(other.get());
  CHECK(peer.Count("one") == 5);
  CHECK(peer.Count("two") == 5);
  CHECK(peer.Connections() >= 10);
  CHECK(one->Status().state == DeviceState::kReady);
  peer.Set([](auto& manner) { manner.paper = false; });
  CHECK(NameOf(one->Send("one")) == "printer_not_ready");
  CHECK(Has(one->Status(), DeviceNote::kPaperOut));
  peer.Set([](auto& manner) { manner.paper = true; });
  CHECK(Becomes(*one, DeviceState::kReady, 8000));
}

TEST_CASE("Printer by file: jobs are appended whole and end as sent", "[devices][printer][session][file]") {
  const TempFolder folder;
  const auto file = folder.path / "receipts.bin";
  const auto session = Open("file:" + file.string(), Profile(Completion::kGsH, true));
  CHECK(Is(session->Send(kReceipt), PrintState::kSent));
  CHECK(Is(session->Send(kReceipt), PrintState::kSent));
  CHECK(Contents(file) == kReceipt + kReceipt);
  CHECK(session->Status().state == DeviceState::kReady);
  CHECK(Has(session->Status(), DeviceNote::kNoStatus));
  CHECK(session->Open());
  CHECK(Contents(file).size() == 2 * kReceipt.size() + 5);
  CHECK(session->Ready());
}

TEST_CASE("Printer by file: a folder that is missing, a device that is full", "[devices][printer][session][file]") {
  const TempFolder folder;
  const auto missing = Open("file:" + (folder.path / "no" / "r.bin").string(), Profile(Completion::kAuto));
  CHECK(NameOf(missing->Send(kReceipt)) == "printer_unreachable");
  CHECK(Eventually([&] { return missing->Status().detail.find("r.bin") != std::string::npos; }));
  const auto full = Open("file:/dev/full", Profile(Completion::kAuto));
  CHECK(NameOf(full->Send(kReceipt)) == "printer_write_failed");
}

TEST_CASE("Printer address: what is none is refused when it is opened", "[devices][printer][session]") {
  const auto opened = printer::OpenPrinter("carrier-pigeon:7");
  REQUIRE_FALSE(opened);
  CHECK(opened.error().Name() == "device_address_invalid");
}

}  // namespace evertill::devices::test
