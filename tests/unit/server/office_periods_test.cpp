#include "sync/server/office_periods.h"

#include "sync/server/office_claims.h"
#include "tests/unit/server/head_office.h"

namespace evertill::test {

namespace {

using server::DeskParts;
using server::ServerErrc;
using server::Store;

constexpr int64_t kDay = 86'400'000;

base::Expected<server::ClosedPeriod> Close(HeadOffice& office, int64_t until_ms, bool force = false) {
  return office.Do([&](Store& store, const DeskParts& desk) {
    return server::ClosePeriod(store, desk, base::FromUnixMillis(until_ms), force);
  });
}

}  // namespace

TEST_CASE("OfficePeriods: lots expire at the close, never more than there is", "[server][office][periods]") {
  HeadOffice office;
  const int64_t now = base::ToUnixMillis(office.clock.Now());
  const std::string member = office.AddPerson();
  office.AddLot(member, 30, now - 2 * kDay);
  const std::string later = office.AddLot(member, 50, now + kDay);
  office.Post(member, {server::Avail("", -10), {std::string(loyalty::kRedeemed), "", "", 10}});
  const auto period = Close(office, now - kDay);
  REQUIRE(period);
  // The lot that expires first pays for what was spent without one; the rest of it is gone.
  CHECK(period->covered == 10);
  CHECK(period->expired == 20);
  CHECK(office.Figures(member).avail == 50);
  const auto lots = *office.store->AvailLots(member);
  REQUIRE(lots.size() == 1);
  CHECK(lots.front().lot == later);
  CHECK(Close(office, now - kDay).error().Is(ServerErrc::kBadArgument));
  CHECK(Close(office, now + kDay).error().Is(ServerErrc::kBadArgument));
  office.RequireSound();
}

TEST_CASE("OfficePeriods: nothing expires of somebody who owes", "[server][office][periods]") {
  HeadOffice office;
  const int64_t now = base::ToUnixMillis(office.clock.Now());
  const std::string member = office.AddPerson();
  office.AddLot(member, 30, now - 2 * kDay);
  office.Post(member, {server::Avail("", -45), {std::string(loyalty::kRedeemed), "", "", 45}});
  const auto period = Close(office, now - kDay);
  REQUIRE(period);
  CHECK(period->covered == 30);
  CHECK(period->expired == 0);
  CHECK(office.Figures(member).Debt() == 15);
}

TEST_CASE("OfficePeriods: what a refund took of a sale that is not told yet is not covered by other lots",
          "[server][office][periods]") {
  HeadOffice office;
  const int64_t now = base::ToUnixMillis(office.clock.Now());
  const std::string member = office.AddPerson();
  office.AddLot(member, 30, now + kDay);
  // The refund was told first; the sale that earned the lot comes later and makes it up.
  const std::string untold = "018bcfe5-6800-7000-8000-0000000000bb";
  office.Post(member, {server::Avail(untold, -13), {std::string(loyalty::kIssued), "", "", 13}});
  const auto period = Close(office, now - kDay);
  REQUIRE(period);
  CHECK(period->covered == 0);
  CHECK(office.Figures(member).avail == 17);
}

TEST_CASE("OfficePeriods: a till that is behind is waited for, until the grace is over", "[server][office][periods]") {
  HeadOffice office;
  office.AddTill("S01/L03");
  const int64_t until = base::ToUnixMillis(office.clock.Now()) + kDay;
  office.clock.Advance(std::chrono::hours(24 * 2));
  const auto early = Close(office, until);
  REQUIRE_FALSE(early);
  CHECK(early.error().Detail().find("S01/L03") != std::string::npos);
  CHECK_FALSE(Close(office, until, true));
  office.clock.Advance(server::kCloseGrace);
  CHECK_FALSE(Close(office, until));
  const auto forced = Close(office, until, true);
  REQUIRE(forced);
  CHECK(forced->behind == std::vector<std::string>{"S01/L03"});
  CHECK(office.LastOwn().kind == "close");
  CHECK(office.LastOwn().body.find(R"("terminal":"S01/L03","incarnation":1,"seq":0)") != std::string::npos);
  // Heard of since: nothing to wait for.
  office.Change([&] { return office.store->TouchTerminal("S01/L03", 1, office.clock.Now()); });
  const auto next = Close(office, base::ToUnixMillis(office.clock.Now()) - 2 * kDay);
  REQUIRE(next);
  CHECK(next->behind.empty());
}

TEST_CASE("OfficePeriods: points become spendable when their time has come, once", "[server][office][periods]") {
  HeadOffice office;
  const std::string member = office.AddPerson();
  const std::string lot = base::MakeUuidV7(office.clock, *office.random).ToString();
  const int64_t active = base::ToUnixMillis(office.clock.Now()) + 3'600'000;
  office.Change([&] {
    return office.store->PutLot({.lot = lot,
                                 .member = member,
                                 .life = "",
                                 .earned = 30,
                                 .active_ms = active,
                                 .expires_ms = 0,
                                 .commit_seq = 1});
  });
  office.Post(member, {{std::string(loyalty::kIssued), "", "", -30}, {std::string(loyalty::kPending), "", lot, 30}});
  const auto tend = [&] {
    return office.Do([](Store& store, const DeskParts& desk) { return server::Tend(store, desk); });
  };
  CHECK(*tend() == 0);
  CHECK(office.Figures(member).pending == 30);
  office.clock.Advance(std::chrono::hours(1));
  CHECK(*tend() == 1);
  CHECK(*tend() == 0);
  CHECK(office.Figures(member).pending == 0);
  CHECK(office.Figures(member).avail == 30);
}

TEST_CASE("OfficePeriods: a day ends with the next one's start, in UTC", "[server][office][periods]") {
  CHECK(base::FormatUtc(*server::ParsePeriodEnd("2026-02-28")) == "2026-03-01T00:00:00.000Z");
  CHECK(base::FormatUtc(*server::ParsePeriodEnd("2026-11-22T03:15:09Z")) == "2026-11-22T03:15:09.000Z");
  for (const char* bad : {"", "2026", "2026-13-01", "2026-02-30", "22/11/2026", "2026-11-22T25:00:00Z", "2026-1--22",
                          "2026-11-22T03:15:00+", "99999999999"}) {
    INFO(bad);
    CHECK(server::ParsePeriodEnd(bad).error().Is(ServerErrc::kBadArgument));
  }
}

TEST_CASE("OfficePeriods: new rules reach tills in their currency, bad or older ones change nothing",
          "[server][office][periods]") {
  HeadOffice office;
  const auto set = [&](const std::string& json, const std::string& currency = "THB") {
    return office.Do(
        [&](Store& store, const DeskParts& desk) { return server::SetProgrammeText(store, desk, json, currency); });
  };
  const std::string before = *server::ProgrammeText(*office.store, "THB");
  const std::string rules =
      R"({"version":5,"currency":"THB","earn":{"points":2,"per":"25.00"},"worth":{"points":10,"amount":"1.00"}})";
  CHECK_FALSE(set("{"));
  CHECK_FALSE(set(rules, "VND"));
  CHECK_FALSE(set(rules, "ZZZ"));
  CHECK(*server::ProgrammeText(*office.store, "THB") == before);
  REQUIRE(set(rules));
  CHECK(server::ProgrammeText(*office.store, "THB")->find(R"("version":5)") != std::string::npos);
  CHECK(set(rules).error().Is(ServerErrc::kBadArgument));
  CHECK(office.store->ChangesAfter(0, 1000, "THB")->programme == *server::ProgrammeText(*office.store, "THB"));
}

namespace {

/// A till that is lost, and a receipt of it.
struct Lost {
  Lost() : key(office.AddTill("S01/L03")) {
    member = office.AddPerson();
    proof.receipt = "L03-000007";
    proof.terminal = "S01/L03";
    proof.seq = 9;
    proof.event = domain::EventId(base::MakeUuidV7(office.clock, *office.random));
    proof.hash = std::string(32, 'h');
    proof.currency = "THB";
    proof.member = member;
    proof.earned = 30;
    proof.spent = 10;
  }
  base::Expected<server::ClaimRow> Claim() {
    const std::string text = "https://hq.example/r#" + *card::SignProof(proof, key);
    return office.Do([&](Store& store, const DeskParts& desk) { return server::TakeClaim(store, desk, text); });
  }
  base::Expected<server::ClaimRow> Release() {
    return office.Do(
        [&](Store& store, const DeskParts& desk) { return server::ReleaseClaim(store, desk, proof.event.ToString()); });
  }

