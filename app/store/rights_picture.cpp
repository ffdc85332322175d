#include "app/store/rights_picture.h"

#include <chrono>
#include <map>
#include <tuple>

#include "app/checkout/errors.h"
#include "app/loyalty/ledger.h"
#include "app/store/card_keys.h"
#include "app/store/enrolment_text.h"
#include "app/store/members.h"

namespace evertill::store {
namespace {

using checkout::CardLevel;
using checkout::CheckoutErrc;
using loyalty::HeldLot;

/// What other baskets keep, by account, source and lot; stand-in apart.
struct Kept {
  std::map<std::tuple<std::string, std::string, std::string>, int64_t> lots;
  std::map<int64_t, int64_t> stand_in;  ///< by member's row
};

base::Expected<Kept> LoadKept(sqlite::Connection& db, const domain::EventId& sale) {
  Kept kept;
  EVERTILL_ASSIGN(auto query,
                  db.Prepare("SELECT member, account, source, lot, amount FROM reservation WHERE sale <> ?1"));
  query.Bind(crypto::ByteView(sale.Value().bytes));
  for (;;) {
    EVERTILL_ASSIGN(const bool row, query.Step());
    if (!row) return kept;
    if (query.TextView(1) == loyalty::kAvail) {
      kept.stand_in[query.Int(0)] += query.Int(4);
    } else {
      kept.lots[{query.Text(1), query.Text(2), query.Text(3)}] += query.Int(4);
    }
  }
}

base::Status LoadHeld(sqlite::Connection& db, int64_t row, bool own, const Kept& kept, RightsHere& rights) {
  EVERTILL_ASSIGN(auto query,
                  db.Prepare("SELECT r.account, r.source, r.lot, r.left, r.active_ms, r.expires_ms, "
                             "coalesce(g.not_after_ms, 0) FROM right_lot r LEFT JOIN grant_held g ON g.id = r.source "
                             "WHERE r.member = ?1"));
  query.Bind(row);
  for (;;) {
    EVERTILL_ASSIGN(const bool more, query.Step());
    if (!more) return {};
    HeldLot held{query.Text(0), query.Text(1), query.Text(2), query.Int(3), query.Int(4), query.Int(5), query.Int(6)};
    // A till's own points stand under the id that earned them until they are given back; grants serve all ids.
    if (!own && held.account == loyalty::kLocal) continue;
    rights.in_hand += held.left;
    if (const auto found = kept.lots.find({held.account, held.source, held.lot}); found != kept.lots.end()) {
      held.left -= found->second;
    }
    if (held.left > 0) rights.picture.held.push_back(std::move(held));
  }
}

base::Expected<int64_t> One(sqlite::Statement& query) {
  EVERTILL_ASSIGN([[maybe_unused]] const bool row, query.Step());
  return query.Int(0);
}

base::Status LoadStandIn(sqlite::Connection& db, const Kept& kept, int64_t settled, int64_t available,
                         RightsHere& rights) {
  EVERTILL_ASSIGN(auto permit, db.Prepare("SELECT coalesce(max(cap), 0), coalesce(max(till_cap), 0) FROM permit "
                                          "WHERE member = ?1 AND closed = 0"));
  EVERTILL_ASSIGN([[maybe_unused]] const bool row, permit.Bind(rights.row).Step());
  auto& stand_in = rights.picture.stand_in;
  stand_in.permit = permit.Int(0);
  if (stand_in.permit == 0) return {};
  stand_in.certified = available;
  EVERTILL_ASSIGN(auto used,
                  db.Prepare("SELECT coalesce(sum(amount), 0) FROM stand_in WHERE member = ?1 AND seq > ?2"));
  EVERTILL_ASSIGN(stand_in.used, One(used.Bind(rights.row, settled)));
  // What one till may do between two syncs: hello alone is none, head office must have what was done.
  EVERTILL_ASSIGN(const int64_t since, GetMetaNumber(db, "acked_seq"));
  EVERTILL_ASSIGN(auto till, db.Prepare("SELECT coalesce(sum(amount), 0) FROM stand_in WHERE seq > ?1"));
  EVERTILL_ASSIGN(const int64_t by_till, One(till.Bind(since)));
  stand_in.till_left = permit.Int(1) - by_till;
  for (const auto& [member, amount] : kept.stand_in) {
    stand_in.till_left -= amount;
    if (member == rights.row) stand_in.used += amount;
  }
  return {};
}

/// Head office's figures of the member, and where stand-in is settled.
struct Figures {
  int64_t points = 0, seq = 0, available = 0, pending = 0, settled = 0;
};

base::Expected<std::optional<Figures>> LoadFigures(sqlite::Connection& db, const domain::MemberId& id, int64_t& row) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT row, hq_points, hq_seq, hq_available, hq_pending, stand_in_place, "
                                         "hq_epoch FROM member WHERE id = ?1"));
  EVERTILL_ASSIGN(const bool found, query.Bind(crypto::ByteView(id.Value().bytes)).Step());
  if (!found) return std::optional<Figures>();
  row = query.Int(0);
  Figures figures{query.Int(1), query.Int(2), query.Int(3), query.Int(4), query.Int(5)};
  const int64_t epoch = query.Int(6);
  EVERTILL_ASSIGN(const int64_t now, GetMetaNumber(db, "epoch_counter"));
  if (epoch < now) {
    EVERTILL_ASSIGN(const int64_t floor, GetMetaNumber(db, "stand_in_floor"));
    figures.settled = std::min(figures.settled, floor);
  }
  return std::optional(figures);
}

}  // namespace

