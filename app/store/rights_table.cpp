#include "app/store/rights_table.h"

#include <algorithm>

#include "app/base/uuid.h"
#include "app/checkout/errors.h"
#include "app/loyalty/errors.h"
#include "app/loyalty/ledger.h"
#include "app/store/enrolment_text.h"
#include "app/store/errors.h"
#include "app/store/json_text.h"
#include "app/store/members.h"
#include "app/store/rights_picture.h"

namespace evertill::store {
namespace {

namespace json = boost::json;
using checkout::CardLevel;
using checkout::CheckoutErrc;
using checkout::Funding;
using checkout::HoldAnswer;
using checkout::PointsHere;
using domain::EventId;
using domain::MemberId;

/// As many lines as a sale can have.
constexpr size_t kMostLines = 1023;

crypto::ByteView Bytes(const EventId& id) {
  return id.Value().bytes;
}

/// What a hold pays, at most `points`: head office's lots, nothing else. Their other side is not in it yet.
base::Expected<Funding> FromHold(const HoldAnswer& hold, const EventId& sale, int64_t points) {
  Funding funding{hold.lots, 0, 0, true};
  int64_t sum = 0;
  for (const auto& posting : hold.lots) {
    if (posting.account != loyalty::kHold || posting.source != sale.ToString() || posting.amount >= 0 ||
        __builtin_add_overflow(sum, posting.amount, &sum)) {
      return base::Fail(CheckoutErrc::kRightsGone, "a hold of another sale");
    }
  }
  if (sum < -points) return base::Fail(CheckoutErrc::kRightsGone, "a hold of " + std::to_string(-sum) + " points");
  funding.points = -sum;
  return funding;
}

/// What the rights held pay on top of `funding`, so that both are `points`.
base::Status AddHeld(Funding& funding, const loyalty::RightsPicture& picture, int64_t points, base::Instant now,
                     bool with_stand_in, const loyalty::Safeguards& safeguards) {
  if (points > funding.points) {
    auto postings = loyalty::FundRedemption(picture, points - funding.points, now, with_stand_in, safeguards);
    if (!postings && postings.error().Is(loyalty::LoyaltyErrc::kNotEnoughHere)) {
      const int64_t held = loyalty::WhatCanBeSpent(picture, now, with_stand_in).Here();
      return base::Fail(loyalty::LoyaltyErrc::kNotEnoughHere, std::to_string(funding.points + held));
    }
    if (!postings && postings.error().Is(loyalty::LoyaltyErrc::kDayLimit)) {
      const int64_t room = std::max<int64_t>(0, picture.day_limit - picture.spent_today);
      return base::Fail(loyalty::LoyaltyErrc::kDayLimit, std::to_string(funding.points + room));
    }
    if (!postings) return base::Fail(std::move(postings.error()));
    for (auto& posting : *postings) {
      if (posting.amount >= 0) continue;
      if (posting.account == loyalty::kAvail) funding.stand_in -= posting.amount;
      funding.postings.push_back(std::move(posting));
    }
    funding.points = points;
  }
  funding.postings.push_back({std::string(loyalty::kRedeemed), "", "", points});
  return {};
}

/// What a hold pays counts toward the limit of the day like any other point.
base::Status CountToday(loyalty::RightsPicture& picture, int64_t points) {
  const int64_t room = std::max<int64_t>(0, picture.day_limit - picture.spent_today);
  if (picture.day_limit > 0 && points > room) {
    return base::Fail(loyalty::LoyaltyErrc::kDayLimit, std::to_string(room));
  }
  picture.spent_today += points;
  return {};
}

base::Status Forget(sqlite::Connection& db, const EventId& sale) {
  EVERTILL_ASSIGN(auto clear, db.Prepare("DELETE FROM reservation WHERE sale = ?1"));
  return clear.Bind(Bytes(sale)).Run();
}

base::Status Keep(sqlite::Connection& db, const EventId& sale, int64_t member, const Funding& funding) {
  EVERTILL_TRY(Forget(db, sale));
  EVERTILL_ASSIGN(auto insert, db.Prepare("INSERT INTO reservation(sale, entry, member, account, source, lot, amount) "
                                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  int entry = 0;
  for (const auto& posting : funding.postings) {
    if (posting.amount >= 0) continue;
    EVERTILL_TRY(
        insert.RunWith(Bytes(sale), ++entry, member, posting.account, posting.source, posting.lot, -posting.amount));
  }
  return {};
}

/// Baskets other than `but` that keep something or asked for a hold.
base::Expected<std::vector<EventId>> OpenBaskets(sqlite::Connection& db, const EventId& but, bool asked_only) {
  EVERTILL_ASSIGN(auto query, db.Prepare(asked_only ? "SELECT sale FROM reserve_open WHERE sale <> ?1"
                                                    : "SELECT sale FROM reservation WHERE sale <> ?1 "
                                                      "UNION SELECT sale FROM reserve_open WHERE sale <> ?1"));
  query.Bind(Bytes(but));
  std::vector<EventId> sales;
  for (;;) {
    EVERTILL_ASSIGN(const bool row, query.Step());
    if (!row) return sales;
    base::Uuid id;
    std::copy(query.BlobView(0).begin(), query.BlobView(0).end(), id.bytes.begin());
    sales.emplace_back(id);
  }
}

base::Expected<std::optional<int64_t>> AskedFor(sqlite::Connection& db, const EventId& sale) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT points FROM reserve_open WHERE sale = ?1"));
  EVERTILL_ASSIGN(const bool row, query.Bind(Bytes(sale)).Step());
  return row ? std::optional(query.Int(0)) : std::nullopt;
}

/// Ends a basket: by an event where head office had been asked.
base::Status End(Database& database, Database::Change& change, const EventId& sale) {
  EVERTILL_ASSIGN(const auto asked, AskedFor(change.db, sale));
  if (!asked) return Forget(change.db, sale);
  EVERTILL_ASSIGN(auto query, change.db.Prepare("SELECT m.id FROM reserve_open r JOIN member m ON m.row = r.member "
                                                "WHERE r.sale = ?1"));
  EVERTILL_ASSIGN(const bool row, query.Bind(Bytes(sale)).Step());
  domain::LedgerCore core{"abandon", std::nullopt, {}};
  if (row) {
    base::Uuid id;
    std::copy(query.BlobView(0).begin(), query.BlobView(0).end(), id.bytes.begin());
    core.member = MemberId(id);
  }
  query.Reset();
  return AppendOwn(database, change, std::move(core), json::serialize(json::object{{"event", sale.ToString()}}));
}

}  // namespace

base::Status AppendOwn(Database& database, Database::Change& change, domain::LedgerCore core, std::string ext) {
  domain::Event event;
  event.id = EventId(base::MakeUuidV7(database.GetClock(), database.GetRandom()));
  event.core = std::move(core);
  event.ext = std::move(ext);
  return database.AppendEvent(change, event, {});
}

/// A clock that jumped is remembered over a restart.
base::Status RightsTable::KeepClock() {
  auto& clock = database_.GetBusinessClock();
  if (clock.IsUnsafe() || !clock.NoticeUnsafe(clock.LastEvent())) return {};
  return database_.Write(Durability::kKill, [&](Database::Change& change) { return clock.Keep(change.db); });
}

base::Expected<PointsHere> RightsTable::Look(MemberId member, CardLevel level, EventId sale) {
  EVERTILL_ASSIGN(const auto programme, rules_.Programme());
  const auto& policy = programme.redeem;
  EVERTILL_TRY(KeepClock());
  const auto& clock = database_.GetBusinessClock();
  const base::Instant now = clock.Business(clock.LastEvent());
  return database_.Read(Reader::kCounter, [&](sqlite::Connection& db) -> base::Expected<PointsHere> {
    EVERTILL_ASSIGN(const RightsHere rights, LoadRights(db, member, sale, now, policy));
    EVERTILL_ASSIGN(const PinState pin, LoadPin(db, database_.GetKeys(), rights.row, false));
    const auto can = loyalty::WhatCanBeSpent(rights.picture, now, level == CardLevel::kPhone);
    PointsHere points;
    points.here = can.Here();
    points.not_active = can.not_active + rights.pending;
    points.elsewhere = std::max<int64_t>(0, rights.owned - rights.in_hand - rights.pending - can.stand_in);
    points.debt = std::max<int64_t>(0, -rights.owned);
    points.pin_needed = pin.exists || policy.pin_always;
    points.pin_known = pin.known;
    EVERTILL_ASSIGN(points.closed, WhyClosed(database_, db, level, pin, policy));
    if (points.closed) points.here = 0;
    return points;
  });
}

base::Expected<Funding> RightsTable::Fund(MemberId member, CardLevel level, EventId sale, int64_t points,
                                          const std::optional<HoldAnswer>& hold, bool refused_online) {
  if (points < 1 || points > loyalty::kMostPoints) {
    return base::Fail(loyalty::LoyaltyErrc::kBadPoints, std::to_string(points));
  }
  EVERTILL_ASSIGN(const auto programme, rules_.Programme());
  const auto& policy = programme.redeem;
  EVERTILL_TRY(KeepClock());
  auto& clock = database_.GetBusinessClock();
  Funding funding;
  const auto work = [&](Database::Change& change) -> base::Status {
    const base::Instant now = clock.Business(change.head.t_business);
    EVERTILL_ASSIGN(RightsHere rights, LoadRights(change.db, member, sale, now, policy));
    if (rights.row == 0) return base::Fail(CheckoutErrc::kMemberNotFound);
    EVERTILL_ASSIGN(const PinState pin, LoadPin(change.db, database_.GetKeys(), rights.row, false));
    const bool held_online = hold && hold->given;
    funding = {};
    if (held_online) {
      if (pin.locked) return base::Fail(CheckoutErrc::kPinLocked);
      if (pin.exists && !pin.known) return base::Fail(CheckoutErrc::kPinUnknownHere);
      // A hold whose reservation was given up here is none: head office closes it when it reads that.
      EVERTILL_ASSIGN(const auto asked, AskedFor(change.db, sale));
      if (!asked) return base::Fail(CheckoutErrc::kRightsGone, "a hold that was given up");
      EVERTILL_ASSIGN(funding, FromHold(*hold, sale, points));
      EVERTILL_TRY(CountToday(rights.picture, funding.points));
    }
    if (points > funding.points) {
      EVERTILL_ASSIGN(const auto closed, WhyClosed(database_, change.db, level, pin, policy));
      if (closed) return base::Fail(*closed);
    }
    const bool with_stand_in = level == CardLevel::kPhone && !refused_online && !held_online;
    EVERTILL_TRY(AddHeld(funding, rights.picture, points, now, with_stand_in, database_.GetSafeguards()));
    return Keep(change.db, sale, rights.row, funding);
  };
  EVERTILL_TRY(database_.Write(Durability::kKill, work));
  return funding;
}

base::Status RightsTable::BeginReserve(MemberId member, EventId sale, int64_t points) {
  if (points < 1 || points > loyalty::kMostPoints) {
    return base::Fail(loyalty::LoyaltyErrc::kBadPoints, std::to_string(points));
  }
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(const auto asked, AskedFor(change.db, sale));
    if (asked == points) return {};  // asked again after an answer that was lost
    return AppendOwn(database_, change, {"reserve", member, {}},
                     json::serialize(json::object{{"event", sale.ToString()}, {"points", points}}));
  });
}

