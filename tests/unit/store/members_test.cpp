#include "app/store/members.h"

#include "app/checkout/errors.h"
#include "tests/unit/store/support.h"

namespace evertill::store {
namespace {

constexpr const char* kCard = "1234567890123456";

TEST_CASE("Members: found by card, by phone and by id, as they were enrolled", "[store][member]") {
  Till till;
  const auto nok = till.Enrol("นก ใจดี", "0812345678", kCard);
  for (const auto& found : {Must(till->Members().FindByCard(kCard)), Must(till->Members().FindByPhone("0812345678")),
                            Must(till->Members().Find(nok.id))}) {
    REQUIRE(found.has_value());
    CHECK(found->id == nok.id);
    CHECK(found->name == "นก ใจดี");
    CHECK(found->phone == "0812345678");
    CHECK(found->card == kCard);
    CHECK(found->consents == std::vector<std::string>{"points"});
    CHECK(found->points == 0);
    CHECK_FALSE(found->provisional);
  }
  CHECK_FALSE(Must(till->Members().FindByPhone("0812345679")).has_value());
  CHECK_FALSE(Must(till->Members().FindByPhone("")).has_value());
  CHECK_FALSE(Must(till->Members().FindByCard("")).has_value());
}

TEST_CASE("Members: a phone or card that somebody has is refused, and nothing is journalled", "[store][member]") {
  Till till;
  till.Enrol("Nok", "0812345678", kCard);
  checkout::MemberRecord second;
  second.id = till.NewId<domain::MemberId>();
  second.phone = "0812345678";
  second.card = "9999999999999999";
  auto taken = till->Sales().CommitEnrolment(second, till.Draft("member_enrol", second.id));
  CHECK(taken.error().Is(checkout::CheckoutErrc::kPhoneTaken));
  second.phone = "0899999999";
  second.card = kCard;
  taken = till->Sales().CommitEnrolment(second, till.Draft("member_enrol", second.id));
  CHECK(taken.error().Is(checkout::CheckoutErrc::kCardTaken));
  CHECK(Must(till->Sync().Cursor()).head_seq == 1);
  CHECK_FALSE(Must(till->Members().Find(second.id)).has_value());
}

TEST_CASE("Members: points are what the ledger adds up to, provisional until head office says so", "[store][member]") {
  Till till;
  const auto nok = till.Enrol("Nok", "", kCard);
  till.Commit(till.MakeSale(1, &nok, 15));
  const auto last = till.Commit(till.MakeSale(1, &nok, 7));
  auto now = Must(till->Members().Find(nok.id));
  CHECK(now->points == 22);
  CHECK(now->provisional);

  checkout::ChangeSet changes;
  checkout::MemberChange change;
  change.member = nok;
  change.member.points = 100;  // another till earned some too
  change.member.as_of = till.clock.Now();
  change.points_acked_seq = last.seq - 1;
  changes.members.push_back(change);
  Must(till->Sync().ApplyChanges(changes));
  now = Must(till->Members().Find(nok.id));
  CHECK(now->points == 107);
  CHECK(now->provisional);
  CHECK(now->as_of == till.clock.Now());

  changes.members[0].points_acked_seq = last.seq;
  changes.members[0].member.points = 107;
  Must(till->Sync().ApplyChanges(changes));
  now = Must(till->Members().Find(nok.id));
  CHECK(now->points == 107);
  CHECK_FALSE(now->provisional);

  changes.members[0].points_acked_seq = 1;  // a late answer
  changes.members[0].member.points = 0;
  Must(till->Sync().ApplyChanges(changes));
  CHECK(Must(till->Members().Find(nok.id))->points == 107);
}

TEST_CASE("Members: two that head office knows with one phone are both kept; the older one answers",
          "[store][member]") {
  Till till;
  const auto first = till.Enrol("Nok", "0812345678", kCard);
  till.clock.Advance(std::chrono::seconds(5));
  checkout::MemberChange change;
  change.member.id = till.NewId<domain::MemberId>();
  change.member.name = "Nok again";
  change.member.phone = "0812345678";
  change.member.card = "2222222222222222";
  checkout::ChangeSet changes;
  changes.members.push_back(change);
  Must(till->Sync().ApplyChanges(changes));
  CHECK(Must(till->Members().FindByPhone("0812345678"))->id == first.id);
  CHECK(Must(till->Members().FindByCard("2222222222222222"))->name == "Nok again");
}

TEST_CASE("Members: erased by head office is gone from every look-up and from the files", "[store][member]") {
  Till till;
  const auto nok = till.Enrol("Unmistakable Name", "0812345678", kCard);
  checkout::ChangeSet changes;
  checkout::MemberChange gone;
  gone.member = nok;
  gone.points_acked_seq = 1;
  gone.erased = true;
  changes.members.push_back(gone);
  Must(till->Sync().ApplyChanges(changes));
  CHECK_FALSE(Must(till->Members().Find(nok.id)).has_value());
  CHECK_FALSE(Must(till->Members().FindByPhone("0812345678")).has_value());
  CHECK_FALSE(Must(till->Members().FindByCard(kCard)).has_value());
}

TEST_CASE("Members: a stolen disk shows no name, phone or card", "[store][member]") {
  Till till;
  const auto nok = till.Enrol("Unmistakable Name", "0812345678", kCard);
  auto draft = till.Draft("member_enrol");
  draft.side = R"({"name":"Unmistakable Name"})";
  Must(till->Sales().CommitEvent(draft));
  till.Commit(till.MakeSale(2, &nok, 3));
  const auto backup = till.temp.File("backup.db");
  Must(till->BackupTo(backup));
  std::vector<std::filesystem::path> files{backup};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(till.Dir())) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  CHECK(files.size() >= 6);
  for (const auto& file : files) {
    const std::string bytes = ReadFile(file);
    INFO(file.string());
    CHECK(bytes.find("Unmistakable") == std::string::npos);
    CHECK(bytes.find("0812345678") == std::string::npos);
    CHECK(bytes.find(kCard) == std::string::npos);
  }
}

}  // namespace
}  // namespace evertill::store
