#include "sync/server/office_members.h"

#include <boost/json.hpp>

#include "app/sqlite/connection.h"
#include "sync/server/member_text.h"
#include "sync/server/office_cards.h"
#include "tests/unit/server/head_office.h"

namespace evertill::test {

namespace {

using server::DeskParts;
using server::ServerErrc;
using server::Store;

base::Status Adjust(HeadOffice& office, const std::string& member, int64_t points,
                    const std::string& why = "goodwill") {
  return office.Do(
      [&](Store& store, const DeskParts& desk) { return server::AdjustPoints(store, desk, member, points, why); });
}
base::Expected<bool> Merge(HeadOffice& office, const std::string& from, const std::string& into) {
  return office.Do([&](Store& store, const DeskParts& desk) { return server::MergeMembers(store, desk, from, into); });
}
base::Expected<bool> Erase(HeadOffice& office, const std::string& member) {
  return office.Do([&](Store& store, const DeskParts& desk) { return server::EraseMember(store, desk, member); });
}

}  // namespace

TEST_CASE("OfficeMembers: an adjustment adds points, takes lots that expire first, and owes the rest",
          "[server][office][members]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  const std::string later = office.AddLot(member, 30, 2'000'000'000'000);
  const std::string sooner = office.AddLot(member, 20, 1'900'000'000'000);
  REQUIRE(Adjust(office, member, 7, "Sorry for the queue"));
  CHECK(office.Figures(member).avail == 57);
  CHECK(office.LastOwn().body.find("sorry-for-the-queue") != std::string::npos);
  REQUIRE(Adjust(office, member, -25));
  const auto lots = *office.store->AvailLots(member);
  for (const auto& lot : lots) {
    CHECK(lot.lot != sooner);
    if (lot.lot == later) CHECK(lot.points == 25);
  }
  REQUIRE(Adjust(office, member, -40));
  CHECK(office.Figures(member).Debt() == 8);
  CHECK(office.Figures(member).Overspend() == 0);
  CHECK(office.Figures(member).clawed_back == 65);
  office.RequireSound();
}

TEST_CASE("OfficeMembers: an adjustment that is none is refused and changes nothing", "[server][office][members]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  const int64_t events = office.store->CountAll()->events;
  CHECK(Adjust(office, member, 0).error().Is(ServerErrc::kBadArgument));
  CHECK(Adjust(office, member, INT64_MAX).error().Is(ServerErrc::kBadArgument));
  CHECK(Adjust(office, member, INT64_MIN).error().Is(ServerErrc::kBadArgument));
  CHECK(Adjust(office, member, 5, "").error().Is(ServerErrc::kBadArgument));
  CHECK(Adjust(office, member, 5, "สมหญิง").error().Is(ServerErrc::kBadArgument));
  CHECK(Adjust(office, member, 5, std::string(41, 'a')).error().Is(ServerErrc::kBadArgument));
  CHECK(Adjust(office, "nobody", 5).error().Is(ServerErrc::kMemberUnknown));
  CHECK(office.store->CountAll()->events == events);
}

TEST_CASE("OfficeMembers: merging is a union with the smallest id first, in any order and any number of times",
          "[server][office][members]") {
  std::vector<std::string> order{"ab", "bc", "cd"};
  std::vector<std::vector<std::string>> groups;
  do {
    HeadOffice office;
    std::map<char, std::string> ids;
    for (const char who : {'a', 'b', 'c', 'd'}) {
      office.clock.Advance(std::chrono::milliseconds(5));
      ids[who] = office.AddPerson(std::string(1, who), "", std::string(3, who));
      office.AddLot(ids[who], 10);
    }
    for (const std::string& pair : order) {
      CHECK(*Merge(office, ids[pair[1]], ids[pair[0]]));
      CHECK_FALSE(*Merge(office, ids[pair[0]], ids[pair[1]]));
    }
    CHECK(*office.store->CanonicalOf(ids['d']) == ids['a']);
    CHECK(office.store->GroupOf(ids['c'])->size() == 4);
    CHECK(office.Figures(ids['b']).avail == 40);
    for (const auto& [who, id] : ids) CHECK(office.store->FindMember(id)->value().points == 10);
    REQUIRE(Adjust(office, ids['c'], -35));
    CHECK(office.Figures(ids['a']).avail == 5);
    CHECK(office.Figures(ids['a']).Debt() == 0);
    office.RequireSound();
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("OfficeMembers: nobody is merged with themselves, with nobody, or after an erasure",
          "[server][office][members]") {
  HeadOffice office;
  const std::string one = office.AddPerson("One", "0811111111", "1");
  const std::string two = office.AddPerson("Two", "0822222222", "2");
  CHECK(Merge(office, one, one).error().Is(ServerErrc::kBadArgument));
  CHECK(Merge(office, one, "nobody").error().Is(ServerErrc::kMemberUnknown));
  REQUIRE(Erase(office, two));
  CHECK(Merge(office, one, two).error().Is(ServerErrc::kBadArgument));
}

TEST_CASE("OfficeMembers: an erasure takes the person and leaves every sum and chain", "[server][office][members]") {
  HeadOffice office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const std::string member = till.AddMember("Somying Seeded", "0812345678", "8850123456781").ToString();
  till.AddSale(domain::MemberId(*base::Uuid::Parse(member)), 40, 100'000);
  REQUIRE(office.Take(till.MakeBatch(1, 2, office.epoch)));
  const auto card =
      office.Do([&](Store& store, const DeskParts& desk) { return server::IssueMemberCard(store, desk, member, 1); });
  REQUIRE(card);
  REQUIRE(office.Do([&](Store& store, const DeskParts& desk) -> base::Expected<int64_t> {
    EVERTILL_ASSIGN(const std::string hash, server::HashMemberPin(desk, "2468"));
    return server::SetMemberPin(store, desk, member, hash);
  }));
  CHECK(*Erase(office, "0812345678"));
  CHECK_FALSE(*Erase(office, member));
  const auto row = office.store->FindMember(member)->value();
  CHECK(row.erased);
  CHECK((row.name + row.phone + row.card).empty());
  CHECK(office.store->FindMembers("0812345678")->empty());
  CHECK(office.store->FindPin(member)->value().hash.empty());
  CHECK(office.store->LoadRevocations()->erased == std::vector<std::string>{member});
  CHECK(office.store->LoadRevocations()->serials == std::vector<std::string>{card->serial});
  CHECK(office.Figures(member).Net() == 40);
  office.RequireSound();
  const auto told = server::ExportMember(*office.store, member);
  REQUIRE(told);
  const std::string text = server::ToText(*told);
  for (const char* gone : {"Somying", "0812345678", "8850123456781"}) CHECK(text.find(gone) == std::string::npos);
}

TEST_CASE("OfficeMembers: an erasure also reaches what version 1 kept of second histories",
          "[server][office][members]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  auto db = *sqlite::Connection::Open(office.file);
  REQUIRE(db.Prepare("INSERT INTO branches_unposted (terminal, incarnation, seq, hash, body, salt, side, received_ms) "
                     "VALUES ('S01/L03', 1, 1, x'00', ?1, x'01', '{\"name\":\"Seeded\"}', 0)")
              ->Bind("{\"member\":\"" + member + "\"}")
              .Run());
  CHECK(*Erase(office, member));
  auto left = *db.Prepare("SELECT count(*) FROM branches_unposted WHERE side IS NOT NULL OR length(salt) > 0");
  REQUIRE(left.Step());
  CHECK(left.Int(0) == 0);
}

TEST_CASE("OfficeMembers: an export has the person, what they bought and every entry", "[server][office][members]") {
  HeadOffice office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("Somying", "0812345678", "8850123456781");
  till.AddSale(member, 40, 100'000);
  till.AddSale(std::nullopt, 0, 5'000);
  REQUIRE(office.Take(till.MakeBatch(1, 3, office.epoch)));
  const auto told = server::ExportMember(*office.store, "0812345678");
  REQUIRE(told);
  CHECK(told->at("points").as_int64() == 40);
  CHECK(told->at("person").as_array().at(0).at("phone").as_string() == "0812345678");
  REQUIRE(told->at("events").as_array().size() == 2);
  const auto& sale = told->at("events").as_array().at(1);
  CHECK(sale.at("beside").at("names").as_array().at(0).as_string() == "ข้าวหอมมะลิ");
  CHECK(sale.at("entries").as_array().size() == 2);
  CHECK(server::ExportMember(*office.store, "nobody").error().Is(ServerErrc::kMemberUnknown));
}

TEST_CASE("OfficeMembers: a debt is written off at a store's expense, once", "[server][office][members]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  const auto write_off = [&](const std::string& store_code) {
    return office.Do(
        [&](Store& store, const DeskParts& desk) { return server::WriteOff(store, desk, member, store_code); });
  };
  CHECK(write_off("S01").error().Is(ServerErrc::kBadArgument));
  office.Post(member, {server::Avail("", -12), {std::string(loyalty::kRedeemed), "", "", 12}});
  CHECK(office.Figures(member).Overspend() == 12);
  CHECK(write_off("S99").error().Is(ServerErrc::kUnknownStore));
  CHECK(*write_off("S01") == 12);
  CHECK(office.Figures(member).Debt() == 0);
  CHECK(office.LastOwn().body.find(R"("account":"LOSS","source":"S01")") != std::string::npos);
  CHECK(write_off("S01").error().Is(ServerErrc::kBadArgument));
  office.RequireSound();
}

TEST_CASE("OfficeMembers: show tells where every point is", "[server][office][members]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  const std::string lot = office.AddLot(member, 100, 2'000'000'000'000);
  office.AddTill("S01/L03");
  office.GiveGrant(member, "S01/L03", lot, 40);
  office.Post(member, {server::Avail(lot, -5), {std::string(loyalty::kHold), "e1", lot, 5}});
  office.Post(member, {server::Avail(lot, -3), {std::string(loyalty::kLocal), "S01/L03#1", lot, 3}});
  office.Post(member, {server::Avail(lot, -2), {std::string(loyalty::kPending), "", lot, 2}});
  const auto truth = server::LookAtMember(*office.store, member);
  REQUIRE(truth);
  const auto shown = boost::json::parse(server::FormatTruth(*truth, true)).as_object();
  CHECK(shown.at("points").as_int64() == 100);
  CHECK(shown.at("available").as_int64() == 50);
  CHECK(shown.at("pending").as_int64() == 2);
  CHECK(shown.at("granted").as_int64() == 40);
  CHECK(shown.at("held").as_int64() == 5);
  CHECK(shown.at("local").as_int64() == 3);
  CHECK(shown.at("debt").as_int64() == 0);
  CHECK(shown.at("grants").as_array().at(0).at("left").as_int64() == 40);
  CHECK(shown.at("lots").as_array().at(0).at("expires").as_string() == "2033-05-18T03:33:20.000Z");
  const std::string text = server::FormatTruth(*truth, false);
  for (const char* line : {"points: 100\n", "granted to S01/L03#1: 40 of 40", "held for event e1: 5",
                           "earned at S01/L03#1, not yet given back by it: 3", "pin: none\n"}) {
    INFO(text);
    CHECK(text.find(line) != std::string::npos);
  }
}

}  // namespace evertill::test
