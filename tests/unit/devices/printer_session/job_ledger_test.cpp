#include "devices/printer/job_ledger.h"

#include <catch2/catch.hpp>
#include <set>

namespace evertill::devices::printer {
namespace {

using namespace std::string_literals;
using Jobs = std::vector<JobId>;

std::string IdOf(const std::string& request) {
  return request.substr(7);
}

}  // namespace

TEST_CASE("Job ledger: every job has a fresh id of printable characters", "[devices][printer]") {
  JobLedger ledger(9000);
  std::set<std::string> seen;
  for (JobId job = 1; job <= 2000; ++job) {
    const std::string request = ledger.AskById(job);
    REQUIRE(request.size() == 11);
    CHECK(request.substr(0, 7) == "\x1D(H\x06\x00\x30\x30"s);
    for (const char c : IdOf(request)) CHECK((c >= 0x20 && c <= 0x7E));
    CHECK(seen.insert(IdOf(request)).second);
  }
}

TEST_CASE("Job ledger: an id confirms its own job, once", "[devices][printer]") {
  JobLedger ledger(0);
  const std::string first = IdOf(ledger.AskById(1));
  const std::string second = IdOf(ledger.AskById(2));
  CHECK_FALSE(ledger.TakeId("????"));
  CHECK(ledger.TakeId(second) == JobId{2});
  CHECK_FALSE(ledger.TakeId(second));
  CHECK(ledger.TakeId(first) == JobId{1});
  const std::string third = IdOf(ledger.AskById(3));
  ledger.Clear();
  CHECK_FALSE(ledger.TakeId(third));
}

TEST_CASE("Job ledger: nameless answers count only when all have come", "[devices][printer]") {
  JobLedger ledger(0);
  CHECK(ledger.TakeReply().empty());  // nobody asked
  CHECK(ledger.AskByReply(1) == "\x1Dr\x01");
  CHECK(ledger.TakeReply() == Jobs{1});
  (void)ledger.AskByReply(2);
  (void)ledger.AskByReply(3);
  CHECK(ledger.TakeReply().empty());  // of 2, or of 3 with that of 2 lost
  CHECK(ledger.RepliesMissing() == 1);
  CHECK(ledger.TakeReply() == Jobs{2, 3});
  CHECK(ledger.RepliesMissing() == 0);
}

TEST_CASE("Job ledger: a lost answer is given up behind a fence", "[devices][printer]") {
  JobLedger ledger(0);
  (void)ledger.AskByReply(1);
  (void)ledger.AskForNothing();
  CHECK(ledger.TakeReply().empty());
  ledger.GiveUpReplies();
  (void)ledger.AskByReply(2);
  CHECK(ledger.TakeReply() == Jobs{2});
}

}  // namespace evertill::devices::printer