base::Status RightsTable::Release(EventId sale) {
  struct Open {
    bool kept = false, asked = false;
  };
  EVERTILL_ASSIGN(const Open open,
                  database_.Read(Reader::kCounter, [&](sqlite::Connection& db) -> base::Expected<Open> {
                    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT EXISTS(SELECT 1 FROM reservation WHERE sale = ?1), "
                                                           "EXISTS(SELECT 1 FROM reserve_open WHERE sale = ?1)"));
                    EVERTILL_ASSIGN([[maybe_unused]] const bool row, query.Bind(Bytes(sale)).Step());
                    return Open{query.Bool(0), query.Bool(1)};
                  }));
  if (!open.kept && !open.asked) return {};
  return database_.Write(open.asked ? Durability::kPowerCut : Durability::kKill,
                         [&](Database::Change& change) { return End(database_, change, sale); });
}

base::Status RightsTable::ReleaseAllBut(EventId open_sale) {
  const auto load = [&](sqlite::Connection& db) { return OpenBaskets(db, open_sale, false); };
  EVERTILL_ASSIGN(const auto found, database_.Read(Reader::kCounter, load));
  if (found.empty()) return {};
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(const auto sales, OpenBaskets(change.db, open_sale, false));
    for (const auto& sale : sales) EVERTILL_TRY(End(database_, change, sale));
    return {};
  });
}

