#include "app/store/sale_log.h"

#include "app/crypto/hash.h"
#include "app/domain/errors.h"
#include "tests/unit/store/support.h"

namespace evertill::store {
namespace {

constexpr const char* kCard = "1234567890123456";

TEST_CASE("CommitSale: comes back by its receipt exactly as it was sold", "[store][sale]") {
  Till till;
  const auto nok = till.Enrol("นก", "0812345678", kCard);
  const auto sold = till.Commit(till.MakeSale(8, &nok, 15));
  CHECK(sold.receipt.Value() == "L03-000001");
  CHECK(sold.seq == 2);
  CHECK(sold.at == till.clock.Now());
  CHECK(sold.terminal == Till::Terminal());

  till.Open();
  for (const auto& found : {Must(till->Sales().FindSale(sold.receipt)), Must(till->Sales().LastSale())}) {
    REQUIRE(found.has_value());
    CHECK(found->id == sold.id);
    CHECK(found->receipt == sold.receipt);
    CHECK(found->seq == sold.seq);
    CHECK(found->totals.total == sold.totals.total);
    CHECK(found->cashier_name == "Somchai");
    REQUIRE(found->lines.size() == 8);
    CHECK(found->lines[3].name == "ข้าวหอมมะลิ 3");
    CHECK(found->lines[3].total == sold.lines[3].total);
    REQUIRE(found->tenders.size() == 1);
    CHECK(found->tenders[0].given == sold.tenders[0].given);
    CHECK(found->change == till.Amount(100));
    REQUIRE(found->member.has_value());
    CHECK(found->member->name == "นก");
    CHECK(found->member->card_tail == "3456");
    CHECK(found->points.after == 15);
  }
  CHECK(Must(till->Sales().NextReceipt()).Value() == "L03-000002");
}

TEST_CASE("CommitSale: one transaction writes every part", "[store][sale]") {
  Till till;
  const auto nok = till.Enrol("Nok", "", kCard);
  const auto sold = till.Commit(till.MakeSale(8, &nok, 15));
  CHECK(till.Count("SELECT count(*) FROM sale WHERE seq = 2 AND total = " +
                   std::to_string(sold.totals.total.Minor())) == 1);
  CHECK(till.Count("SELECT count(*) FROM sale_line WHERE sale = 1") == 8);
  CHECK(till.Count("SELECT sum(total) FROM sale_line WHERE sale = 1") == sold.totals.total.Minor());
  CHECK(till.Count("SELECT count(*) FROM sale_tender WHERE sale = 1") == 1);
  CHECK(till.Count("SELECT count(*) FROM ledger WHERE seq = 2") == 2);
  CHECK(till.Count("SELECT sum(amount) FROM ledger") == 0);
  CHECK(till.Count("SELECT count(*) FROM outbox WHERE is_sale = 1") == 1);
  CHECK(till.Count("SELECT count(*) FROM journal") == 2);
  CHECK(till.Count("SELECT count(*) FROM print_job WHERE state = 'queued'") == 1);
}

TEST_CASE("CommitSale: asked again with the same id it is the same sale", "[store][sale]") {
  Till till;
  auto sale = till.MakeSale();
  const auto once = till.Commit(sale);
  const auto twice = till.Commit(sale);
  CHECK(twice.receipt == once.receipt);
  CHECK(twice.seq == once.seq);
  CHECK(till.Count("SELECT count(*) FROM sale") == 1);
}

TEST_CASE("CommitSale: postings that do not add up are refused and nothing is written", "[store][sale]") {
  Till till;
  auto sale = till.MakeSale();
  const auto bad = till->Sales().CommitSale(sale, {{"ISSUED", "", "", -5}}, 1, false);
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().Is(domain::DomainErrc::kBadEvent));
  CHECK(till.Count("SELECT count(*) FROM journal") == 0);
  CHECK_FALSE(Must(till->Sales().LastSale()).has_value());
}

TEST_CASE("Journal: gap-free, chained by exact bytes, and t_business never goes back", "[store][journal]") {
  Till till;
  till.Commit(till.MakeSale());
  const auto before = till.clock.Now();
  till.clock.Set(before - std::chrono::hours(24 * 365));
  const auto late = till.Commit(till.MakeSale());
  CHECK(late.at == before);
  Must(till->Sales().CommitEvent(till.Draft("no_sale")));
  domain::EventHash head{};
  int64_t seq = 0;
  Must(till->ForEachEvent(0, 0, [&](const JournalRecord& record) -> base::Status {
    CHECK(record.seq == ++seq);
    head = crypto::Sha256({head, crypto::AsBytes(record.body)});
    CHECK(head == record.hash);
    return {};
  }));
  CHECK(seq == 3);
  const auto report = Must(till->VerifyJournal());
  CHECK(report.events == 3);
  CHECK(report.head == head);
}

TEST_CASE("Journal: side text is bound by a salted digest and can be erased without breaking the chain",
          "[store][journal]") {
  Till till;
  till.Commit(till.MakeSale());
  const auto events = Must(till->Sync().EventsAfter(0, 10));
  REQUIRE(events.size() == 1);
  CHECK(events[0].salt.size() == 16);
  const auto event = Must(domain::DecodeEvent(events[0].body));
  CHECK(event.side_digest ==
        base::ToHex(crypto::Sha256({crypto::AsBytes(events[0].salt), crypto::AsBytes(events[0].side)})));
  CHECK(events[0].body.find("Somchai") == std::string::npos);
  Must(till.Raw().Execute("DELETE FROM journal_side"));
  CHECK(Must(till->VerifyJournal()).events == 1);
  CHECK(Must(till->Sales().LastSale())->lines[0].name == "8850000000000");
}

TEST_CASE("Journal: any change is found by VerifyJournal", "[store][journal]") {
  const char* const tampered = GENERATE(
      "UPDATE journal SET body = replace(body, '4975', '4875') WHERE seq = 2",
      "UPDATE journal SET hash = randomblob(32) WHERE seq = 2", "DELETE FROM journal WHERE seq = 2",
      "UPDATE journal SET body = body || ' ' WHERE seq = 3", "UPDATE journal_signature SET signature = randomblob(64)",
      "UPDATE journal_side SET sealed = (SELECT sealed FROM journal_side WHERE seq = 1) WHERE seq = 2");
  Till till;
  for (int i = 0; i < 3; ++i) till.Commit(till.MakeSale());
  Must(till->Sync().SignHead(3));
  Must(till->VerifyJournal());
  Must(till.Raw().Execute("DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete"));
  Must(till.Raw().Execute(tampered));
  INFO(tampered);
  CHECK_FALSE(till->VerifyJournal().has_value());
}

TEST_CASE("Verify: rows that do not say what was hashed are named", "[store][journal]") {
  const std::pair<const char*, const char*> cases[] = {
      {"UPDATE sale SET total = total + 1 WHERE number = 2", "receipt L03-000002 (event 3): the total of its sale row"},
      {"UPDATE sale SET at_ms = at_ms + 1 WHERE number = 2", "receipt L03-000002 (event 3): the time of its sale row"},
      {"UPDATE sale SET cashier = randomblob(16) WHERE number = 1", "receipt L03-000001 (event 2): its sale row has"},
      {"UPDATE sale SET member = NULL WHERE number = 2",
       "receipt L03-000002 (event 3): its sale row has another member"},
      {"DELETE FROM sale WHERE number = 2", "receipt L03-000002 (event 3): its sale row is not there"},
      {"DELETE FROM sale WHERE number = 3", "receipt L03-000003 (event 4): its sale row is not there"},
      {"INSERT INTO sale SELECT 9, 9, at_ms, cashier, shift, member, lines, subtotal, savings, tax, total, rounding, "
       "change, 0, 0, 0 FROM sale WHERE number = 1",
       "receipt L03-000009: it is event 9, but the journal ends at event 4"},
      {"UPDATE sale_line SET total = 1 WHERE id = 2 * 1024 + 1", "receipt L03-000002 (event 3): the row of line 1"},
      {"DELETE FROM sale_line WHERE id = 1024 + 2", "receipt L03-000001 (event 2): the row of line 2"},
      {"INSERT INTO sale_line SELECT 3 * 1024 + 9, barcode, sku, 1, 1, 0, 1, tax_code, 0 FROM sale_line LIMIT 1",
       "receipt L03-000003: a line too many"},
      {"UPDATE sale_tender SET given = given + 100 WHERE id = 2 * 1024 + 1",
       "receipt L03-000002 (event 3): the row of"},
      {"UPDATE ledger SET amount = amount * 2 WHERE seq = 3", "event 3: its rows of the points ledger"},
      {"DELETE FROM ledger WHERE seq = 3", "event 3: its rows of the points ledger"},
      {"INSERT INTO ledger SELECT member, 4, entry, account, source, lot, amount FROM ledger",
       "the points ledger: it has"},
      {"DELETE FROM journal WHERE seq = 4", "receipt L03-000003: it is event 4, but the journal ends at event 3"},
      {"DELETE FROM journal WHERE seq = 4; DELETE FROM sale WHERE number = 3; DELETE FROM sale_line WHERE id > 3 * "
       "1024; "
       "DELETE FROM sale_tender WHERE id > 3 * 1024",
       "the journal: it ends at event 3, the outbox knows of event 4"},
      {"DELETE FROM journal WHERE seq = 4; DELETE FROM sale WHERE number = 3; DELETE FROM sale_line WHERE id > 3 * "
       "1024; "
       "DELETE FROM sale_tender WHERE id > 3 * 1024; DELETE FROM outbox; DELETE FROM journal_side",
       "the journal: receipt 3 was printed"},
      {"DELETE FROM journal WHERE seq = 4; INSERT INTO meta(key, value) VALUES ('acked_seq', CAST('4' AS BLOB)); "
       "DELETE FROM sale WHERE number = 3; DELETE FROM sale_line WHERE id > 3 * 1024; "
       "DELETE FROM sale_tender WHERE id > 3 * 1024; DELETE FROM outbox; DELETE FROM journal_side; DELETE FROM "
       "print_job",
       "the journal: it ends at event 3, head office has acknowledged event 4"},
  };
  for (const auto& [tampered, told] : cases) {
    Till till;
    const auto nok = till.Enrol("Nok", "", "1234567890123456");
    till.Commit(till.MakeSale());
    till.Commit(till.MakeSale(2, &nok, 5));
    till.Commit(till.MakeSale());
    Must(till->VerifyJournal());
    auto raw = till.Raw();
    for (const char* table : {"journal", "sale", "sale_line", "sale_tender", "ledger"}) {
      Must(raw.Execute(std::string("DROP TRIGGER ") + table + "_no_update; DROP TRIGGER " + table + "_no_delete"));
    }
    Must(raw.Execute(tampered));
    INFO(tampered);
    const auto found = till->VerifyJournal();
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().Name() == "journal_broken");
    INFO(found.error().ToString());
    CHECK(found.error().Detail().find(told) == 0);
  }
}

