#include "app/store/rights_postings.h"

#include <chrono>

#include "app/checkout/errors.h"
#include "app/crypto/bytes.h"
#include "app/crypto/encoding.h"
#include "app/loyalty/grant.h"
#include "app/loyalty/ledger.h"
#include "app/store/errors.h"
#include "app/store/json_text.h"
#include "app/store/members.h"

namespace evertill::store {
namespace {

namespace json = boost::json;
using checkout::CheckoutErrc;
using domain::Event;
using domain::Posting;
using loyalty::Rule;

tl::unexpected<base::Error> Gone(const Posting& posting) {
  return base::Fail(CheckoutErrc::kRightsGone,
                    posting.account + " " + posting.source + ": " + std::to_string(-posting.amount));
}

base::Expected<base::Uuid> IdIn(const json::object& object, const char* key) {
  const auto id = base::Uuid::Parse(TextOf(object, key));
  if (!id) return base::Fail(StoreErrc::kBadStored, std::string("no ") + key);
  return *id;
}

const json::array& ArrayIn(const json::object& object, const char* key) {
  static const json::array kNone;
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

/// Writes one event's effects on ledger and rights.
class Poster {
 public:
  Poster(sqlite::Connection& db, const Event& event, int64_t place, const LotTimes& times,
         const loyalty::Safeguards& safeguards)
      : db_(db), event_(event), place_(place), times_(times), safeguards_(safeguards) {}

  base::Status Run() {
    if (event_.core.member) {
      EVERTILL_ASSIGN(member_, EnsureMemberRow(db_, *event_.core.member));
    }
    EVERTILL_TRY(Ledger());
    for (const auto& posting : event_.core.postings) EVERTILL_TRY(Move(posting));
    if (stand_in_ > 0) EVERTILL_TRY(StandIn());
    return ByKind();
  }

 private:
  base::Status Ledger() {
    if (event_.core.postings.empty()) return {};
    EVERTILL_ASSIGN(auto insert, db_.Prepare("INSERT INTO ledger(member, seq, entry, account, source, lot, amount) "
                                             "VALUES (?1,?2,?3,?4,?5,?6,?7)"));
    int entry = 0;
    for (const auto& posting : event_.core.postings) {
      EVERTILL_TRY(
          insert.RunWith(member_, place_, ++entry, posting.account, posting.source, posting.lot, posting.amount));
    }
    return {};
  }

  base::Status Move(const Posting& posting) {
    if (posting.account == loyalty::kRedeemed && event_.core.kind == "sale") spent_ += posting.amount;
    if (posting.account == loyalty::kLocal) {
      return posting.amount > 0 ? AddLot(member_, posting.account, posting.source, posting.lot, posting.amount, times_)
                                : Take(member_, posting);
    }
    if (posting.amount >= 0) return {};
    if (posting.account == loyalty::kAvail && posting.source == loyalty::kStandInSource) stand_in_ -= posting.amount;
    if (posting.account == loyalty::kHold) return CheckHold(posting);
    if (posting.account != loyalty::kEscrow) return {};
    EVERTILL_ASSIGN(auto grant, db_.Prepare("SELECT member FROM grant_held WHERE id = ?1"));
    EVERTILL_ASSIGN(const bool known, grant.Bind(posting.source).Step());
    if (!known && safeguards_.On(Rule::kCommitRecheck)) return Gone(posting);
    return Take(known ? grant.Int(0) : member_, posting);
  }

  base::Status AddLot(int64_t member, std::string_view account, std::string_view source, std::string_view lot,
                      int64_t points, const LotTimes& times) {
    EVERTILL_ASSIGN(auto add,
                    db_.Prepare("INSERT INTO right_lot(member, account, source, lot, left, active_ms, expires_ms) "
                                "VALUES (?1,?2,?3,?4,?5,?6,?7) ON CONFLICT(member, account, source, lot) "
                                "DO UPDATE SET left = left + excluded.left"));
    EVERTILL_TRY(add.RunWith(member, account, source, lot, points, times.active_ms, times.expires_ms));
    return DropEmpty(member, account, source, lot);
  }

  base::Status DropEmpty(int64_t member, std::string_view account, std::string_view source, std::string_view lot) {
    EVERTILL_ASSIGN(auto drop, db_.Prepare("DELETE FROM right_lot WHERE member = ?1 AND account = ?2 AND source = ?3 "
                                           "AND lot = ?4 AND left = 0"));
    return drop.RunWith(member, account, source, lot);
  }

  /// Takes what a posting spends or gives back out of the rights held here.
  base::Status Take(int64_t member, const Posting& posting) {
    // A return that does not take anything away is what rule kReturn is against.
    if (event_.core.kind == "return" && !safeguards_.On(Rule::kReturn)) return {};
    const bool checks = safeguards_.On(Rule::kCommitRecheck);
    EVERTILL_ASSIGN(const int64_t others, KeptByOthers(posting));
    EVERTILL_ASSIGN(auto take, db_.Prepare("UPDATE right_lot SET left = left - ?5 WHERE member = ?1 AND account = ?2 "
                                           "AND source = ?3 AND lot = ?4 AND (left >= ?6 OR ?7 = 0)"));
    EVERTILL_TRY(take.RunWith(member, posting.account, posting.source, posting.lot, -posting.amount,
                              others - posting.amount, checks));
    if (db_.Changes() == 0) {
      if (checks) return Gone(posting);
      return AddLot(member, posting.account, posting.source, posting.lot, posting.amount, {});
    }
    return DropEmpty(member, posting.account, posting.source, posting.lot);
  }

  base::Expected<int64_t> KeptByOthers(const Posting& posting) {
    EVERTILL_ASSIGN(auto query, db_.Prepare("SELECT coalesce(sum(amount), 0) FROM reservation WHERE sale <> ?1 AND "
                                            "account = ?2 AND source = ?3 AND lot = ?4"));
    EVERTILL_ASSIGN([[maybe_unused]] const bool row,
                    query.Bind(Own(), posting.account, posting.source, posting.lot).Step());
    return query.Int(0);
  }

  /// A hold is head office's word, which the basket kept.
  base::Status CheckHold(const Posting& posting) {
    if (!safeguards_.On(Rule::kCommitRecheck)) return {};
    EVERTILL_ASSIGN(auto query, db_.Prepare("SELECT coalesce(sum(amount), 0) FROM reservation WHERE sale = ?1 AND "
                                            "account = 'HOLD' AND source = ?2 AND lot = ?3"));
    EVERTILL_ASSIGN([[maybe_unused]] const bool row, query.Bind(Own(), posting.source, posting.lot).Step());
    if (query.Int(0) < -posting.amount) return Gone(posting);
    return {};
  }

  base::Status StandIn() {
    if (safeguards_.On(Rule::kCommitRecheck)) {
      EVERTILL_ASSIGN(auto permit, db_.Prepare("SELECT 1 FROM permit WHERE member = ?1 AND closed = 0 LIMIT 1"));
      EVERTILL_ASSIGN(const bool permitted, permit.Bind(member_).Step());
      if (!permitted) return base::Fail(CheckoutErrc::kRightsGone, "no permit for stand-in");
      // What the basket kept was within C and G, and other baskets count it; what it has let go may be used by now.
      EVERTILL_ASSIGN(auto kept, db_.Prepare("SELECT coalesce(sum(amount), 0) FROM reservation WHERE sale = ?1 AND "
                                             "account = 'AVAIL'"));
      EVERTILL_ASSIGN([[maybe_unused]] const bool row, kept.Bind(Own()).Step());
      if (kept.Int(0) < stand_in_) return base::Fail(CheckoutErrc::kRightsGone, "stand-in that was let go");
    }
    EVERTILL_ASSIGN(auto insert, db_.Prepare("INSERT INTO stand_in(seq, member, amount) VALUES (?1, ?2, ?3)"));
    return insert.RunWith(place_, member_, stand_in_);
  }

  base::Status ByKind() {
    const std::string& kind = event_.core.kind;
    if (kind == "sale") return event_.core.member ? Sale() : base::Status();
    if (kind == "grants_accepted") return Grants();
    if (kind == "permits_accepted") return Permits();
    if (kind == "permit_returned") return Close("permits", "UPDATE permit SET closed = 1 WHERE id = ?1");
    if (kind == "return") return Close("grants", "UPDATE grant_held SET closed = 1 WHERE id = ?1");
    if (kind == "reserve") return Reserve();
    if (kind == "abandon") return Abandon();
    if (kind == "refund") return Refund();
    if (kind == "card_code") return CardCode();
    if (kind == "life") return NewLife();
    return {};
  }

  base::Status Sale() {
    EVERTILL_TRY(Forget(event_.id.Value()));
    if (spent_ == 0) return {};
    const int64_t quarter = QuarterOf(event_.t_business);
    EVERTILL_ASSIGN(auto drop, db_.Prepare("DELETE FROM spent_lately WHERE member = ?1 AND quarter < ?2"));
    EVERTILL_TRY(drop.RunWith(member_, quarter - kQuartersKept));
    EVERTILL_ASSIGN(auto put, db_.Prepare("INSERT INTO spent_lately(member, quarter, points) VALUES (?1, ?2, ?3) "
                                          "ON CONFLICT(member, quarter) DO UPDATE SET "
                                          "points = points + excluded.points"));
    return put.RunWith(member_, quarter, spent_);
  }

  /// What a basket had kept.
  base::Status Forget(const base::Uuid& sale) {
    EVERTILL_ASSIGN(auto kept, db_.Prepare("DELETE FROM reservation WHERE sale = ?1"));
    EVERTILL_TRY(kept.RunWith(crypto::ByteView(sale.bytes)));
    EVERTILL_ASSIGN(auto open, db_.Prepare("DELETE FROM reserve_open WHERE sale = ?1"));
    return open.RunWith(crypto::ByteView(sale.bytes));
  }

  base::Status Grants() {
    EVERTILL_ASSIGN(const json::object ext, ParseObject(event_.ext, "grants"));
    for (const auto& item : ArrayIn(ext, "grants")) {
      if (!item.is_object()) return base::Fail(StoreErrc::kBadStored, "a grant");
      EVERTILL_ASSIGN(const loyalty::Grant grant, loyalty::DecodeGrant(TextOf(item.get_object(), "bytes")));
      EVERTILL_ASSIGN(const int64_t member, EnsureMemberRow(db_, grant.member));
      EVERTILL_ASSIGN(auto held, db_.Prepare("INSERT INTO grant_held(id, member, not_after_ms) VALUES (?1, ?2, ?3) "
                                             "ON CONFLICT(id) DO UPDATE SET closed = 0"));
      EVERTILL_TRY(held.RunWith(grant.id, member, grant.not_after_ms));
      for (const auto& share : grant.lots) {
        EVERTILL_ASSIGN(auto put,
                        db_.Prepare("INSERT INTO right_lot(member, account, source, lot, left, active_ms, expires_ms) "
                                    "VALUES (?1, 'ESCROW', ?2, ?3, ?4, 0, ?5) "
                                    "ON CONFLICT(member, account, source, lot) DO UPDATE SET left = excluded.left"));
        EVERTILL_TRY(put.RunWith(member, grant.id, share.lot, share.points, share.expires_ms));
      }
    }
    return {};
  }

  base::Status Permits() {
    EVERTILL_ASSIGN(const json::object ext, ParseObject(event_.ext, "permits"));
    for (const auto& item : ArrayIn(ext, "permits")) {
      if (!item.is_object()) return base::Fail(StoreErrc::kBadStored, "a permit");
      EVERTILL_ASSIGN(const loyalty::Permit permit, loyalty::DecodePermit(TextOf(item.get_object(), "bytes")));
      EVERTILL_ASSIGN(const int64_t member, EnsureMemberRow(db_, permit.member));
      EVERTILL_ASSIGN(auto put, db_.Prepare("INSERT OR IGNORE INTO permit(id, member, cap, till_cap) "
                                            "VALUES (?1, ?2, ?3, ?4)"));
      EVERTILL_TRY(put.RunWith(permit.id, member, permit.cap, permit.till_cap));
    }
    return {};
  }

  base::Status Close(const char* list, std::string_view sql) {
    EVERTILL_ASSIGN(const json::object ext, ParseObject(event_.ext, list));
    for (const auto& id : ArrayIn(ext, list)) {
      if (!id.is_string()) return base::Fail(StoreErrc::kBadStored, list);
      EVERTILL_ASSIGN(auto close, db_.Prepare(sql));
      EVERTILL_TRY(close.RunWith(std::string(id.get_string())));
    }
    return {};
  }

  base::Status Reserve() {
    EVERTILL_ASSIGN(const json::object ext, ParseObject(event_.ext, "reserve"));
    EVERTILL_ASSIGN(const base::Uuid sale, IdIn(ext, "event"));
    EVERTILL_ASSIGN(auto put, db_.Prepare("INSERT OR REPLACE INTO reserve_open(sale, member, points) "
                                          "VALUES (?1, ?2, ?3)"));
    return put.RunWith(crypto::ByteView(sale.bytes), member_, IntegerOf(ext, "points"));
  }

  base::Status Abandon() {
    EVERTILL_ASSIGN(const json::object ext, ParseObject(event_.ext, "abandon"));
    EVERTILL_ASSIGN(const base::Uuid sale, IdIn(ext, "event"));
    return Forget(sale);
  }

  base::Status Refund() {
    EVERTILL_ASSIGN(const json::object ext, ParseObject(event_.ext, "refund"));
    EVERTILL_ASSIGN(const base::Uuid sale, IdIn(ext, "sale"));
    for (const auto& line : ArrayIn(ext, "lines")) {
      if (!line.is_object()) return base::Fail(StoreErrc::kBadStored, "a refunded line");
      EVERTILL_ASSIGN(auto add, db_.Prepare("INSERT INTO refund_line(sale, line, quantity_micro) VALUES (?1, ?2, ?3) "
                                            "ON CONFLICT(sale, line) DO UPDATE SET "
                                            "quantity_micro = quantity_micro + excluded.quantity_micro"));
      EVERTILL_TRY(add.RunWith(crypto::ByteView(sale.bytes), IntegerOf(line.get_object(), "line"),
                               IntegerOf(line.get_object(), "quantity_micro")));
    }
    return {};
  }

  base::Status CardCode() {
    EVERTILL_ASSIGN(const json::object ext, ParseObject(event_.ext, "card_code"));
    const auto serial = base::FromHex(TextOf(ext, "serial"));
    if (!serial) return base::Fail(StoreErrc::kBadStored, "serial");
    EVERTILL_ASSIGN(auto put, db_.Prepare("INSERT INTO card_step(serial, step) VALUES (?1, ?2) "
                                          "ON CONFLICT(serial) DO UPDATE SET step = max(step, excluded.step)"));
    return put.RunWith(crypto::AsBytes(*serial), IntegerOf(ext, "step"));
  }

  base::Status NewLife() {
    if (!safeguards_.On(Rule::kNewIncarnation)) return {};
    // What head office was asked to hold stays open here until it is committed or abandoned: a hold has no other end.
    EVERTILL_TRY(
        db_.Execute("DELETE FROM right_lot; DELETE FROM reservation; "
                    "UPDATE grant_held SET closed = 1 WHERE closed = 0; "
                    "UPDATE permit SET closed = 1 WHERE closed = 0"));
    return {};
  }

  [[nodiscard]] crypto::ByteView Own() const { return event_.id.Value().bytes; }

  sqlite::Connection& db_;
  const Event& event_;
  const int64_t place_;
  const LotTimes& times_;
  const loyalty::Safeguards& safeguards_;
  int64_t member_ = 0;
  int64_t stand_in_ = 0;
  int64_t spent_ = 0;
};

}  // namespace

int64_t QuarterOf(base::Instant at) {
  return std::chrono::floor<std::chrono::minutes>(at).time_since_epoch().count() / 15;
}

base::Status PostEvent(sqlite::Connection& db, const Event& event, int64_t place, const LotTimes& times,
                       const loyalty::Safeguards& safeguards) {
  return Poster(db, event, place, times, safeguards).Run();
}

}  // namespace evertill::store
