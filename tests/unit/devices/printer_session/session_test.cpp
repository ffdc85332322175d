#include <future>

#include "tests/unit/devices/printer_session/session_harness.h"

namespace evertill::devices::test {

using namespace std::string_literals;

TEST_CASE("Printer session: GS ( H confirms a receipt", "[devices][printer][session]") {
  PeerPrinter peer;
  const auto session = Open(peer.Address(), Profile(Completion::kGsH, true));
  CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));
  CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));
  CHECK(peer.Count("one receipt") == 2);
  CHECK(peer.Connections() == 1);
  CHECK(session->Status().state == DeviceState::kReady);
  CHECK(session->Status().notes.empty());
}

TEST_CASE("Printer session: GS r confirms a receipt", "[devices][printer][session]") {
  PeerPrinter peer;
  const auto mode = GENERATE(Completion::kGsR, Completion::kAuto);
  const auto session = Open(peer.Address(), Profile(mode));
  for (int i = 0; i < 3; ++i) CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));
  CHECK(peer.Count("one receipt") == 3);
}

TEST_CASE("Printer session: one that never answers gets receipts, which end as sent", "[devices][printer][session]") {
  PeerPrinter peer;
  peer.Set([](auto& manner) { manner.mute = true; });
  const auto session = Open(peer.Address(), Profile(Completion::kAuto));
  const Watch first;
  CHECK(Is(session->Send(kReceipt), PrintState::kSent));
  CHECK(first.Ms() < 4000);
  const Watch second;
  CHECK(Is(session->Send(kReceipt), PrintState::kSent));
  CHECK(second.Ms() < 800);
  CHECK(Eventually([&] { return Has(session->Status(), DeviceNote::kNoStatus); }));
  CHECK(session->Status().state == DeviceState::kReady);
}

TEST_CASE("Printer session: one that answers status but not GS r ends as sent", "[devices][printer][session]") {
  PeerPrinter peer;
  peer.Set([](auto& manner) { manner.answers_gs_r = false; });
  const auto session = Open(peer.Address(), Profile(Completion::kAuto));
  CHECK(Is(session->Send(kReceipt), PrintState::kSent));
  CHECK(Is(session->Send(kReceipt), PrintState::kSent));
  CHECK(peer.Count("one receipt") == 2);
}

TEST_CASE("Printer session: a profile without completion asks for none", "[devices][printer][session]") {
  PeerPrinter peer;
  const auto session = Open(peer.Address(), Profile(Completion::kNone));
  CHECK(Is(session->Send(kReceipt), PrintState::kSent));
  CHECK(peer.Await("one receipt\n"));
  CHECK(peer.Taken() == kReceipt);
}

TEST_CASE("Printer session: without paper no byte leaves, and it tells when it is ready",
          "[devices][printer][session]") {
  PeerPrinter peer;
  const bool asb = GENERATE(false, true);
  const bool cover = GENERATE(false, true);
  peer.Set([&](auto& manner) { (cover ? manner.cover_open : manner.paper) = cover; });
  const auto session = Open(peer.Address(), Profile(asb ? Completion::kGsH : Completion::kGsR, asb));
  std::atomic<int> ready{0};
  session->OnReady([&] { ++ready; });
  const auto printed = session->Send(kReceipt);
  CHECK(NameOf(printed) == "printer_not_ready");
  CHECK(printed.error().Detail() == (cover ? "the cover is open" : "no paper"));
  CHECK(session->Status().state == DeviceState::kAttention);
  CHECK(Has(session->Status(), cover ? DeviceNote::kCoverOpen : DeviceNote::kPaperOut));
  CHECK(session->Ready().error().Name() == "printer_not_ready");
  CHECK(peer.Count("one receipt") == 0);
  CHECK(ready == 0);
  peer.Set([](auto& manner) { manner.paper = true, manner.cover_open = false; });
  CHECK(Eventually([&] { return ready == 1; }));
  CHECK(session->Ready());
  CHECK(Is(session->Send(kReceipt), PrintState::kConfirmed));
  CHECK(peer.Count("one receipt") == 1);
  session->OnReady({});
}

TEST_CASE("Printer session: paper that ends amid a job gives unknown, and confirmed once it is loaded",
          "[devices][printer][session]") {
  PeerPrinter peer;
  const auto mode = GENERATE(Completion::kGsH, Completion::kGsR);
  const auto session = Open(peer.Address(), Profile(mode, mode == Completion::kGsH, 700));
  REQUIRE(Becomes(*session, DeviceState::kReady));
  peer.Set([](auto& manner) { manner.late_ms = 3'600'000; });  // it prints on and on
  Late late;
  auto printing = std::async(std::launch::async, [&] { return session->Send(kReceipt, late.Report()); });
  REQUIRE(peer.Await("one receipt"));
  peer.Set([](auto& manner) { manner.paper = false, manner.late_ms = 0; });
  CHECK(Is(printing.get(), PrintState::kUnknown));
  CHECK(Eventually([&] { return Has(session->Status(), DeviceNote::kPaperOut); }));
  CHECK(NameOf(session->Send("another")) == "printer_not_ready");
  CHECK(late.Count() == 0);
  peer.Set([](auto& manner) { manner.paper = true; });
  CHECK(Eventually([&] { return late.Confirmed(); }));
  CHECK(Becomes(*session, DeviceState::kReady));
  CHECK(Is(session->Send("another"), PrintState::kConfirmed));
  CHECK(peer.Count("one receipt") == 1);
  CHECK(late.Count() == 1);
}

