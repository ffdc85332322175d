#include "app/presenters/receipt_service.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <map>

#include "tests/support/fake_ports.h"

using namespace evertill;
using checkout::PrintRecord;
using checkout::PrintState;
using domain::ReceiptNumber;

namespace {

enum class PaperErrc { kNotReady };
std::string_view ErrorName(PaperErrc) {
  return "printer_not_ready";
}

bool HasKick(const domain::ReceiptDocument& document) {
  for (const auto& element : document.elements) {
    if (std::holds_alternative<domain::DrawerKickElement>(element)) return true;
  }
  return false;
}

/// A printer as a test wants it. Calls come on the service's thread.
class Paper final : public checkout::ReceiptPrinter, public checkout::CashDrawer {
 public:
  base::Expected<PrintState> Print(const domain::ReceiptDocument& document) override {
    return PrintAndTell(document, {});
  }
  base::Expected<PrintState> PrintAndTell(const domain::ReceiptDocument& document,
                                          checkout::LatePrintReport late_report) override {
    const std::lock_guard lock(mutex);
    printed.push_back(document);
    late = std::move(late_report);
    return outcome;
  }
  base::Status Ready() override {
    const std::lock_guard lock(mutex);
    if (!ready) return base::Fail(PaperErrc::kNotReady, "no paper");
    return {};
  }
  void OnReady(std::function<void()> callback) override {
    const std::lock_guard lock(mutex);
    on_ready = std::move(callback);
  }
  base::Status Open() override {
    const std::lock_guard lock(mutex);
    ++opened;
    return {};
  }
  std::optional<bool> IsOpen() const override { return std::nullopt; }

  void Load() {
    std::function<void()> callback;
    {
      const std::lock_guard lock(mutex);
      ready = true;
      callback = on_ready;
    }
    if (callback) callback();
  }
  size_t Count() {
    const std::lock_guard lock(mutex);
    return printed.size();
  }

