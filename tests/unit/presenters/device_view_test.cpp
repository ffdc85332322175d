#include "app/presenters/device_view.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

using namespace evertill;
using namespace evertill::presenters;
using checkout::DeviceKind;
using checkout::DeviceNote;
using checkout::DeviceState;
using checkout::DeviceStatus;
using checkout::PrintState;

namespace {

const std::vector<DeviceKind> kKinds{
    DeviceKind::kReceiptPrinter, DeviceKind::kLabelPrinter,   DeviceKind::kScanner,    DeviceKind::kDrawer,
    DeviceKind::kScale,          DeviceKind::kCustomerScreen, DeviceKind::kPoleDisplay};
const std::vector<DeviceState> kStates{DeviceState::kConnecting, DeviceState::kReady, DeviceState::kAttention,
                                       DeviceState::kAbsent};

DeviceStatus Status(DeviceKind kind, DeviceState state, std::vector<DeviceNote> notes = {},
                    const std::string& address = "tcp://192.168.1.50:9100") {
  return {kind, "Epson TM-T88", address, state, std::move(notes), {}};
}

const Words& English() {
  static const auto words = Words::For("en");
  return *words;
}

}  // namespace

TEST_CASE("Device: paper out says what to do, in each language", "[presenters][devices]") {
  const DeviceStatus status = Status(DeviceKind::kReceiptPrinter, DeviceState::kAttention, {DeviceNote::kPaperOut});
  const DeviceView view = DeviceViewOf(status, English());
  CHECK(view.title == "Receipt printer");
  CHECK(view.state == "Paper is out");
  CHECK(view.advice == "Open the lid, put in a roll, close it. Receipts wait until then.");
  CHECK(view.urgency == Urgency::kNow);
  CHECK_FALSE(view.act);  // a test page would show nothing
}

TEST_CASE("Device: every state of every device has words, and whatever needs a hand says which",
          "[presenters][devices]") {
  for (const DeviceKind kind : kKinds) {
    for (const DeviceState state : kStates) {
      for (int note = -1; note <= static_cast<int>(DeviceNote::kUnreadable); ++note) {
        std::vector<DeviceNote> notes;
        if (note >= 0) notes.push_back(static_cast<DeviceNote>(note));
        const DeviceView view = DeviceViewOf(Status(kind, state, notes), English());
        INFO(view.title << " / " << view.state << " / " << view.advice << " (note " << note << ")");
        CHECK_FALSE(view.title.empty());
        CHECK_FALSE(view.state.empty());
        if (view.urgency == Urgency::kNow) {
          CHECK_FALSE(view.advice.empty());
          CHECK((view.tone == Tone::kBad || view.tone == Tone::kWarn));
        }
        if (state == DeviceState::kAbsent) CHECK(view.urgency == Urgency::kNow);
        if (state == DeviceState::kConnecting) CHECK(view.urgency == Urgency::kNone);
        if (view.act) CHECK_FALSE(view.act_label.empty());
      }
    }
  }
}

TEST_CASE("Device: the most urgent note is the one that is said", "[presenters][devices]") {
  const auto both =
      Status(DeviceKind::kReceiptPrinter, DeviceState::kAttention, {DeviceNote::kCoverOpen, DeviceNote::kPaperNearEnd});
  CHECK(DeviceViewOf(both, English()).state == "The cover is open");
  // A printer that tells of the drawer beside it is a ready printer.
  const auto drawer = Status(DeviceKind::kReceiptPrinter, DeviceState::kReady, {DeviceNote::kDrawerOpen});
  CHECK(DeviceViewOf(drawer, English()).state == "Ready");
  CHECK(DeviceViewOf(Status(DeviceKind::kDrawer, DeviceState::kReady, {DeviceNote::kDrawerOpen}), English()).state ==
        "Open");
}

TEST_CASE("Device: one that cannot say how it is claims nothing", "[presenters][devices]") {
  const auto view =
      DeviceViewOf(Status(DeviceKind::kReceiptPrinter, DeviceState::kReady, {DeviceNote::kNoStatus}), English());
  CHECK(view.state == "Connected");
  CHECK(view.urgency == Urgency::kNone);
  CHECK(view.act == DeviceAct::kTestPrint);
}

TEST_CASE("Devices: the newest of each is kept, and who needs a hand most is marked", "[presenters][devices]") {
  DeviceBoard board;
  CHECK_FALSE(MarkOf(board, English()).shown);
  CHECK(board.Put(Status(DeviceKind::kScanner, DeviceState::kReady, {}, "usb")));
  CHECK(board.Put(Status(DeviceKind::kReceiptPrinter, DeviceState::kConnecting)));
  CHECK(board.Put(Status(DeviceKind::kReceiptPrinter, DeviceState::kReady)));
  CHECK_FALSE(board.Put(Status(DeviceKind::kReceiptPrinter, DeviceState::kReady)));
  REQUIRE(board.All().size() == 2);
  CHECK(board.All()[0].kind == DeviceKind::kReceiptPrinter);
  CHECK(MarkOf(board, English()).shown);
  CHECK_FALSE(MarkOf(board, English()).wanted);

  CHECK(board.Put(Status(DeviceKind::kReceiptPrinter, DeviceState::kReady, {DeviceNote::kPaperNearEnd})));
  CHECK(MarkOf(board, English()).text == "Paper is nearly out");
  CHECK(board.Put(Status(DeviceKind::kScanner, DeviceState::kAbsent, {}, "usb")));
  CHECK(MarkOf(board, English()).text == "Scanner");  // it cannot be used at all
  CHECK(board.Put(Status(DeviceKind::kScanner, DeviceState::kReady, {}, "usb")));
  CHECK(board.Put(Status(DeviceKind::kReceiptPrinter, DeviceState::kReady)));
  CHECK_FALSE(MarkOf(board, English()).wanted);
}

TEST_CASE("Devices: two of a kind are two", "[presenters][devices]") {
  DeviceBoard board;
  CHECK(board.Put(Status(DeviceKind::kScanner, DeviceState::kReady, {}, "one")));
  CHECK(board.Put(Status(DeviceKind::kScanner, DeviceState::kAbsent, {}, "two")));
  CHECK(board.All().size() == 2);
  CHECK(board.Neediest()->address == "two");
}

TEST_CASE("Print: only what may be on paper, or surely is not, is asked about", "[presenters][print]") {
  const auto of = [](PrintState state) { return PrintWordsOf({"L03-000124", state, {}, false}, English()); };
  CHECK_FALSE(of(PrintState::kQueued).asks);
  CHECK_FALSE(of(PrintState::kSent).asks);
  CHECK_FALSE(of(PrintState::kConfirmed).asks);
  CHECK(of(PrintState::kConfirmed).text == "Receipt printed");
  // "sent" never says that it printed
  CHECK(of(PrintState::kSent).text == "Receipt sent to the printer");
  CHECK(of(PrintState::kUnknown).asks);
  CHECK(of(PrintState::kUnknown).text == "It may not have printed. Look at the paper.");
  CHECK(of(PrintState::kUnknown).seen_is);
  CHECK(of(PrintState::kFailed).asks);
  CHECK_FALSE(of(PrintState::kFailed).seen_is);
  CHECK(of(PrintState::kFailed).again == "Print again");
}

TEST_CASE("Print: what keeps a receipt waiting is said", "[presenters][print]") {
  const auto words =
      PrintWordsOf({"L03-000124", PrintState::kQueued, "The printer does not answer.", false}, English());
  CHECK(words.text == "The printer does not answer.");
  CHECK(words.tone == Tone::kWarn);
  CHECK_FALSE(words.asks);
}