base::Expected<checkout::Rights::RefundedSoFar> RightsTable::Refunded(EventId sale) {
  return database_.Read(Reader::kCounter, [&](sqlite::Connection& db) -> base::Expected<RefundedSoFar> {
    RefundedSoFar so_far;
    so_far.quantity_micro.resize(kMostLines);
    EVERTILL_ASSIGN(auto lines, db.Prepare("SELECT line, quantity_micro FROM refund_line WHERE sale = ?1"));
    lines.Bind(Bytes(sale));
    for (;;) {
      EVERTILL_ASSIGN(const bool row, lines.Step());
      if (!row) break;
      const auto line = static_cast<size_t>(lines.Int(0) - 1);
      if (line < so_far.quantity_micro.size()) so_far.quantity_micro[line] = lines.Int(1);
    }
    // The lot's member is the one who earned it; few tills have refunds enough for this to be asked often.
    EVERTILL_ASSIGN(auto left, db.Prepare("SELECT coalesce(sum(left), 0) - (SELECT coalesce(sum(amount), 0) FROM "
                                          "reservation WHERE account = 'LOCAL' AND lot = ?1) FROM right_lot "
                                          "WHERE account = 'LOCAL' AND source = '' AND lot = ?1"));
    EVERTILL_ASSIGN([[maybe_unused]] const bool row, left.Bind(sale.ToString()).Step());
    so_far.local_left = std::max<int64_t>(0, left.Int(0));
    EVERTILL_ASSIGN(const bool enrolled, IsEnrolled(db));
    so_far.only_ledger = !enrolled;
    return so_far;
  });
}

}  // namespace evertill::store