TEST_CASE("Verify: signatures that head office has seen are missed, and not made again", "[store][journal]") {
  Till till;
  for (int i = 0; i < 3; ++i) {
    till.Commit(till.MakeSale());
    (void)Must(till->Sync().SignHead(i + 1));
    Must(till->Sync().RecordAck(i + 1, i + 1, till.clock.Now()));
  }
  till.Commit(till.MakeSale());
  CHECK(Must(till->VerifyJournal()).last_signed_seq == 3);
  const char* const removed = GENERATE("DELETE FROM journal_signature", "DELETE FROM journal_signature WHERE seq = 2");
  Must(till.Raw().Execute(removed));
  for (int start = 0; start < 2; ++start) {
    const auto found = till->VerifyJournal();
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().Detail().find("signatures: ") == 0);
    CHECK(found.error().Detail().find("removed") != std::string::npos);
    till.Open();
  }
  (void)Must(till->Sync().SignHead(4));  // the next upload does not hide it
  CHECK_FALSE(till->VerifyJournal().has_value());
  Must(till->Sync().RewindTo(0));
  CHECK(Must(till->VerifyJournal()).events == 4);
}

TEST_CASE("Journal: the unsigned tail is signed at the next start", "[store][journal]") {
  Till till;
  till.Commit(till.MakeSale());
  till.Commit(till.MakeSale());
  CHECK(Must(till->VerifyJournal()).last_signed_seq == 0);
  till.Open();
  CHECK(Must(till->VerifyJournal()).last_signed_seq == 2);
}