TEST_CASE("Printer session: a late answer to one receipt never confirms another", "[devices][printer][session]") {
  PeerPrinter peer;
  const auto mode = GENERATE(Completion::kGsH, Completion::kGsR);
  const auto session = Open(peer.Address(), Profile(mode, false, 600));
  CHECK(Is(session->Send("first"), PrintState::kConfirmed));
  peer.Set([](auto& manner) { manner.lose_replies = true; });
  Late lost;
  CHECK(Is(session->Send("second", lost.Report()), PrintState::kUnknown));
  peer.Set([](auto& manner) { manner.lose_replies = false; });
  CHECK(Is(session->Send("third"), PrintState::kConfirmed));
  CHECK(Is(session->Send("fourth"), PrintState::kConfirmed));
  // The answer to the second comes while the fifth waits: late, but not the fifth's.
  peer.Set([](auto& manner) { manner.late_ms = 1200; });
  Late late;
  CHECK(Is(session->Send("fifth", late.Report()), PrintState::kUnknown));
  CHECK(Eventually([&] { return late.Confirmed(); }));
  CHECK(lost.Count() == 0);
}

TEST_CASE("Printer session: answers that nobody asked for confirm nothing", "[devices][printer][session]") {
  PeerPrinter peer;
  peer.Set([](auto& manner) { manner.lose_replies = true; });
  const auto session = Open(peer.Address(), Profile(Completion::kGsH, false, 800));
  REQUIRE(Becomes(*session, DeviceState::kReady));
  auto printing = std::async(std::launch::async, [&] { return session->Send(kReceipt); });
  REQUIRE(peer.Await("one receipt"));
  peer.Say("\x37\x22\x41\x41\x41\x41\0\x00\x00"s);
  CHECK(Is(printing.get(), PrintState::kUnknown));
}

TEST_CASE("Printer session: what is wrong is told with notes", "[devices][printer][session]") {
  PeerPrinter peer;
  const bool asb = GENERATE(false, true);
  std::mutex mutex;
  std::vector<checkout::DeviceStatus> told;
  printer::SessionOptions options;
  options.name = "Front";
  options.report = [&](const checkout::DeviceStatus& status) {
    const std::lock_guard lock(mutex);
    told.push_back(status);
  };
  const auto session = Open(peer.Address(), Profile(Completion::kGsH, asb), options);
  REQUIRE(Becomes(*session, DeviceState::kReady));
  peer.Set([](auto& manner) { manner.near_end = true; });
  CHECK(Eventually([&] { return Has(session->Status(), DeviceNote::kPaperNearEnd); }));
  CHECK(session->Status().state == DeviceState::kReady);
  peer.Set([](auto& manner) { manner.cutter_error = true; });
  CHECK(Eventually([&] { return Has(session->Status(), DeviceNote::kCutterError); }));
  CHECK(session->Status().state == DeviceState::kAttention);
  peer.Set([](auto& manner) { manner.cutter_error = manner.near_end = false; });
  CHECK(Becomes(*session, DeviceState::kReady));
  CHECK(session->IsOpen() == false);
  peer.Set([](auto& manner) { manner.drawer_high = true; });
  CHECK(Eventually([&] { return session->IsOpen() == true; }));
  CHECK(Has(session->Status(), DeviceNote::kDrawerOpen));
  const std::lock_guard lock(mutex);
  REQUIRE(told.size() >= 5);
  CHECK(told.front().state == DeviceState::kConnecting);
  CHECK(told.front().name == "Front");
  CHECK(told.front().address == peer.Address());
  for (size_t i = 1; i < told.size(); ++i) CHECK_FALSE(told[i] == told[i - 1]);
}

TEST_CASE("Printer session: two printers are two", "[devices][printer][session]") {
  PeerPrinter one;
  PeerPrinter two;
  two.Set([](auto& manner) { manner.paper = false; });
  const auto first = Open(one.Address(), Profile(Completion::kGsH, true));
  const auto second = Open(two.Address(), Profile(Completion::kGsR));
  CHECK(Is(first->Send(kReceipt), PrintState::kConfirmed));
  CHECK(NameOf(second->Send(kReceipt)) == "printer_not_ready");
  CHECK(first->Status().notes.empty());
  CHECK(Has(second->Status(), DeviceNote::kPaperOut));
  CHECK(two.Count("one receipt") == 0);
}

TEST_CASE("Printer session: the drawer opens, without paper and past a waiting job too",
          "[devices][printer][session]") {
  PeerPrinter peer;
  PrinterProfile profile = Profile(Completion::kGsH, true, 1500);
  const auto session = Open(peer.Address(), profile);
  REQUIRE(Becomes(*session, DeviceState::kReady));
  CHECK(session->Open());
  CHECK(peer.Await("\x1Bp\x00\x19\xFA"s));
  peer.Set([](auto& manner) { manner.late_ms = 3'600'000; });
  auto printing = std::async(std::launch::async, [&] { return session->Send(kReceipt); });
  REQUIRE(peer.Await("one receipt"));
  peer.Set([](auto& manner) { manner.paper = false; });
  REQUIRE(Eventually([&] { return Has(session->Status(), DeviceNote::kPaperOut); }));
  const Watch watch;
  CHECK(session->Open());
  CHECK(watch.Ms() < 500);
  CHECK(peer.Await("\x10\x14\x01\x00\x01"s));
  CHECK(Is(printing.get(), PrintState::kUnknown));
  profile.realtime_pulse = true;
  PeerPrinter other;
  const auto real_time = Open(other.Address(), profile);
  CHECK(real_time->Open());
  CHECK(other.Await("\x10\x14\x01\x00\x01"s));
  CHECK(other.Count("\x1Bp") == 0);
  PeerPrinter third;
  printer::SessionOptions options;
  options.drawer = 1;
  CHECK(Open(third.Address(), Profile(Completion::kNone), options)->Open());
  CHECK(third.Await("\x1Bp\x01\x19\xFA"s));
}

}  // namespace evertill::devices::test