  HeadOffice office;
  crypto::SigningKey key;
  std::string member;
  card::ReceiptProof proof;
};

}  // namespace

TEST_CASE("OfficeClaims: a lost till's receipt waits for somebody, and is good once", "[server][office][claims]") {
  Lost lost;
  const auto claim = lost.Claim();
  REQUIRE(claim);
  CHECK(claim->points == 20);
  CHECK(lost.office.Figures(lost.member).pending == 20);
  CHECK(lost.office.Figures(lost.member).avail == 0);
  CHECK(lost.office.store->Inbox(false, 10)->front().kind == "claim");
  CHECK(lost.Claim().error().Is(ServerErrc::kBadArgument));
  lost.proof.hash = std::string(32, 'x');
  CHECK(lost.Claim().error().Is(ServerErrc::kBadArgument));
  REQUIRE(lost.Release());
  CHECK(lost.office.Figures(lost.member).avail == 20);
  CHECK(lost.office.store->Inbox(false, 10)->empty());  // it was decided
  CHECK(lost.Release().error().Is(ServerErrc::kBadArgument));
  lost.office.RequireSound();
}

TEST_CASE("OfficeClaims: when the original comes after all, the claim is taken back", "[server][office][claims]") {
  for (const bool released : {false, true}) {
    Lost lost;
    REQUIRE(lost.Claim());
    if (released) REQUIRE(lost.Release());
    const auto consume = [&] {
      return lost.office.Do([&](Store& store, const DeskParts& desk) {
        return server::ConsumeClaim(store, desk, lost.proof.event.ToString());
      });
    };
    REQUIRE(consume());
    CHECK(lost.office.Figures(lost.member).Net() == 0);
    CHECK(lost.office.store->FindClaim(lost.proof.event.ToString())->value().state == "consumed");
    const int64_t events = lost.office.store->CountAll()->events;
    REQUIRE(consume());
    CHECK(lost.office.store->CountAll()->events == events);
    CHECK(lost.Release().error().Is(ServerErrc::kBadArgument));
    lost.office.RequireSound();
  }
}

TEST_CASE("OfficeClaims: what proves nothing is refused", "[server][office][claims]") {
  Lost lost;
  const auto refused = [&] {
    const auto claim = lost.Claim();
    CHECK_FALSE(lost.office.store->FindClaim(lost.proof.event.ToString())->has_value());
    return claim ? base::Error(ServerErrc::kImport) : claim.error();
  };
  lost.proof.earned = 10;
  CHECK(refused().Is(ServerErrc::kBadArgument));
  lost.proof.earned = 30;
  lost.proof.member = "";
  CHECK(refused().Is(ServerErrc::kBadArgument));
  lost.proof.member = lost.member;
  lost.proof.terminal = "S01/L04";
  CHECK(refused().Is(ServerErrc::kUnknownStore));
  lost.proof.terminal = "S01/L03";
  const auto foreign = lost.office.AddTill("S01/L05");
  const std::string forged = *card::SignProof(lost.proof, foreign);
  CHECK(server::CheckProof(*lost.office.store, forged).error().Is(ServerErrc::kBadSignature));
  const auto nonsense = server::CheckProof(*lost.office.store, "https://hq.example/r#nothing");
  CHECK(nonsense.error().Is(ServerErrc::kBadReceipt));
  lost.office.Change([&] { return lost.office.store->FenceLife("S01/L03", 1, "operator"); });
  CHECK(refused().Is(ServerErrc::kBadArgument));
}

}  // namespace evertill::test