base::Expected<RightsHere> LoadRights(sqlite::Connection& db, const domain::MemberId& member,
                                      const domain::EventId& sale, base::Instant now,
                                      const loyalty::RedeemPolicy& policy) {
  RightsHere rights;
  EVERTILL_ASSIGN(const auto figures, LoadFigures(db, member, rights.row));
  if (!figures) return rights;
  EVERTILL_ASSIGN(const Kept kept, LoadKept(db, sale));
  EVERTILL_ASSIGN(const auto rows, MergedRows(db, rights.row));
  rights.owned = figures->points;
  rights.pending = figures->pending;
  for (const int64_t row : rows) {
    EVERTILL_TRY(LoadHeld(db, row, row == rights.row, kept, rights));
    EVERTILL_ASSIGN(auto since,
                    db.Prepare("SELECT coalesce(sum(amount), 0), coalesce(sum(amount) FILTER (WHERE account = "
                               "'PENDING'), 0) FROM ledger WHERE member = ?1 AND seq > ?2 "
                               "AND account IN ('AVAIL', 'PENDING', 'ESCROW', 'HOLD', 'LOCAL')"));
    EVERTILL_ASSIGN(const int64_t moved, One(since.Bind(row, figures->seq)));
    rights.owned += moved;
    rights.pending += since.Int(1);
  }
  EVERTILL_TRY(LoadStandIn(db, kept, figures->settled, figures->available, rights));
  rights.picture.day_limit = policy.day_limit;
  EVERTILL_ASSIGN(auto spent, db.Prepare("SELECT coalesce(sum(points), 0) FROM spent_lately WHERE member = ?1 AND "
                                         "quarter >= ?2"));
  EVERTILL_ASSIGN(rights.picture.spent_today, One(spent.Bind(rights.row, QuarterOf(base::StartOfLocalDay(now)))));
  return rights;
}

base::Expected<PinState> LoadPin(sqlite::Connection& db, const Keys& keys, int64_t row, bool with_hash) {
  EVERTILL_ASSIGN(const auto rows, MergedRows(db, row));
  PinState none;
  for (const int64_t each : rows) {
    EVERTILL_ASSIGN(auto told, db.Prepare("SELECT hq_pin FROM member WHERE row = ?1"));
    EVERTILL_ASSIGN(const int64_t has_pin, One(told.Bind(each)));
    none.exists = none.exists || has_pin != 0;
    EVERTILL_ASSIGN(auto query,
                    db.Prepare("SELECT sealed, generation, locked, failures FROM member_pin WHERE member = ?1"));
    EVERTILL_ASSIGN(const bool found, query.Bind(each).Step());
    if (!found || query.IsNull(0)) continue;
    PinState pin{true, true, query.Bool(2) || query.Int(3) >= kPinTries, each, query.Int(1), query.Int(3), {}};
    if (with_hash) {
      EVERTILL_ASSIGN(pin.hash, OpenText(keys, query.BlobView(0), "pin:" + std::to_string(each)));
    }
    return pin;
  }
  return none;
}

base::Expected<std::optional<base::Error>> WhyClosed(Database& database, sqlite::Connection& db, CardLevel level,
                                                     const PinState& pin, const loyalty::RedeemPolicy& policy) {
  using Reason = std::optional<base::Error>;
  EVERTILL_ASSIGN(const bool enrolled, IsEnrolled(db));
  auto& clock = database.GetBusinessClock();
  if (!enrolled) {  // the only ledger there is: nobody else could spend the same points
    if (clock.IsBehind(clock.LastEvent())) return Reason(base::Error(CheckoutErrc::kClockUnsafe, {}));
    return Reason();
  }
  if (clock.NoticeUnsafe(clock.LastEvent())) return Reason(base::Error(CheckoutErrc::kClockUnsafe, {}));
  // Another copy of this till may be at work: its rights end with this life, which head office will end.
  EVERTILL_ASSIGN(const int64_t fenced, GetMetaNumber(db, kFencedMeta));
  if (fenced != 0) return Reason(base::Error(CheckoutErrc::kRightsGone, "a new life of this till is due"));
  if (level == CardLevel::kNone || level == CardLevel::kNumber) {
    return Reason(base::Error(CheckoutErrc::kCardNeeded, {}));
  }
  EVERTILL_ASSIGN(const int64_t as_of, GetMetaNumber(db, "denylist_as_of_ms"));
  const auto age = clock.Business(clock.LastEvent()) - base::FromUnixMillis(as_of);
  if (age > std::chrono::hours(policy.denylist_hours)) return Reason(base::Error(CheckoutErrc::kDenylistOld, {}));
  if (pin.locked) return Reason(base::Error(CheckoutErrc::kPinLocked, {}));
  if ((policy.pin_always || pin.exists) && !pin.known) return Reason(base::Error(CheckoutErrc::kPinUnknownHere, {}));
  return Reason();
}

}  // namespace evertill::store
