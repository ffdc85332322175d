#include "sync/server/office_rights.h"

#include "sync/server/office_members.h"
#include "tests/unit/server/head_office.h"

namespace evertill::test {

namespace {

using server::DeskParts;
using server::ServerErrc;
using server::Store;

/// A member with 100 points, of which S01/L03 has 40 as a grant and 15 as its own.
struct Shop {
  Shop() {
    office.AddTill("S01/L03");
    member = office.AddPerson();
    lot = office.AddLot(member, 100);
    grant = office.GiveGrant(member, "S01/L03", lot, 40);
    office.Post(member, {server::Avail(lot, -15), {std::string(loyalty::kLocal), "S01/L03#1", lot, 15}});
  }
  base::Expected<server::Reclaimed> Reclaim(const std::string& id) {
    return office.Do([&](Store& store, const DeskParts& desk) { return server::ReclaimGrant(store, desk, id); });
  }
  base::Expected<server::Reclaimed> ReclaimTill(const std::string& till, int64_t incarnation = 0,
                                                const std::string& whose = "") {
    return office.Do([&](Store& store, const DeskParts& desk) {
      return server::ReclaimTill(store, desk, till, incarnation, whose);
    });
  }

  HeadOffice office;
  std::string member;
  std::string lot;
  std::string grant;
};

}  // namespace

TEST_CASE("OfficeRights: a grant is reclaimed once", "[server][office][rights]") {
  Shop shop;
  CHECK(shop.Reclaim("1-ab:g2").error().Is(ServerErrc::kBadArgument));
  const auto done = shop.Reclaim(shop.grant);
  REQUIRE(done);
  CHECK(done->grants == 1);
  CHECK(done->points == 40);
  CHECK(shop.office.Figures(shop.member).avail == 85);
  CHECK(shop.office.LastOwn().kind == "reclaim");
  CHECK(shop.Reclaim(shop.grant).error().Is(ServerErrc::kBadArgument));
  shop.office.RequireSound();
}

TEST_CASE("OfficeRights: a lost till gives back grants and LOCAL, and is fenced", "[server][office][rights]") {
  Shop shop;
  CHECK(shop.ReclaimTill("S01/L99").error().Is(ServerErrc::kBadArgument));
  CHECK(shop.ReclaimTill("S01/L03", 7).error().Is(ServerErrc::kBadArgument));
  const auto done = shop.ReclaimTill("S01/L03");
  REQUIRE(done);
  CHECK(done->points == 40);
  CHECK(done->local_points == 15);
  CHECK(shop.office.Figures(shop.member).avail == 100);
  const auto life = *shop.office.store->FindTerminal("S01/L03", 1);
  CHECK(life->reclaimed);
  CHECK(life->fenced == "reclaimed");
  const auto again = shop.ReclaimTill("S01/L03");
  REQUIRE(again);
  CHECK(again->grants == 0);
  CHECK(again->local_points == 0);
  shop.office.RequireSound();
}

TEST_CASE("OfficeRights: one member's rights at a till leave the others' alone", "[server][office][rights]") {
  Shop shop;
  const std::string other = shop.office.AddPerson("Other", "0899999999", "77");
  const std::string lot = shop.office.AddLot(other, 9);
  shop.office.Post(other, {server::Avail(lot, -9), {std::string(loyalty::kLocal), "S01/L03#1", lot, 9}});
  REQUIRE(shop.ReclaimTill("S01/L03", 0, shop.member));
  CHECK(shop.office.Figures(shop.member).avail == 100);
  CHECK(shop.office.Figures(other).local == 9);
  CHECK((*shop.office.store->FindTerminal("S01/L03", 1))->fenced.empty());
}

TEST_CASE("OfficeRights: a hold is closed by hand once", "[server][office][rights]") {
  Shop shop;
  const std::string event = base::MakeUuidV7(shop.office.clock, *shop.office.random).ToString();
  server::HoldRow hold;
  hold.event_id = event;
  hold.member = shop.member;
  hold.terminal = "S01/L03";
  hold.points = 10;
  shop.office.Change([&] { return shop.office.store->AddHold(hold); });
  shop.office.Post(shop.member, {server::Avail(shop.lot, -10), {std::string(loyalty::kHold), event, shop.lot, 10}});
  const auto close = [&](const std::string& id) {
    return shop.office.Do(
        [&](Store& store, const DeskParts& desk) { return server::CloseHoldByHand(store, desk, id); });
  };
  CHECK(close("e9").error().Is(ServerErrc::kBadArgument));
  CHECK(*close(event) == 10);
  CHECK(shop.office.Figures(shop.member).hold == 0);
  CHECK((*shop.office.store->FindHold(event))->closed == "operator");
  CHECK(close(event).error().Is(ServerErrc::kBadArgument));
  shop.office.RequireSound();
}

TEST_CASE("OfficeRights: a fenced till is fenced in its newest life", "[server][office][rights]") {
  Shop shop;
  shop.office.AddTill("S01/L03", 2);
  const auto fence = [&](const std::string& till) {
    return shop.office.Do([&](Store& store, const DeskParts& desk) { return server::FenceTill(store, desk, till); });
  };
  CHECK(*fence("S01/L03") == 2);
  CHECK(*fence("S01/L03") == 2);
  CHECK((*shop.office.store->FindTerminal("S01/L03", 2))->fenced == "operator");
  CHECK((*shop.office.store->FindTerminal("S01/L03", 1))->fenced.empty());
  CHECK(fence("S09/L01").error().Is(ServerErrc::kBadArgument));
}

TEST_CASE("OfficeRights: overspend stands beside its bound, clawbacks apart", "[server][office][rights]") {
  Shop shop;
  CHECK(server::Overspends(*shop.office.store, 10)->empty());
  REQUIRE(shop.ReclaimTill("S01/L03"));
  // The till had spent its 55 points, and others the 100 at head office.
  shop.office.Post(shop.member, {server::Avail(shop.lot, -155), {std::string(loyalty::kRedeemed), "", "", 155}});
  REQUIRE(shop.office.Do([&](Store& store, const DeskParts& desk) {
    return server::AdjustPoints(store, desk, shop.member, -20, "mistake");
  }));
  const auto rows = server::Overspends(*shop.office.store, 10);
  REQUIRE(rows);
  REQUIRE(rows->size() == 1);
  CHECK(rows->front().figures.Debt() == 75);
  CHECK(rows->front().figures.Overspend() == 55);
  CHECK(rows->front().reclaimed == 55);
  CHECK(rows->front().Bound() == 55);
  CHECK(rows->front().figures.clawed_back == 20);
  CHECK_FALSE(rows->front().PastBound());
}

TEST_CASE("OfficeRights: a till's disk that was copied spends its points twice, within R", "[server][office][rights]") {
  HeadOffice office;
  FakeTill till("S01", "L03", 7);
  office.Enrol(till);
  const auto member = till.AddMember("Somying", "0812345678", "42");
  const domain::EventId sale(base::MakeUuidV7(office.clock, *office.random));
  till.Append({"sale", member, loyalty::EarnPostings(sale, 30)}, R"({"receipt":"R1"})", "", sale);
  const auto spend = [&] {
    till.Append(
        {"sale",
         member,
         {{std::string(loyalty::kLocal), "", sale.ToString(), -30}, {std::string(loyalty::kRedeemed), "", "", 30}}},
        R"({"receipt":"R2"})", "");
  };
  spend();
  REQUIRE(office.Take(till.MakeBatch(1, 3, office.epoch)));
  till.RestoreTo(2);
  spend();
  REQUIRE(office.Take(till.MakeBatch(3, 1, office.epoch)));
  const auto rows = server::Overspends(*office.store, 10);
  REQUIRE(rows);
  REQUIRE(rows->size() == 1);
  CHECK(rows->front().figures.Debt() == 30);
  CHECK(rows->front().figures.Overspend() == 30);
  CHECK(rows->front().copies == 30);
  CHECK(rows->front().figures.Overspend() <= rows->front().Bound());
  CHECK((*office.store->FindTerminal("S01/L03", 1))->fenced == "fork");
  office.RequireSound();
}

}  // namespace evertill::test
