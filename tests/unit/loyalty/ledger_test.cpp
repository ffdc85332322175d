#include "app/loyalty/ledger.h"

#include <catch2/catch.hpp>

using namespace evertill;
using domain::LedgerCore;
using domain::MemberId;

namespace {
const domain::EventId kEvent(*base::Uuid::Parse("018bcfe5-6800-7000-8000-000000000001"));
const MemberId kMember(*base::Uuid::Parse("018bcfe5-6800-7000-8000-0000000000aa"));
}  // namespace

TEST_CASE("Ledger: earning moves points from the programme to the member, and adds up to zero", "[loyalty][ledger]") {
  const auto postings = loyalty::EarnPostings(kEvent, 41);
  REQUIRE(postings.size() == 2);
  CHECK(postings[0].amount + postings[1].amount == 0);
  CHECK(postings[1].lot == kEvent.ToString());
  CHECK(loyalty::MemberDelta(postings) == 41);
  CHECK(loyalty::EarnPostings(kEvent, 0).empty());
}

TEST_CASE("Ledger: what does not balance is refused", "[loyalty][ledger]") {
  CHECK(loyalty::CheckPostings({"sale", kMember, loyalty::EarnPostings(kEvent, 5)}));
  CHECK(loyalty::CheckPostings({"sale", std::nullopt, {}}));
  CHECK_FALSE(loyalty::CheckPostings({"sale", kMember, {{"ISSUED", "", "", -5}, {"LOCAL", "", "", 6}}}));
  CHECK_FALSE(loyalty::CheckPostings({"sale", kMember, {{"POCKET", "", "", -5}, {"LOCAL", "", "", 5}}}));
  CHECK_FALSE(loyalty::CheckPostings({"sale", std::nullopt, loyalty::EarnPostings(kEvent, 5)}));
  CHECK_FALSE(loyalty::CheckPostings(
      {"sale", kMember, {{"LOCAL", "", "", INT64_MAX}, {"LOCAL", "", "", INT64_MAX}, {"ISSUED", "", "", 2}}}));
}
