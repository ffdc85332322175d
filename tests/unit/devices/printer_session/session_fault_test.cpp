#include <future>

#include "tests/unit/devices/printer_session/session_harness.h"

namespace evertill::devices::test {

using namespace std::string_literals;

TEST_CASE("Printer faults: hanging up amid a job gives unknown, and nothing twice", "[devices][printer][session]") {
  PeerPrinter peer;
  peer.Set([](auto& manner) { manner.hang_up_after = 30'000; });
  const auto session = Open(peer.Address(), Profile(Completion::kGsH, true));
  Late late;
  const Watch watch;
  CHECK(Is(session->Send("begin" + std::string(3'000'000, ' ') + "end", late.Report()), PrintState::kUnknown));
  CHECK(watch.Ms() < 3000);
  CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));
  CHECK(peer.Connections() == 2);
  CHECK(peer.Count("begin") == 1);
  CHECK(peer.Count("end") == 0);
  CHECK(peer.Count("one receipt") == 1);
  CHECK(late.Count() == 0);
  // What might still be a picture in the printer is filled up before the next receipt.
  const std::string taken = peer.Taken();
  const bool filled = taken.find(std::string(20'000, '\0')) < taken.find("one receipt");
  CHECK(filled);
}

TEST_CASE("Printer faults: hanging up while a job waits for its answer gives unknown", "[devices][printer][session]") {
  PeerPrinter peer;
  peer.Set([](auto& manner) { manner.lose_replies = true; });
  const auto session = Open(peer.Address(), Profile(Completion::kGsH, true, 10'000));
  auto printing = std::async(std::launch::async, [&] { return session->Send(kReceipt); });
  REQUIRE(peer.Await("one receipt"));
  peer.HangUp();
  CHECK(Is(printing.get(), PrintState::kUnknown));
}

TEST_CASE("Printer faults: a stall gives unknown, and the rest follows when it ends", "[devices][printer][session]") {
  PeerPrinter peer;
  const auto session = Open(peer.Address(), Profile(Completion::kGsH, true, 600));
  REQUIRE(Becomes(*session, DeviceState::kReady));
  const std::string job = "begin" + std::string(20'000'000, 'x') + "end";
  Late late;
  peer.Set([](auto& manner) { manner.stall = true; });
  auto printing = std::async(std::launch::async, [&] { return session->Send(job, late.Report()); });
  CHECK(Is(printing.get(), PrintState::kUnknown));
  const Watch watch;
  CHECK(NameOf(session->Send(kReceipt)) == "printer_not_ready");
  CHECK(session->Ready().error().Name() == "printer_not_ready");
  CHECK(watch.Ms() < 1000);
  peer.Set([](auto& manner) { manner.stall = false; });
  CHECK(Eventually([&] { return late.Confirmed(); }, 20'000));
  CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));
  const bool whole = peer.Taken().find(job) != std::string::npos;
  CHECK(whole);
  CHECK(peer.Count("begin") == 1);
}

TEST_CASE("Printer faults: a stall from the first byte on withdraws the job or leaves it unknown, in time",
          "[devices][printer][session]") {
  PeerPrinter peer;
  peer.Set([](auto& manner) { manner.stall = true; });
  const auto session = Open(peer.Address(), Profile(Completion::kGsR, false, 600));
  const Watch watch;
  const auto printed = session->Send(kReceipt);
  CHECK(watch.Ms() < 3000);
  CHECK(Is(printed, PrintState::kUnknown));  // the kernel took it
  peer.Set([](auto& manner) { manner.stall = false; });
  CHECK(peer.Await("one receipt"));
}

TEST_CASE("Printer faults: garbage is noted, and confirms nothing", "[devices][printer][session]") {
  PeerPrinter peer;
  const auto session = Open(peer.Address(), Profile(Completion::kGsH, true));
  REQUIRE(Becomes(*session, DeviceState::kReady));
  peer.Say("\xFF\xA5\xC3\x96\x37\x22\xFF");
  CHECK(Eventually([&] { return Has(session->Status(), DeviceNote::kUnreadable); }));
  CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));
  peer.Set([](auto& manner) { manner.garbage = std::string(5000, '\xEE'); });
  CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));
  CHECK(peer.Count("one receipt") == 2);
}

TEST_CASE("Printer faults: one that is not there is said at once, without a byte lost", "[devices][printer][session]") {
  const auto session = Open("tcp://127.0.0.1:1", Profile(Completion::kGsH));
  const Watch watch;
  CHECK(NameOf(session->Send(kReceipt)) == "printer_unreachable");
  CHECK(session->Ready().error().Name() == "printer_unreachable");
  CHECK(session->Open().error().Name() == "device_unreachable");
  CHECK(watch.Ms() < 1500);
  CHECK(session->Status().state == DeviceState::kAbsent);
  CHECK(session->Status().detail.find("127.0.0.1") != std::string::npos);
}

TEST_CASE("Printer faults: one that comes back is found again", "[devices][printer][session]") {
  PeerPrinter peer;
  const auto session = Open(peer.Address(), Profile(Completion::kGsH, true));
  std::atomic<int> ready{0};
  session->OnReady([&] { ++ready; });
  REQUIRE(Becomes(*session, DeviceState::kReady));
  peer.Set([](auto& manner) { manner.refuse = true; });
  peer.HangUp();
  CHECK(Becomes(*session, DeviceState::kAbsent));
  CHECK_FALSE(session->Send(kReceipt));
  peer.Set([](auto& manner) { manner.refuse = false; });
  CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));  // asks at once, whatever the back-off
  CHECK(peer.Count("one receipt") == 1);
  peer.HangUp();
  CHECK(Becomes(*session, DeviceState::kAbsent));
  const int before = ready;
  CHECK(Becomes(*session, DeviceState::kReady));  // by itself
  CHECK(Eventually([&] { return ready > before; }));
  session->OnReady({});
}

TEST_CASE("Printer faults: one that has stopped answering gets no job", "[devices][printer][session]") {
  PeerPrinter peer;
  const auto session = Open(peer.Address(), Profile(Completion::kGsR));
  CHECK(Is(session->Send("first"), PrintState::kConfirmed));
  peer.Set([](auto& manner) { manner.mute = true; });
  CHECK(Eventually([&] { return Has(session->Status(), DeviceNote::kOffline); }, 15'000));
  const Watch watch;
  CHECK(NameOf(session->Send(kReceipt)) == "printer_timeout");
  CHECK(watch.Ms() < 2000);
  CHECK(peer.Count("one receipt") == 0);
  peer.Set([](auto& manner) { manner.mute = false; });
  CHECK(Becomes(*session, DeviceState::kReady));
  CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));
}

TEST_CASE("Printer faults: the end of the program does not hang on a printer", "[devices][printer][session]") {
  PeerPrinter peer;
  peer.Set([](auto& manner) { manner.lose_replies = true; });
  auto session = Open(peer.Address(), Profile(Completion::kGsH, true, 60'000));
  REQUIRE(Becomes(*session, DeviceState::kReady));
  Late late;
  auto printing =
      std::async(std::launch::async, [&, raw = session.get()] { return raw->Send(kReceipt, late.Report()); });
  REQUIRE(peer.Await("one receipt"));
  const Watch watch;
  session.reset();
  CHECK(Is(printing.get(), PrintState::kUnknown));
  CHECK(watch.Ms() < 2000);
}

}  // namespace evertill::devices::test