TEST_CASE("Shift: open until closed, the same after a restart", "[store][shift]") {
  Till till;
  CHECK_FALSE(Must(till->Sales().OpenShift()).has_value());
  const checkout::ShiftRecord shift{till.NewId<domain::ShiftId>(), till.NewId<domain::CashierId>(),
                                    till.Amount(100'000), till.clock.Now()};
  Must(till->Sales().CommitShiftOpen(shift, till.Draft("shift_open")));
  till.Open();
  const auto open = Must(till->Sales().OpenShift());
  REQUIRE(open.has_value());
  CHECK(open->id == shift.id);
  CHECK(open->opening_float == till.Amount(100'000));
  CHECK(open->opened_at == shift.opened_at);
}

TEST_CASE("Receipts: listed newest first; only this till's own numbers are found", "[store][sale]") {
  Till till;
  for (int i = 0; i < 5; ++i) till.Commit(till.MakeSale());
  const auto all = Must(till->Sales().List(0));
  REQUIRE(all.size() == 5);
  CHECK(all[0].receipt.Value() == "L03-000005");
  CHECK(all[0].wants_print);
  CHECK(all[0].print == checkout::PrintState::kQueued);
  CHECK(Must(till->Sales().List(2)).size() == 2);
  for (const char* other :
       {"L04-000001", "L03-1", "L03-000006", "000001", "", "L03-000001x", "L03-2-000001", "L03--00001"}) {
    CHECK_FALSE(Must(till->Sales().FindSale(domain::ReceiptNumber(other))).has_value());
  }
}

TEST_CASE("Prints: wait until done, and the state survives a restart", "[store][print]") {
  Till till;
  const auto first = till.Commit(till.MakeSale()).receipt;
  const auto second = till.Commit(till.MakeSale()).receipt;
  Must(till->Prints().SetPrintState({first, checkout::PrintState::kConfirmed, ""}));
  Must(till->Prints().SetPrintState({second, checkout::PrintState::kFailed, "printer_unreachable"}));
  till.Open();
  const auto waiting = Must(till->Prints().Waiting());
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].receipt == second);
  CHECK(waiting[0].detail == "printer_unreachable");
  CHECK(Must(till->Prints().PrintStateOf(first))->state == checkout::PrintState::kConfirmed);
  Must(till->Prints().SetPrintState({second, checkout::PrintState::kSent, ""}));
  CHECK(Must(till->Prints().Waiting()).empty());
  CHECK_FALSE(Must(till->Prints().PrintStateOf(domain::ReceiptNumber("L03-000009"))).has_value());
}

TEST_CASE("Prints: after the machine went down nothing is printed twice by itself", "[store][print]") {
  Till till;
  till.options.boot_id = "boot 1";
  till.Open();
  const auto receipt = till.Commit(till.MakeSale()).receipt;
  // An orderly end: the printer was absent, the receipt still waits after a reboot.
  till.options.boot_id = "boot 2";
  till.Open();
  CHECK(Must(till->Prints().Waiting()).size() == 1);
  // The machine goes down: as if the store had never been closed.
  till.store.reset();
  Must(till.Raw().Execute("UPDATE meta SET value = CAST('boot 2' AS BLOB) WHERE key = 'boot_id'"));
  SECTION("the same boot: the process was killed, nothing was lost") {
    till.Open();
    CHECK(Must(till->Prints().Waiting()).size() == 1);
  }
  SECTION("another boot") {
    till.options.boot_id = "boot 3";
    till.Open();
    CHECK(Must(till->Prints().Waiting()).empty());
    CHECK(Must(till->Prints().PrintStateOf(receipt))->state == checkout::PrintState::kUnknown);
  }
}

}  // namespace
}  // namespace evertill::store
