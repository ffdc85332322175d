#include "sync/server/office_periods.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "app/base/uuid.h"
#include "app/crypto/bytes.h"
#include "app/loyalty/ledger.h"
#include "app/loyalty/programme.h"
#include "sync/server/errors.h"
#include "sync/server/settle.h"

namespace evertill::server {

namespace {

constexpr std::string_view kClosedUntil = "closed_until_ms";
/// A till that head office heard of so long after a period's end has sent what it did in it: each round sends all.
constexpr std::chrono::hours kHeardOf{1};
constexpr int64_t kAtATime = 1000;

std::optional<int> Number(std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) return std::nullopt;
  return value;
}

/// Up to when head office knows what this life did.
base::Expected<base::Instant> Watermark(Store& store, const TerminalRow& life) {
  if (life.head_seq == 0) return life.last_seen - kHeardOf;
  EVERTILL_ASSIGN(const auto node, store.FindNode(life.terminal, life.incarnation, life.head_seq, life.head_hash));
  if (!node) return life.last_seen - kHeardOf;
  LogQuery query{.after = node->commit_seq - 1, .limit = 1, .store = life.store, .till = life.till};
  EVERTILL_ASSIGN(const auto rows, store.Log(query));
  if (rows.empty()) return life.last_seen - kHeardOf;
  return std::max(rows.front().t_business, life.last_seen - kHeardOf);
}

/// The newest life of each till, unless it is fenced.
base::Expected<std::vector<TerminalRow>> LivingTills(Store& store) {
  EVERTILL_ASSIGN(const auto terminals, store.Terminals());
  std::map<std::string, TerminalRow> newest;
  for (const TerminalRow& life : terminals) newest.insert_or_assign(life.terminal, life);
  std::vector<TerminalRow> living;
  for (auto& [name, life] : newest) {
    if (life.fenced.empty()) living.push_back(std::move(life));
  }
  return living;
}

std::string Join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// CLOSE itself: about nobody, with how far each chain had come.
base::Status AppendClose(Store& store, const DeskParts& desk, base::Instant until) {
  EVERTILL_ASSIGN(const auto terminals, store.Terminals());
  boost::json::array heads;
  for (const TerminalRow& life : terminals) {
    heads.push_back({{"terminal", life.terminal},
                     {"incarnation", life.incarnation},
                     {"seq", life.head_seq},
                     {"hash", base::ToHex(crypto::AsBytes(life.head_hash))}});
  }
  const boost::json::object ext{{"until", base::ToUnixMillis(until)}, {"heads", std::move(heads)}};
  EVERTILL_TRY(Act(store, desk, {"close", "", {}, ToText(ext)}, "until " + base::FormatUtc(until)));
  return store.SetMeta(kClosedUntil, std::to_string(base::ToUnixMillis(until)));
}

/// A lot whose sale has not been told yet is below zero only until it is: a refund was faster. Other lots must not pay
/// for it, or it would be worth more than was earned once the sale comes.
base::Expected<bool> MayCover(Store& store, const loyalty::AvailableLot& lot) {
  if (lot.points >= 0 || lot.lot.empty()) return true;
  EVERTILL_ASSIGN(const auto row, store.FindLot(lot.lot));
  return row.has_value();
}

/// Lots below zero (stand-in, clawbacks, what covered a grant) are made up from lots above zero, for each member.
base::Expected<int64_t> CoverLots(Store& store, const DeskParts& desk, const std::string& ext) {
  int64_t covered = 0;
  EVERTILL_ASSIGN(const auto members, store.MembersWithLotsBelowZero());
  for (const std::string& member : members) {
    EVERTILL_ASSIGN(const auto lots, store.AvailLots(member));
    std::vector<loyalty::AvailableLot> told;
    for (const loyalty::AvailableLot& lot : lots) {
      EVERTILL_ASSIGN(const bool known, MayCover(store, lot));
      if (known) told.push_back(lot);
    }
    std::vector<domain::Posting> postings;
    for (const loyalty::LotMove& move : loyalty::CoverNegativeLots(std::move(told))) {
      postings.push_back(Avail(move.lot, move.points));
      covered += std::max<int64_t>(move.points, 0);
    }
    if (postings.empty()) continue;
    EVERTILL_TRY(AppendOwn(store, desk, {"close", member, std::move(postings), ext}));
  }
  return covered;
}

base::Expected<int64_t> ExpireLots(Store& store, const DeskParts& desk, base::Instant until, const std::string& ext) {
  int64_t expired = 0;
  std::map<std::string, std::vector<SumRow>> by_member;
  EVERTILL_ASSIGN(const auto rows, store.LotsToExpire(until, INT64_MAX));
  for (const SumRow& row : rows) by_member[row.member].push_back(row);
  for (const auto& [member, lots] : by_member) {
    EVERTILL_ASSIGN(const auto avail, store.AvailLots(member));
    int64_t whole = 0;
    for (const loyalty::AvailableLot& lot : avail) whole += lot.points;
    std::vector<domain::Posting> postings;
    for (const SumRow& row : lots) {
      const int64_t points = std::min(row.amount, std::max<int64_t>(whole, 0));
      if (points <= 0) continue;
      whole -= points;
      postings.push_back(Avail(row.lot, -points));
    }
    const int64_t points = -SumOf(postings);
    if (points == 0) continue;
    expired += points;
    postings.push_back({std::string(loyalty::kExpired), "", "", points});
    EVERTILL_TRY(AppendOwn(store, desk, {"expire", member, std::move(postings), ext}));
  }
  return expired;
}

}  // namespace

