#include <catch2/catch.hpp>

#include "sync/client/hold_client.h"
#include "tests/unit/client/paper_office.h"
#include "tests/unit/client/rights_till.h"

namespace evertill::test {

using Loss = PaperOffice::Loss;

namespace {

struct Counter {
  Counter() {
    till.enrolment = office.Enrolment();
    client::HoldClientOptions options;
    options.transport = [this](const checkout::Enrolment&) -> base::Expected<std::unique_ptr<client::Transport>> {
      return std::make_unique<PaperOffice::Line>(office);
    };
    holds = std::make_unique<client::HoldClient>(till, clock, *random, options);
    office.hold.given = true;
    office.hold.available = 90;
    office.hold.lots = {{"01990000-0000-7000-8000-0000000000a1", 50}, {"", 20}};
  }
  std::optional<checkout::HoldAnswer> Ask(int64_t points = 70) { return holds->Reserve(member, sale, points); }

  std::vector<std::string> calls;
  std::unique_ptr<base::Random> random = base::MakeSeededRandom(5);
  base::ManualClock clock{base::FromUnixMillis(1'790'000'000'000)};
  PaperOffice office{*random, calls};
  RightsTill till{clock, *random, calls};
  domain::MemberId member{base::MakeUuidV7(clock, *random)};
  domain::EventId sale{base::MakeUuidV7(clock, *random)};
  std::unique_ptr<client::HoldClient> holds;
};

}  // namespace

TEST_CASE("Hold: given by lot, as postings of this very sale", "[client][hold]") {
  Counter counter;
  const auto answer = counter.Ask();
  REQUIRE(answer);
  CHECK(answer->given);
  CHECK(answer->available == 90);
  REQUIRE(answer->lots.size() == 2);
  CHECK(answer->lots[0] ==
        domain::Posting{"HOLD", counter.sale.ToString(), "01990000-0000-7000-8000-0000000000a1", -50});
  CHECK(answer->lots[1] == domain::Posting{"HOLD", counter.sale.ToString(), "", -20});
}

TEST_CASE("Hold: a clear no is an answer, with what there would have been", "[client][hold]") {
  Counter counter;
  counter.office.hold.given = false;
  counter.office.hold.reason = "not_enough_points";
  counter.office.hold.available = 12;
  counter.office.hold.lots.clear();
  const auto answer = counter.Ask();
  REQUIRE(answer);
  CHECK_FALSE(answer->given);
  CHECK(answer->available == 12);
  CHECK(answer->lots.empty());
  CHECK(counter.holds->Reachable());
}

TEST_CASE("Hold: an answer that does not fit the question counts as none", "[client][hold]") {
  Counter counter;
  const std::string other = "01990000-0000-7000-8000-0000000000ff";
  SECTION("another sale") {
    counter.office.hold.event_id = other;
  }
  SECTION("another member") {
    counter.office.hold.member = other;
  }
  SECTION("other points") {
    counter.office.hold.points = 71;
  }
  SECTION("lots that are less") {
    counter.office.hold.lots.pop_back();
  }
  SECTION("lots that are more") {
    counter.office.hold.lots.emplace_back("", 1);
  }
  SECTION("lots that overflow") {
    counter.office.hold.lots = {{"", wire::kMaxSafeInteger}, {"", wire::kMaxSafeInteger}};
  }
  const auto spoil = [&](const std::function<void(wire::HoldReply&)>& change, bool sign) {
    counter.office.spoil = [&counter, change, sign](const std::string&, client::HttpAnswer& answer) {
      auto hold = wire::DecodeHoldReply(answer.body);
      change(*hold);
      answer.body = wire::Encode(sign ? counter.office.Signed(*hold) : *hold);
    };
  };
  SECTION("forged") {
    counter.office.hold.given = false;
    spoil([](wire::HoldReply& hold) { hold.given = true; }, false);
  }
  SECTION("an earlier question's") {
    spoil([](wire::HoldReply& hold) { hold.nonce = "another"; }, true);
  }
  SECTION("another life") {
    spoil([](wire::HoldReply& hold) { hold.incarnation = 2; }, true);
  }
  SECTION("another epoch") {
    spoil([](wire::HoldReply& hold) { hold.epoch.counter = 2; }, true);
  }
  CHECK_FALSE(counter.Ask());
  CHECK_FALSE(counter.holds->Reachable());
}

TEST_CASE("Hold: after a failure head office is left alone for 20 s, or until a round has worked", "[client][hold]") {
  Counter counter;
  counter.office.lose = [](const std::string&) { return Loss::kAnswer; };
  CHECK_FALSE(counter.Ask());
  CHECK(counter.calls.size() == 1);
  counter.office.lose = nullptr;
  CHECK_FALSE(counter.holds->Reachable());
  CHECK_FALSE(counter.Ask());
  CHECK(counter.calls.size() == 1);
  SECTION("time") {
    counter.clock.Advance(std::chrono::milliseconds(19'999));
    CHECK_FALSE(counter.Ask());
    counter.clock.Advance(std::chrono::milliseconds(1));
  }
  SECTION("a clock set forward is no time") {
    counter.clock.Set(counter.clock.Now() + std::chrono::hours(48));
    CHECK_FALSE(counter.Ask());
    counter.holds->MarkReachable();
  }
  SECTION("a round") {
    counter.holds->MarkReachable();
  }
  CHECK(counter.holds->Reachable());
  CHECK(counter.Ask());
}

TEST_CASE("Hold: head office was reached after it answered, and no longer after a failure", "[client][hold]") {
  Counter counter;
  CHECK(counter.holds->Reachable());
  CHECK_FALSE(counter.holds->Reached());  // believed to be there; nobody has asked
  CHECK(counter.Ask());
  CHECK(counter.holds->Reached());
  counter.office.hold.points = 1;  // an answer that is not believed
  counter.office.hold.lots = {{"", 1}};
  if (!counter.Ask()) CHECK_FALSE(counter.holds->Reached());
  counter.holds->MarkReachable();
  CHECK(counter.holds->Reached());
}

TEST_CASE("Hold: nobody to ask, nothing to ask for", "[client][hold]") {
  Counter counter;
  CHECK_FALSE(counter.Ask(0));
  CHECK_FALSE(counter.Ask(-5));
  counter.till.enrolment.reset();
  CHECK_FALSE(counter.holds->Reachable());
  CHECK_FALSE(counter.Ask());
  CHECK(counter.calls.empty());
}

TEST_CASE("Hold: a head office that does not answer costs no more than its time limit", "[client][hold]") {
  Counter counter;
  client::HoldClientOptions options;
  options.total_timeout_ms = 300;
  client::HoldClient holds(counter.till, counter.clock, *counter.random, options);
  counter.till.enrolment->server_url = "http://127.0.0.1:1";
  const int64_t start = base::MonotonicNanos();
  CHECK_FALSE(holds.Reserve(counter.member, counter.sale, 70));
  CHECK(base::MonotonicNanos() - start < 1'500'000'000);
  CHECK_FALSE(holds.Reachable());
}

}  // namespace evertill::test
