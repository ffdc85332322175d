#include "app/store/verify_rights.h"

#include <algorithm>
#include <vector>

#include "app/loyalty/grant.h"
#include "app/loyalty/ledger.h"
#include "app/store/errors.h"
#include "app/store/json_text.h"
#include "app/store/rights_postings.h"

namespace evertill::store {
namespace {

namespace json = boost::json;
using domain::Event;

tl::unexpected<base::Error> Broken(const std::string& what) {
  return base::Fail(StoreErrc::kJournalBroken, what);
}

std::string MemberOf(const Event& event) {
  return event.core.member ? event.core.member->ToString() : std::string();
}

const json::array& ArrayIn(const json::object& object, const char* key) {
  static const json::array kNone;
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

std::vector<std::string> IdsIn(const json::object& object, const char* key) {
  std::vector<std::string> ids;
  for (const auto& id : ArrayIn(object, key)) {
    if (id.is_string()) ids.emplace_back(id.get_string());
  }
  return ids;
}

std::string HexOf(const std::string& uuid) {
  std::string hex = uuid;
  std::erase(hex, '-');
  return hex;
}

std::string Join(std::initializer_list<std::string> parts) {
  std::string all;
  for (const auto& part : parts) all += part + "|";
  return all;
}
std::string Say(int64_t number) {
  return std::to_string(number);
}

/// Each row of `sql` as one text, in the order of the bytes.
base::Expected<std::vector<std::string>> RowsOf(sqlite::Connection& db, std::string_view sql) {
  EVERTILL_ASSIGN(auto query, db.Prepare(sql));
  std::vector<std::string> rows;
  for (;;) {
    EVERTILL_ASSIGN(const bool more, query.Step());
    if (!more) break;
    std::string row;
    for (int i = 0; i < query.ColumnCount(); ++i) row += query.Text(i) + "|";
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

base::Status Same(sqlite::Connection& db, const char* what, std::string_view sql, std::vector<std::string> expected) {
  std::sort(expected.begin(), expected.end());
  EVERTILL_ASSIGN(const auto rows, RowsOf(db, sql));
  const auto [there, said] = std::mismatch(rows.begin(), rows.end(), expected.begin(), expected.end());
  if (there == rows.end() && said == expected.end()) return {};
  return Broken(std::string(what) + ": there is " + (there == rows.end() ? "nothing" : *there) + ", the journal says " +
                (said == expected.end() ? "nothing" : *said));
}

}  // namespace

void RightsReplay::Move(const LotKey& key, int64_t amount) {
  const auto lot = lots_.try_emplace(key).first;
  lot->second.left += amount;
  if (lot->second.left == 0) lots_.erase(lot);
}

void RightsReplay::Post(const Event& event, const domain::Posting& posting, int64_t place) {
  const std::string member = MemberOf(event);
  if (posting.account == loyalty::kLocal) {
    Move({posting.account, posting.source, posting.lot, member}, posting.amount);
  }
  if (posting.account == loyalty::kEscrow && posting.amount < 0) {
    const auto grant = grants_.find(posting.source);
    const std::string& owner = grant == grants_.end() ? member : grant->second.member;
    Move({posting.account, posting.source, posting.lot, owner}, posting.amount);
  }
  if (posting.account == loyalty::kAvail && posting.source == loyalty::kStandInSource && posting.amount < 0) {
    auto& used = stand_in_[place];
    used.first = member;
    used.second -= posting.amount;
  }
  if (posting.account == loyalty::kRedeemed && event.core.kind == "sale" && posting.amount != 0 && event.core.member) {
    const int64_t quarter = QuarterOf(event.t_business);
    auto& quarters = spent_[member];
    quarters[quarter] += posting.amount;
    quarters.erase(quarters.begin(), quarters.lower_bound(quarter - kQuartersKept));
  }
}

base::Status RightsReplay::Add(const Event& event, int64_t place) {
  const std::string& kind = event.core.kind;
  if (kind == "sale" && loyalty::MemberDelta(event.core.postings) != 0) {
    EVERTILL_ASSIGN(const json::object ext, ParseObject(event.ext, "sale"));
    const auto* points = ext.if_contains("points");
    for (const auto& posting : event.core.postings) {
      if (posting.account != loyalty::kLocal || posting.amount <= 0 || points == nullptr || !points->is_object())
        continue;
      auto& lot = lots_[{posting.account, posting.source, posting.lot, MemberOf(event)}];
      if (lot.left != 0) continue;
      lot.active_ms = IntegerOf(points->get_object(), "active_ms");
      lot.expires_ms = IntegerOf(points->get_object(), "expires_ms");
    }
  }
  for (const auto& posting : event.core.postings) Post(event, posting, place);
  if (kind == "sale" && event.core.member) asked_.erase(event.id.ToString());
  if (kind == "grants_accepted") return Grants(event);
  if (kind == "permits_accepted") return Permits(event);
  if (kind == "refund") return Refund(event);
  if (kind == "life") Drop();
  return Other(event);
}

base::Status RightsReplay::Grants(const Event& event) {
  EVERTILL_ASSIGN(const json::object ext, ParseObject(event.ext, "grants"));
  for (const auto& item : ArrayIn(ext, "grants")) {
    if (!item.is_object()) return Broken("a grant that is none");
    EVERTILL_ASSIGN(const auto grant, loyalty::DecodeGrant(TextOf(item.get_object(), "bytes")));
    const std::string member = grant.member.ToString();
    grants_[grant.id] = {member, grant.not_after_ms, false};
    for (const auto& share : grant.lots) {
      lots_[{std::string(loyalty::kEscrow), grant.id, share.lot, member}] = {share.points, 0, share.expires_ms};
    }
  }
  return {};
}

base::Status RightsReplay::Permits(const Event& event) {
  EVERTILL_ASSIGN(const json::object ext, ParseObject(event.ext, "permits"));
  for (const auto& item : ArrayIn(ext, "permits")) {
    if (!item.is_object()) return Broken("a permit that is none");
    EVERTILL_ASSIGN(const auto permit, loyalty::DecodePermit(TextOf(item.get_object(), "bytes")));
    permits_.emplace(permit.id, Permit{permit.member.ToString(), permit.cap, permit.till_cap, false});
  }
  return {};
}

base::Status RightsReplay::Refund(const Event& event) {
  EVERTILL_ASSIGN(const json::object ext, ParseObject(event.ext, "refund"));
  for (const auto& line : ArrayIn(ext, "lines")) {
    if (!line.is_object()) return Broken("a refunded line that is none");
    refunded_[{HexOf(TextOf(ext, "sale")), IntegerOf(line.get_object(), "line")}] +=
        IntegerOf(line.get_object(), "quantity_micro");
  }
  return {};
}

base::Status RightsReplay::Other(const Event& event) {
  const std::string& kind = event.core.kind;
  if (kind != "return" && kind != "permit_returned" && kind != "reserve" && kind != "abandon" && kind != "card_code") {
    return {};
  }
  EVERTILL_ASSIGN(const json::object ext, ParseObject(event.ext, kind.c_str()));
  if (kind == "return") {
    for (const auto& id : IdsIn(ext, "grants")) {
      const auto found = grants_.find(id);
      if (found != grants_.end()) found->second.closed = true;
    }
  } else if (kind == "permit_returned") {
    for (const auto& id : IdsIn(ext, "permits")) {
      const auto found = permits_.find(id);
      if (found != permits_.end()) found->second.closed = true;
    }
  } else if (kind == "reserve") {
    asked_[TextOf(ext, "event")] = {MemberOf(event), IntegerOf(ext, "points")};
  } else if (kind == "abandon") {
    asked_.erase(TextOf(ext, "event"));
  } else {
    auto& step = steps_[TextOf(ext, "serial")];
    step = std::max(step, IntegerOf(ext, "step"));
  }
  return {};
}

void RightsReplay::Drop() {
  lots_.clear();
  for (auto& [id, grant] : grants_) grant.closed = true;
  for (auto& [id, permit] : permits_) permit.closed = true;
}

base::Status RightsReplay::Compare(sqlite::Connection& db) const {
  std::vector<std::string> rows;
  for (const auto& [key, lot] : lots_) {
    const auto& [account, source, name, member] = key;
    rows.push_back(
        Join({HexOf(member), account, source, name, Say(lot.left), Say(lot.active_ms), Say(lot.expires_ms)}));
  }
  EVERTILL_TRY(Same(db, "the rights to spend points",
                    "SELECT lower(hex(m.id)), r.account, r.source, r.lot, r.left, r.active_ms, r.expires_ms "
                    "FROM right_lot r LEFT JOIN member m ON m.row = r.member",
                    std::move(rows)));
  rows = {};
  for (const auto& [id, grant] : grants_) {
    rows.push_back(Join({id, HexOf(grant.member), Say(grant.not_after_ms), Say(grant.closed ? 1 : 0)}));
  }
  EVERTILL_TRY(Same(db, "the grants accepted",
                    "SELECT g.id, lower(hex(m.id)), g.not_after_ms, g.closed FROM grant_held g "
                    "LEFT JOIN member m ON m.row = g.member",
                    std::move(rows)));
  rows = {};
  for (const auto& [id, permit] : permits_) {
    rows.push_back(Join({id, HexOf(permit.member), Say(permit.cap), Say(permit.till_cap), Say(permit.closed ? 1 : 0)}));
  }
  EVERTILL_TRY(Same(db, "the permits accepted",
                    "SELECT p.id, lower(hex(m.id)), p.cap, p.till_cap, p.closed FROM permit p "
                    "LEFT JOIN member m ON m.row = p.member",
                    std::move(rows)));
  rows = {};
  for (const auto& [place, used] : stand_in_) rows.push_back(Join({Say(place), HexOf(used.first), Say(used.second)}));
  EVERTILL_TRY(Same(db, "points spent past the rights",
                    "SELECT s.seq, lower(hex(m.id)), s.amount FROM stand_in s LEFT JOIN member m ON m.row = s.member",
                    std::move(rows)));
  rows = {};
  for (const auto& [member, quarters] : spent_) {
    for (const auto& [quarter, points] : quarters) rows.push_back(Join({HexOf(member), Say(quarter), Say(points)}));
  }
  EVERTILL_TRY(Same(db, "points spent in a day",
                    "SELECT lower(hex(m.id)), s.quarter, s.points FROM spent_lately s LEFT JOIN member m ON m.row = "
                    "s.member",
                    std::move(rows)));
  rows = {};
  for (const auto& [key, micro] : refunded_) rows.push_back(Join({key.first, Say(key.second), Say(micro)}));
  EVERTILL_TRY(Same(db, "what was taken back", "SELECT lower(hex(sale)), line, quantity_micro FROM refund_line",
                    std::move(rows)));
  rows = {};
  for (const auto& [sale, ask] : asked_) rows.push_back(Join({HexOf(sale), HexOf(ask.first), Say(ask.second)}));
  EVERTILL_TRY(Same(db, "points asked for",
                    "SELECT lower(hex(r.sale)), lower(hex(m.id)), r.points FROM reserve_open r "
                    "LEFT JOIN member m ON m.row = r.member",
                    std::move(rows)));
  rows = {};
  for (const auto& [serial, step] : steps_) rows.push_back(Join({serial, Say(step)}));
  return Same(db, "time codes used up", "SELECT lower(hex(serial)), step FROM card_step", std::move(rows));
}

}  // namespace evertill::store
