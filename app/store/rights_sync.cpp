#include "app/store/rights_sync.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <tuple>

#include "app/base/log.h"
#include "app/crypto/encoding.h"
#include "app/loyalty/errors.h"
#include "app/loyalty/ledger.h"
#include "app/store/card_keys.h"
#include "app/store/enrolment_text.h"
#include "app/store/errors.h"
#include "app/store/members.h"
#include "app/store/rights_table.h"

/// How rights come and how they are given back.
namespace evertill::store {
namespace {

namespace json = boost::json;
using checkout::Enrolment;
using checkout::SignedText;
using domain::Posting;
using loyalty::LoyaltyErrc;
using loyalty::Rule;

constexpr size_t kGrantsInEvent = 100;
/// Far below what one event may have on its way to head office.
constexpr size_t kBytesInEvent = size_t{200} << 10;
/// Lots in one RETURN: an event stays far below what may be uploaded at once.
constexpr size_t kLotsInEvent = 250;

struct Reserved {
  std::map<std::tuple<std::string, std::string, std::string>, int64_t> lots;
  [[nodiscard]] int64_t Of(const std::string& account, const std::string& source, const std::string& lot) const {
    const auto found = lots.find({account, source, lot});
    return found == lots.end() ? 0 : found->second;
  }
};

base::Expected<Reserved> LoadReserved(sqlite::Connection& db) {
  Reserved reserved;
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT account, source, lot, amount FROM reservation"));
  for (;;) {
    EVERTILL_ASSIGN(const bool row, query.Step());
    if (!row) return reserved;
    reserved.lots[{query.Text(0), query.Text(1), query.Text(2)}] += query.Int(3);
  }
}

/// What one member's RETURN says.
struct Back {
  struct Lot {
    std::string account, source, lot;
    int64_t points = 0;
    bool active = true;
  };
  std::vector<Lot> lots;
  std::vector<std::string> grants;  ///< given back whole
};
using Backs = std::map<int64_t, Back>;  ///< by member's row

/// All local points, and lots of grants that have expired; not those of `whole`, which go back as they are.
base::Status CollectLots(sqlite::Connection& db, const Reserved& reserved, base::Instant now,
                         const std::set<std::string>& whole, Backs& backs) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT member, account, source, lot, left, active_ms FROM right_lot "
                                         "WHERE left > 0 AND (account = 'LOCAL' OR (expires_ms > 0 AND "
                                         "expires_ms <= ?1))"));
  const int64_t now_ms = base::ToUnixMillis(now);
  query.Bind(now_ms);
  for (;;) {
    EVERTILL_ASSIGN(const bool row, query.Step());
    if (!row) return {};
    Back::Lot lot{query.Text(1), query.Text(2), query.Text(3), query.Int(4), query.Int(5) <= now_ms};
    if (whole.contains(lot.source)) continue;
    lot.points -= reserved.Of(lot.account, lot.source, lot.lot);
    if (lot.points > 0) backs[query.Int(0)].lots.push_back(std::move(lot));
  }
}

base::Status CollectGrant(sqlite::Connection& db, const Reserved& reserved, const std::string& id, Backs& backs) {
  EVERTILL_ASSIGN(auto grant, db.Prepare("SELECT member FROM grant_held WHERE id = ?1 AND closed = 0"));
  EVERTILL_ASSIGN(const bool open, grant.Bind(id).Step());
  if (!open) return {};  // given back before, or never accepted here
  Back& back = backs[grant.Int(0)];
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT lot, left FROM right_lot WHERE member = ?1 AND account = 'ESCROW' "
                                         "AND source = ?2"));
  query.Bind(grant.Int(0), id);
  bool whole = true;
  for (;;) {
    EVERTILL_ASSIGN(const bool row, query.Step());
    if (!row) break;
    Back::Lot lot{"ESCROW", id, query.Text(0), query.Int(1), true};
    const int64_t kept = reserved.Of(lot.account, lot.source, lot.lot);
    whole = whole && kept == 0;
    lot.points -= kept;
    if (lot.points > 0) back.lots.push_back(std::move(lot));
  }
  if (whole) back.grants.push_back(id);
  return {};
}

base::Expected<std::vector<std::string>> ExpiredGrants(sqlite::Connection& db, base::Instant now) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT id FROM grant_held WHERE closed = 0 AND not_after_ms > 0 "
                                         "AND not_after_ms <= ?1"));
  query.Bind(base::ToUnixMillis(now));
  std::vector<std::string> ids;
  for (;;) {
    EVERTILL_ASSIGN(const bool row, query.Step());
    if (!row) return ids;
    ids.push_back(query.Text(0));
  }
}