base::Expected<int64_t> Tend(Store& store, const DeskParts& desk, int64_t limit) {
  return ActivateDue(store, desk, limit);
}

base::Expected<base::Instant> ParsePeriodEnd(std::string_view text) {
  const auto bad = [&] {
    return base::Fail(ServerErrc::kBadArgument,
                      std::string(text.substr(0, 40)) + ": expected a day as 2026-11-22, or 2026-11-22T03:15:00Z");
  };
  const bool moment = text.size() == 20 && text[10] == 'T' && text[13] == ':' && text[16] == ':' && text[19] == 'Z';
  if ((text.size() != 10 && !moment) || text[4] != '-' || text[7] != '-') return bad();
  const auto year = Number(text.substr(0, 4), 2000, 9999);
  const auto month = Number(text.substr(5, 2), 1, 12);
  const auto day = Number(text.substr(8, 2), 1, 31);
  if (!year || !month || !day) return bad();
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return bad();
  const base::Instant start = std::chrono::sys_days(date);
  if (!moment) return start + std::chrono::days(1);
  const auto hour = Number(text.substr(11, 2), 0, 23);
  const auto minute = Number(text.substr(14, 2), 0, 59);
  const auto second = Number(text.substr(17, 2), 0, 59);
  if (!hour || !minute || !second) return bad();
  return start + std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

base::Expected<ClosedPeriod> ClosePeriod(Store& store, const DeskParts& desk, base::Instant until,
                                         bool force_after_grace) {
  const base::Instant now = desk.clock.Now();
  if (until > now) return base::Fail(ServerErrc::kBadArgument, base::FormatUtc(until) + " has not come yet");
  EVERTILL_ASSIGN(const auto closed, store.Meta(kClosedUntil));
  if (closed && base::ToUnixMillis(until) <= std::atoll(closed->c_str())) {
    return base::Fail(ServerErrc::kBadArgument,
                      "closed already, until " + base::FormatUtc(base::FromUnixMillis(std::atoll(closed->c_str()))));
  }
  ClosedPeriod period;
  EVERTILL_ASSIGN(const auto living, LivingTills(store));
  for (const TerminalRow& life : living) {
    EVERTILL_ASSIGN(const base::Instant known, Watermark(store, life));
    if (known < until) period.behind.push_back(life.terminal);
  }
  if (!period.behind.empty() && now < until + kCloseGrace) {
    return base::Fail(ServerErrc::kBadArgument, "these tills have not told everything yet: " + Join(period.behind) +
                                                    "; the grace ends " + base::FormatUtc(until + kCloseGrace));
  }
  if (!period.behind.empty() && !force_after_grace) {
    return base::Fail(ServerErrc::kBadArgument, "these tills have not told everything yet: " + Join(period.behind) +
                                                    "; the grace is over: --force-after-grace goes on without them");
  }
  EVERTILL_TRY(AppendClose(store, desk, until));
  for (;;) {
    EVERTILL_ASSIGN(const int64_t lots, Tend(store, desk, kAtATime));
    period.activated += lots;
    if (lots < kAtATime) break;
  }
  const std::string ext = ToText({{"until", base::ToUnixMillis(until)}});
  EVERTILL_ASSIGN(period.covered, CoverLots(store, desk, ext));
  EVERTILL_ASSIGN(period.expired, ExpireLots(store, desk, until, ext));
  return period;
}

base::Expected<std::string> ProgrammeText(Store& store, std::string_view currency) {
  EVERTILL_ASSIGN(const domain::Currency known, domain::Currency::Find(currency));
  EVERTILL_ASSIGN(auto text, store.Meta("programme:" + std::string(currency)));
  if (text) return *std::move(text);
  return loyalty::FormatProgramme(loyalty::DefaultProgramme(known));
}

base::Expected<std::string> SetProgrammeText(Store& store, const DeskParts& desk, std::string_view json,
                                             std::string_view currency) {
  EVERTILL_ASSIGN(const domain::Currency known, domain::Currency::Find(currency));
  EVERTILL_ASSIGN(const loyalty::Programme programme, loyalty::ParseProgramme(json, known));
  EVERTILL_ASSIGN(const std::string before, ProgrammeText(store, currency));
  EVERTILL_ASSIGN(const loyalty::Programme now, loyalty::ParseProgramme(before, known));
  EVERTILL_ASSIGN(const auto set, store.Meta("programme:" + std::string(currency)));
  if (set && programme.version <= now.version) {
    return base::Fail(ServerErrc::kBadArgument, "version " + std::to_string(programme.version) +
                                                    " is not above the one in force, " + std::to_string(now.version));
  }
  std::string text = loyalty::FormatProgramme(programme);
  EVERTILL_TRY(store.SetProgramme(currency, text));
  const boost::json::object ext{{"currency", currency}, {"version", programme.version}};
  EVERTILL_TRY(Act(store, desk, {"programme", "", {}, ToText(ext)},
                   std::string(currency) + " version " + std::to_string(programme.version)));
  return text;
}

}  // namespace evertill::server
