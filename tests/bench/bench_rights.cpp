// Measures how long a till takes to decide "may this member spend these points here?", card and PIN being verified.
//   bench_rights DIR       makes a till in DIR with 100,000 members and 20,000 grants, then asks it many times
// Prints one line a figure: name, value, limit, value ÷ limit. Exit 1 when a limit is passed.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "app/crypto/signing_key.h"
#include "app/loyalty/grant.h"
#include "app/store/till_store.h"

namespace {

using namespace evertill;
using checkout::CardLevel;
using Steady = std::chrono::steady_clock;

constexpr int kMembers = 100'000;
constexpr int kGrants = 20'000;
constexpr int kGrantsAtOnce = 500;
constexpr int kMembersAtOnce = 5'000;
constexpr int kAsked = 10'000;
constexpr int kWarming = 500;
constexpr int64_t kPoints = 250;
constexpr double kLimitMicros = 1000;

double MicrosSince(Steady::time_point start) {
  return std::chrono::duration<double, std::micro>(Steady::now() - start).count();
}

double Quantile(std::vector<double>& values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(q * static_cast<double>(values.size() - 1))];
}

bool Report(const char* name, double value, double limit, const char* unit) {
  std::printf("%-44s %10.2f %-10s limit %8.2f  ratio %.2f%s\n", name, value, unit, limit, value / limit,
              value <= limit ? "" : "  MISSED");
  return value <= limit;
}

struct Till {
  std::unique_ptr<store::TillStore> store;
  crypto::SigningKey head_office;
  domain::Terminal terminal;
  checkout::Epoch epoch;
  std::vector<domain::MemberId> members;
};

base::Status AddMembers(Till& till, const base::Clock& clock, base::Random& random) {
  for (int i = 0; i < kMembers; i += kMembersAtOnce) {
    checkout::ChangeSet changes;
    changes.cursor = std::to_string(i);
    for (int k = i; k < i + kMembersAtOnce; ++k) {
      checkout::MemberChange change;
      change.member.id = domain::MemberId(base::MakeUuidV7(clock, random));
      change.member.name = "Member " + std::to_string(k);
      change.member.phone = std::to_string(800'000'000 + k).insert(0, "0");
      change.member.language = "en";
      change.member.points = 2 * kPoints;
      change.available = kPoints;
      till.members.push_back(change.member.id);
      changes.members.push_back(std::move(change));
    }
    EVERTILL_TRY(till.store->Sync().ApplyChanges(changes));
  }
  return {};
}

/// One for every fifth member, in three lots, as head office gives them.
base::Status AddGrants(Till& till, const base::Clock& clock, base::Random& random) {
  const int64_t later = base::ToUnixMillis(clock.Now() + std::chrono::hours(24 * 30));
  const auto epoch = std::to_string(till.epoch.counter) + "-" + till.epoch.random;
  std::vector<checkout::SignedText> grants;
  for (int i = 0; i < kGrants; ++i) {
    loyalty::Grant grant{epoch + ":" + base::MakeUuidV7(clock, random).ToString(),
                         till.members[static_cast<size_t>(i) * (kMembers / kGrants)],
                         till.terminal.Name(),
                         till.terminal.incarnation,
                         epoch,
                         later,
                         {}};
    for (const int64_t points : {kPoints / 2, kPoints / 4, kPoints - kPoints / 2 - kPoints / 4}) {
      grant.lots.push_back({base::MakeUuidV7(clock, random).ToString(), points, later + points});
    }
    const std::string bytes = loyalty::EncodeGrant(grant);
    EVERTILL_ASSIGN(const auto signature, till.head_office.Sign(crypto::AsBytes(loyalty::GrantSignedBytes(bytes))));
    grants.push_back({bytes, std::string(crypto::AsText(signature))});
    if (grants.size() < kGrantsAtOnce) continue;
    EVERTILL_ASSIGN(const int64_t taken, till.store->RightsSync().AcceptGrants(grants));
    if (taken != kGrantsAtOnce) return base::Fail(store::StoreErrc::kBadStored, "grants that were not taken");
    grants.clear();
  }
  return {};
}

