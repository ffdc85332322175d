#include "tests/unit/store/office.h"

namespace evertill::store {
namespace {

TEST_CASE("Prune: only what head office keeps for good goes; the rest still verifies, over lives too",
          "[store][prune]") {
  Till till;
  Office office{till};
  office.Enrol();
  const auto nok = till.Enrol("Nok", "0812345678", "1234567890123456");
  office.Give("g1", nok.id, 100);
  const auto first = till.Commit(till.MakeSale(2, &nok, 20));
  Spend(till, nok, 30);
  Must(till->RightsSync().BeginLife({2, "token", "behind"}));
  office.incarnation = 2;
  office.Give("g2", nok.id, 50);
  for (int i = 0; i < 5; ++i) till.Commit(till.MakeSale(2, &nok, 1));
  const auto upload = [&](int64_t durable) {
    const auto head = Must(till->Sync().Cursor()).head_seq;
    (void)Must(till->Sync().SignHead(head));
    Must(till->Sync().RecordAck(head, durable, till.clock.Now()));
  };
  CHECK(Must(till->Prune(std::chrono::days(30))) == 0);
  till.clock.Advance(std::chrono::hours(24 * 40));
  CHECK(Must(till->Prune(std::chrono::days(30))) == 0);  // head office has nothing yet
  upload(9);
  const auto last = till.Commit(till.MakeSale());
  const auto head = Must(till->Sync().Cursor()).head_seq;
  const auto hash = Must(till->Sync().HashAt(9));
  CHECK(Must(till->Prune(std::chrono::days(60))) == 0);  // not old enough
  CHECK(Must(till->Prune(std::chrono::days(30))) == 9);
  CHECK(till.Count("SELECT min(seq) FROM journal") == 10);
  CHECK(till.Count("SELECT count(*) FROM journal_side WHERE seq <= 9") == 0);
  CHECK(Must(till->VerifyJournal()).events == head);
  till.Open();
  CHECK(Must(till->VerifyJournal()).events == head);
  CHECK(Must(till->Sync().HashAt(9)) == hash);
  office.Hello();
  CHECK(LookAt(till, nok.id).here == 55);
  CHECK_FALSE(Must(till->Sales().FindSale(first.receipt)).has_value());
  CHECK(Must(till->Sales().FindSale(last.receipt)).has_value());
  CHECK(till->Sync().EventsAfter(3, 10).error().Is(StoreErrc::kPruned));
  CHECK(Must(till->Sync().EventsAfter(9, 10)).front().seq ==
        Must(domain::DecodeEvent(Must(till->Sync().EventsAfter(9, 10)).front().body)).seq);

  upload(head);
  CHECK(Must(till->Prune(std::chrono::days(30))) > 0);
  CHECK(Must(till->Sales().LastSale())->id == last.id);
  CHECK(till.Commit(till.MakeSale()).seq > last.seq);
  (void)Must(till->VerifyJournal());
  CHECK_FALSE(till.Raw().Execute("DELETE FROM journal").has_value());

  till.store.reset();
  Must(till.Raw().Execute("UPDATE checkpoint SET state = replace(state, '50', '90')"));
  till.Open();
  CHECK(till->VerifyJournal().error().Is(StoreErrc::kJournalBroken));
}

}  // namespace
}  // namespace evertill::store