  std::mutex mutex;
  bool ready = true;
  PrintState outcome = PrintState::kConfirmed;
  std::vector<domain::ReceiptDocument> printed;
  checkout::LatePrintReport late;
  std::function<void()> on_ready;
  int opened = 0;
};

class Queue final : public checkout::PrintQueue {
 public:
  base::Expected<std::vector<PrintRecord>> Waiting() override {
    const std::lock_guard lock(mutex);
    std::vector<PrintRecord> waiting;
    for (const auto& [number, record] : records) {
      if (record.state == PrintState::kQueued || record.state == PrintState::kFailed) waiting.push_back(record);
    }
    return waiting;
  }
  base::Status SetPrintState(const PrintRecord& record) override {
    const std::lock_guard lock(mutex);
    records[record.receipt.Value()] = record;
    ++writes;
    return {};
  }
  base::Expected<std::optional<PrintRecord>> PrintStateOf(const ReceiptNumber& receipt) override {
    const std::lock_guard lock(mutex);
    const auto found = records.find(receipt.Value());
    return found == records.end() ? std::nullopt : std::optional(found->second);
  }
  PrintState State(const std::string& number) {
    const std::lock_guard lock(mutex);
    return records.at(number).state;
  }
  std::mutex mutex;
  std::map<std::string, PrintRecord> records;
  int writes = 0;
};

/// A till that has sold one thing for cash, whose receipt is queued.
struct Shop {
  Shop() {
    till.AddProduct(support::MakeProduct("8850999320014", "Water", "49.75"));
    auto counter = till.OpenCounter();
    REQUIRE(counter->Scan("8850999320014"));
    REQUIRE(counter->TenderCash("100"));
    number = till.sales.front().receipt.Value();
    till.sales.front().at = till.clock.Now();
    queue.records[number] = {ReceiptNumber(number), PrintState::kQueued, {}};
  }
  std::unique_ptr<presenters::ReceiptService> Start() {
    return std::make_unique<presenters::ReceiptService>(
        till, queue, paper, till.clock, till.Identity(), presenters::ReceiptOptions{},
        [this](const PrintRecord& record, const std::optional<base::Error>& problem) {
          const std::lock_guard lock(mutex);
          told.emplace_back(record.state, problem ? std::string(problem->Name()) : "");
        },
        &paper);
  }
  bool Becomes(PrintState state) {
    for (int i = 0; i < 400 && queue.State(number) != state; ++i) usleep(5'000);
    return queue.State(number) == state;
  }
  bool Prints(size_t count) {
    for (int i = 0; i < 400 && paper.Count() < count; ++i) usleep(5'000);
    return paper.Count() == count;
  }
  support::FakeTill till;
  Paper paper;
  Queue queue;
  std::string number;
  std::mutex mutex;
  std::vector<std::pair<PrintState, std::string>> told;
};

}  // namespace

TEST_CASE("Receipt service: a queued receipt is printed once and told", "[presenters][receipts]") {
  Shop shop;
  {
    auto service = shop.Start();
    service->Settle(std::chrono::seconds(5));
    for (int i = 0; i < 3; ++i) service->Wake();
    service->Settle(std::chrono::seconds(5));
  }
  CHECK(shop.queue.State(shop.number) == PrintState::kConfirmed);
  CHECK(shop.paper.printed.size() == 1);
  CHECK(HasKick(shop.paper.printed.front()));
  CHECK(shop.told == decltype(shop.told){{PrintState::kConfirmed, ""}});
}

TEST_CASE("Receipt service: without paper it waits, the drawer does not, and paper starts it",
          "[presenters][receipts]") {
  Shop shop;
  shop.paper.ready = false;
  auto service = shop.Start();
  service->Settle(std::chrono::seconds(5));
  CHECK(shop.queue.State(shop.number) == PrintState::kQueued);
  CHECK(shop.paper.Count() == 0);
  CHECK(shop.paper.opened == 1);
  const int writes = shop.queue.writes;
  for (int i = 0; i < 5; ++i) {
    service->Wake();
    service->Settle(std::chrono::seconds(5));
  }
  CHECK(shop.queue.writes == writes);  // nothing new, nothing written
  CHECK(shop.paper.opened == 1);
  shop.paper.Load();
  CHECK(shop.Becomes(PrintState::kConfirmed));
  CHECK(shop.Prints(1));
  CHECK_FALSE(HasKick(shop.paper.printed.front()));  // it has been opened already
  service.reset();
  CHECK(shop.told == decltype(shop.told){{PrintState::kQueued, "printer_not_ready"}, {PrintState::kConfirmed, ""}});
}

TEST_CASE("Receipt service: a receipt that comes minutes late opens no drawer", "[presenters][receipts]") {
  Shop shop;
  shop.till.clock.Advance(std::chrono::minutes(2));
  auto service = shop.Start();
  CHECK(shop.Prints(1));
  service.reset();
  CHECK_FALSE(HasKick(shop.paper.printed.front()));
}

TEST_CASE("Receipt service: a receipt of an earlier run opens no drawer, with paper or without",
          "[presenters][receipts]") {
  Shop shop;
  shop.till.clock.Advance(std::chrono::seconds(3));
  shop.paper.ready = GENERATE(true, false);
  auto service = shop.Start();
  service->Settle(std::chrono::seconds(5));
  CHECK(shop.paper.opened == 0);
  shop.paper.Load();
  CHECK(shop.Prints(1));
  service.reset();
  CHECK_FALSE(HasKick(shop.paper.printed.front()));
}

TEST_CASE("Receipt service: the next sale's drawer opens while the receipt before waits for paper",
          "[presenters][receipts]") {
  Shop shop;
  shop.paper.ready = false;
  auto service = shop.Start();
  service->Settle(std::chrono::seconds(5));
  CHECK(shop.paper.opened == 1);
  domain::Sale next = shop.till.sales.front();
  next.receipt = ReceiptNumber(shop.number + "9");
  shop.till.sales.push_back(next);
  CHECK(shop.queue.SetPrintState({next.receipt, PrintState::kQueued, {}}));
  service->Wake();
  service->Settle(std::chrono::seconds(5));
  CHECK(shop.paper.opened == 2);
  shop.paper.Load();
  CHECK(shop.Prints(2));
  service.reset();
  CHECK_FALSE(HasKick(shop.paper.printed.back()));
}

TEST_CASE("Receipt service: unknown is not printed again by itself, and becomes confirmed late",
          "[presenters][receipts]") {
  Shop shop;
  shop.paper.outcome = PrintState::kUnknown;
  auto service = shop.Start();
  CHECK(shop.Becomes(PrintState::kUnknown));
  service->Settle(std::chrono::seconds(5));
  shop.paper.Load();
  service->Wake();
  service->Settle(std::chrono::seconds(5));
  CHECK(shop.paper.Count() == 1);
  CHECK(shop.queue.State(shop.number) == PrintState::kUnknown);
  shop.paper.late(PrintState::kConfirmed);
  CHECK(shop.Becomes(PrintState::kConfirmed));
  service.reset();
  shop.paper.late(PrintState::kConfirmed);  // nobody listens any more
  CHECK(shop.told == decltype(shop.told){{PrintState::kUnknown, ""}, {PrintState::kConfirmed, ""}});
}

TEST_CASE("Receipt service: a restart amid a print finds it unknown and leaves it", "[presenters][receipts]") {
  Shop shop;
  shop.queue.records[shop.number] = {ReceiptNumber(shop.number), PrintState::kUnknown, "the program ended"};
  auto service = shop.Start();
  service->Settle(std::chrono::seconds(5));
  service.reset();
  CHECK(shop.paper.printed.empty());
  CHECK(shop.queue.State(shop.number) == PrintState::kUnknown);
}

TEST_CASE("Receipt service: a person decides about an unknown one", "[presenters][receipts]") {
  Shop shop;
  shop.paper.outcome = PrintState::kUnknown;
  auto service = shop.Start();
  CHECK(shop.Becomes(PrintState::kUnknown));
  SECTION("it is on paper") {
    service->PrintSeen(ReceiptNumber(shop.number));
    CHECK(shop.Becomes(PrintState::kConfirmed));
    CHECK(shop.paper.Count() == 1);
  }
  SECTION("printed again as a copy that opens no drawer, once there is paper") {
    {
      const std::lock_guard lock(shop.paper.mutex);
      shop.paper.outcome = PrintState::kConfirmed;
      shop.paper.ready = false;
    }
    service->PrintAgain(ReceiptNumber(shop.number));
    service->PrintAgain(ReceiptNumber(shop.number));
    service->Settle(std::chrono::seconds(5));
    CHECK(shop.paper.Count() == 1);
    shop.paper.Load();
    CHECK(shop.Becomes(PrintState::kConfirmed));
    CHECK(shop.Prints(2));
    CHECK_FALSE(HasKick(shop.paper.printed.back()));
    CHECK_FALSE(shop.paper.printed.back() == shop.paper.printed.front());
    service->Settle(std::chrono::seconds(5));
    CHECK(shop.paper.Count() == 2);
  }
}

TEST_CASE("Receipt service: what waited longer than a customer does is given up at a start", "[presenters][receipts]") {
  Shop shop;
  shop.till.clock.Advance(std::chrono::minutes(11));
  auto service = shop.Start();
  service->Settle(std::chrono::seconds(5));
  CHECK(shop.queue.State(shop.number) == PrintState::kFailed);
  CHECK(shop.paper.Count() == 0);
  service->PrintAgain(ReceiptNumber(shop.number));  // it never printed: this is the original
  CHECK(shop.Becomes(PrintState::kConfirmed));
  CHECK(shop.Prints(1));
}