base::Expected<Till> MakeTill(const std::filesystem::path& dir, const base::Clock& clock, base::Random& random) {
  const domain::Terminal terminal{domain::StoreCode("S01"), domain::TillCode("L03"), 1};
  EVERTILL_ASSIGN(const auto currency, domain::Currency::Find("THB"));
  EVERTILL_TRY(store::TillStore::Init(dir, {.terminal = terminal, .currency = currency}, clock, random));
  EVERTILL_ASSIGN(auto store, store::TillStore::Open(dir, clock, random));
  EVERTILL_ASSIGN(auto key, crypto::SigningKey::Generate(random));
  Till till{std::move(store), std::move(key), terminal, {1, std::string(32, 'a')}, {}};
  const auto& public_key = till.head_office.PublicKey();
  const checkout::Enrolment enrolment{"http://127.0.0.1:1", "token", "", std::string(crypto::AsText(public_key)),
                                      till.epoch};
  EVERTILL_TRY(till.store->Sync().SetEnrolment(enrolment, terminal, "Bench"));
  EVERTILL_TRY(till.store->RightsSync().RecordHello({.server_ms = base::ToUnixMillis(clock.Now()),
                                                     .revocations_version = 0,
                                                     .fenced = false,
                                                     .pepper = {},
                                                     .card_keys = {}}));
  EVERTILL_TRY(AddMembers(till, clock, random));
  EVERTILL_TRY(AddGrants(till, clock, random));
  return till;
}

/// Asks for members in no order: one in five can pay, the others are told that they cannot.
base::Expected<bool> Measure(Till& till, const base::Clock& clock, base::Random& random) {
  auto& rights = till.store->Rights();
  std::vector<double> looks;
  std::vector<double> decisions;
  int funded = 0;
  for (int i = 0; i < kAsked + kWarming; ++i) {
    // Half of the questions are about members with a grant, or most would be the cheap answer.
    const auto at = i % 2 == 0 ? random.Below(kGrants) * (kMembers / kGrants) : random.Below(kMembers);
    const auto member = till.members[at];
    const domain::EventId sale(base::MakeUuidV7(clock, random));
    const auto start = Steady::now();
    EVERTILL_ASSIGN(const auto here, rights.Look(member, CardLevel::kSigned, sale));
    const double look = MicrosSince(start);
    const auto funding = rights.Fund(member, CardLevel::kSigned, sale, kPoints, std::nullopt, false);
    const double decision = MicrosSince(start);
    if (here.closed) return base::Fail(*here.closed);
    if (bool(funding) != (at % (kMembers / kGrants) == 0) || (funding && here.here != kPoints)) {
      return base::Fail(store::StoreErrc::kBadStored, "a wrong decision");
    }
    EVERTILL_TRY(rights.Release(sale));
    if (i < kWarming) continue;
    looks.push_back(look);
    decisions.push_back(decision);
    funded += funding ? 1 : 0;
  }
  std::printf("%-44s %10d of %d\n", "redemptions that were funded", funded, kAsked);
  std::printf("%-44s %10.2f us\n", "what can be spent here, p50", Quantile(looks, 0.50));
  std::printf("%-44s %10.2f us\n", "what can be spent here, p99", Quantile(looks, 0.99));
  bool good = Report("may this be redeemed, p50", Quantile(decisions, 0.50), kLimitMicros, "us");
  good &= Report("may this be redeemed, p99", Quantile(decisions, 0.99), kLimitMicros, "us");
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: bench_rights DIR\n", stderr);
    return 2;
  }
  const auto clock = base::MakeSystemClock();
  const auto random = base::MakeSystemRandom();
  auto till = MakeTill(argv[1], *clock, *random);
  const auto good = till ? Measure(*till, *clock, *random) : base::Expected<bool>(base::Fail(till.error()));
  if (!good) {
    std::fprintf(stderr, "bench_rights: %s\n", good.error().ToString().c_str());
    return 1;
  }
  return *good ? 0 : 1;
}