/// One event, or several where a member has very many lots; the grants that are closed stand in the last.
base::Expected<int64_t> WriteReturn(Database& database, Database::Change& change, int64_t member, const Back& back) {
  EVERTILL_ASSIGN(const auto id, MemberIdOf(change.db, member));
  int64_t events = 0;
  for (size_t from = 0; from < back.lots.size() || events == 0; from += kLotsInEvent) {
    const size_t to = std::min(back.lots.size(), from + kLotsInEvent);
    domain::LedgerCore core{"return", id, {}};
    for (size_t i = from; i < to; ++i) {
      const auto& lot = back.lots[i];
      core.postings.push_back({lot.account, lot.source, lot.lot, -lot.points});
      core.postings.push_back({std::string(lot.active ? loyalty::kAvail : loyalty::kPending), "", lot.lot, lot.points});
    }
    json::array grants;
    if (to == back.lots.size()) {
      for (const auto& grant : back.grants) grants.push_back(json::string(grant));
    }
    EVERTILL_TRY(
        AppendOwn(database, change, std::move(core), json::serialize(json::object{{"grants", std::move(grants)}})));
    ++events;
  }
  return events;
}

/// Who may give this till rights, and which till it is.
struct Holder {
  crypto::VerifyingKey key;
  std::string terminal;
  int64_t incarnation = 1;
  std::string epoch;
};

base::Expected<Holder> HolderOf(const Keys& keys, Database::Change& change) {
  EVERTILL_ASSIGN(const auto enrolment, LoadEnrolment(change.db, keys));
  if (!enrolment) return base::Fail(LoyaltyErrc::kBadGrant, "this till is not enrolled");
  EVERTILL_ASSIGN(auto key, crypto::VerifyingKey::FromBytes(crypto::AsBytes(enrolment->server_key)));
  return Holder{std::move(key), change.terminal.Name(), change.terminal.incarnation, EpochName(enrolment->epoch)};
}

enum class Standing { kOurs, kOtherEpoch, kForeign };

template <typename Right>
Standing StandingOf(const Holder& holder, const Right& right) {
  if (right.terminal != holder.terminal || right.incarnation != holder.incarnation) return Standing::kForeign;
  return right.epoch == holder.epoch ? Standing::kOurs : Standing::kOtherEpoch;
}

json::object AsJson(const SignedText& text) {
  return {{"bytes", text.bytes}, {"signature", crypto::ToBase64(crypto::AsBytes(text.signature))}};
}

base::Expected<bool> IsThere(sqlite::Connection& db, std::string_view sql, const std::string& id) {
  EVERTILL_ASSIGN(auto query, db.Prepare(sql));
  return query.Bind(id).Step();
}

/// What is good of `texts`, in order and each once; the first that is not is told of in `bad`.
template <typename Right>
base::Expected<json::array> Sift(const Holder& holder, const std::vector<SignedText>& texts,
                                 base::Expected<Right> (*decode)(std::string_view),
                                 std::string (*signed_bytes)(std::string_view),
                                 const std::function<base::Expected<bool>(const std::string&)>& is_known,
                                 std::optional<base::Error>& bad) {
  json::array good;
  std::set<std::string> ids;
  const auto refuse = [&](const std::string& why) {
    base::LogWarn("a right was refused: {}", why);
    if (!bad) bad.emplace(LoyaltyErrc::kBadGrant, why);
  };
  for (const auto& text : texts) {
    const auto right = decode(text.bytes);
    if (!right || !holder.key.Verify(crypto::AsBytes(signed_bytes(text.bytes)), crypto::AsBytes(text.signature))) {
      refuse(right ? right->id + ": not signed by head office" : right.error().Detail());
      continue;
    }
    const Standing standing = StandingOf(holder, *right);
    if (standing == Standing::kForeign) {
      refuse(right->id + ": it is for " + right->terminal + " incarnation " + std::to_string(right->incarnation));
      continue;
    }
    if (standing == Standing::kOtherEpoch) {
      base::LogInfo("{} is of another life of head office: passed over", right->id);
      continue;
    }
    EVERTILL_ASSIGN(const bool known, is_known(right->id));
    if (known || !ids.insert(right->id).second) continue;
    good.push_back(AsJson(text));
  }
  return good;
}

base::Status AppendInParts(Database& database, Database::Change& change, const char* kind, const char* list,
                           const json::array& items) {
  for (size_t next = 0; next < items.size();) {
    json::array part;
    for (size_t bytes = 0; next < items.size() && part.size() < kGrantsInEvent; ++next) {
      bytes += json::serialize(items[next]).size();
      if (!part.empty() && bytes > kBytesInEvent) break;
      part.push_back(items[next]);
    }
    EVERTILL_TRY(
        AppendOwn(database, change, {kind, std::nullopt, {}}, json::serialize(json::object{{list, std::move(part)}})));
  }
  return {};
}

}  // namespace

base::Status RightsSyncTable::RecordHello(const checkout::HelloFacts& facts) {
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    auto& db = change.db;
    EVERTILL_TRY(database_.GetBusinessClock().SetBy(db, facts.server_ms));
    EVERTILL_TRY(SetMeta(db, kFencedMeta, facts.fenced ? "1" : "0"));
    EVERTILL_ASSIGN(const int64_t version, GetMetaNumber(db, "revocations_version"));
    if (version >= facts.revocations_version) {
      EVERTILL_TRY(SetMeta(db, "denylist_as_of_ms", std::to_string(facts.server_ms)));
    } else {  // counts once that list is here
      EVERTILL_TRY(SetMeta(db, "denylist_next_version", std::to_string(facts.revocations_version)));
      EVERTILL_TRY(SetMeta(db, "denylist_next_ms", std::to_string(facts.server_ms)));
    }
    if (!facts.pepper.empty()) {
      EVERTILL_ASSIGN(const auto sealed,
                      SealText(database_.GetKeys(), facts.pepper, kPepperMeta, database_.GetRandom()));
      EVERTILL_TRY(SetMeta(db, kPepperMeta, crypto::AsText(sealed)));
    }
    if (facts.card_keys.empty()) return {};
    std::string lines;
    for (const auto& key : facts.card_keys) lines += key + "\n";
    return SetMeta(db, kCardKeysMeta, lines);
  });
}

base::Expected<int64_t> RightsSyncTable::GiveBack(const std::vector<std::string>& recalled_grants) {
  int64_t events = 0;
  const auto work = [&](Database::Change& change) -> base::Status {
    const base::Instant now = database_.GetBusinessClock().Business(change.head.t_business);
    EVERTILL_ASSIGN(const Reserved reserved, LoadReserved(change.db));
    Backs backs;
    EVERTILL_ASSIGN(const auto expired, ExpiredGrants(change.db, now));
    std::set<std::string> ids(recalled_grants.begin(), recalled_grants.end());
    ids.insert(expired.begin(), expired.end());
    EVERTILL_TRY(CollectLots(change.db, reserved, now, ids, backs));
    for (const auto& id : ids) EVERTILL_TRY(CollectGrant(change.db, reserved, id, backs));
    for (const auto& [member, back] : backs) {
      if (back.lots.empty() && back.grants.empty()) continue;
      EVERTILL_ASSIGN(const int64_t written, WriteReturn(database_, change, member, back));
      events += written;
    }
    return {};
  };
  EVERTILL_TRY(database_.Write(Durability::kPowerCut, work));
  return events;
}

base::Expected<int64_t> RightsSyncTable::AcceptGrants(const std::vector<SignedText>& grants) {
  if (grants.empty()) return 0;
  int64_t accepted = 0;
  std::optional<base::Error> bad;
  const auto work = [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(const Holder holder, HolderOf(database_.GetKeys(), change));
    const auto is_known = [&](const std::string& id) -> base::Expected<bool> {
      if (!database_.GetSafeguards().On(Rule::kGrantOnce)) return false;
      return IsThere(change.db, "SELECT 1 FROM grant_held WHERE id = ?1", id);
    };
    EVERTILL_ASSIGN(const json::array good, Sift<loyalty::Grant>(holder, grants, &loyalty::DecodeGrant,
                                                                 &loyalty::GrantSignedBytes, is_known, bad));
    accepted = static_cast<int64_t>(good.size());
    return AppendInParts(database_, change, "grants_accepted", "grants", good);
  };
  EVERTILL_TRY(database_.Write(Durability::kPowerCut, work));
  if (bad) return base::Fail(std::move(*bad));
  return accepted;
}

base::Expected<int64_t> RightsSyncTable::AcceptPermits(const std::vector<SignedText>& permits) {
  if (permits.empty()) return 0;
  int64_t accepted = 0;
  std::optional<base::Error> bad;
  const auto work = [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(const Holder holder, HolderOf(database_.GetKeys(), change));
    const auto is_known = [&](const std::string& id) {
      return IsThere(change.db, "SELECT 1 FROM permit WHERE id = ?1", id);
    };
    EVERTILL_ASSIGN(const json::array good, Sift<loyalty::Permit>(holder, permits, &loyalty::DecodePermit,
                                                                  &loyalty::PermitSignedBytes, is_known, bad));
    accepted = static_cast<int64_t>(good.size());
    return AppendInParts(database_, change, "permits_accepted", "permits", good);
  };
  EVERTILL_TRY(database_.Write(Durability::kPowerCut, work));
  if (bad) return base::Fail(std::move(*bad));
  return accepted;
}

base::Status RightsSyncTable::ReturnPermits(const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    json::array held;
    for (const auto& id : ids) {
      EVERTILL_ASSIGN(const bool open, IsThere(change.db, "SELECT 1 FROM permit WHERE id = ?1 AND closed = 0", id));
      if (open) held.push_back(json::string(id));
    }
    return AppendInParts(database_, change, "permit_returned", "permits", held);
  });
}

}  // namespace evertill::store
