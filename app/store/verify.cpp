#include "app/store/verify.h"

#include <algorithm>
#include <map>
#include <optional>

#include "app/domain/sale_codec.h"
#include "app/sqlite/transaction.h"
#include "app/store/errors.h"
#include "app/store/identity.h"
#include "app/store/members.h"
#include "app/store/sale_log.h"
#include "app/store/verify_rights.h"

namespace evertill::store {
namespace {

tl::unexpected<base::Error> Broken(const std::string& where, const std::string& what) {
  return base::Fail(StoreErrc::kJournalBroken, where + ": " + what);
}

std::string EventName(int64_t seq) {
  return "event " + std::to_string(seq);
}

bool SameBytes(crypto::ByteView a, const base::Uuid& id) {
  return std::equal(a.begin(), a.end(), id.bytes.begin(), id.bytes.end());
}

/// Walks the tables of sales beside the journal: all stand in the order of their events.
class RowCheck {
 public:
  /// From the rows of events after `place` on.
  [[nodiscard]] static base::Expected<RowCheck> Start(sqlite::Connection& db, int64_t place) {
    EVERTILL_ASSIGN(auto gone, db.Prepare("SELECT coalesce(max(number), 0) FROM sale WHERE seq <= ?1"));
    EVERTILL_ASSIGN([[maybe_unused]] const bool any, gone.Bind(place).Step());
    const int64_t first_row = SaleRowKey(gone.Int(0) + 1, 0);
    EVERTILL_ASSIGN(
        auto sales,
        db.Prepare("SELECT number, seq, at_ms, cashier, shift, member, lines, subtotal, savings, tax, total, "
                   "rounding, change, points_earned, points_spent, training FROM sale WHERE seq > ?1 ORDER BY number"));
    EVERTILL_ASSIGN(auto lines, db.Prepare("SELECT id, barcode, sku, quantity_micro, unit_price, discount, total, "
                                           "tax_code, tax FROM sale_line WHERE id >= ?1 ORDER BY id"));
    EVERTILL_ASSIGN(auto tenders,
                    db.Prepare("SELECT id, kind, amount, given FROM sale_tender WHERE id >= ?1 ORDER BY id"));
    sales.Bind(place);
    lines.Bind(first_row);
    tenders.Bind(first_row);
    RowCheck check(db, std::move(sales), std::move(lines), std::move(tenders));
    check.begin_ = place;
    EVERTILL_ASSIGN(check.sale_there_, check.sales_.Step());
    EVERTILL_ASSIGN(check.line_there_, check.lines_.Step());
    EVERTILL_ASSIGN(check.tender_there_, check.tenders_.Step());
    return check;
  }

  [[nodiscard]] base::Status Event(const domain::Event& event, int64_t place) {
    terminal_ = event.terminal;
    place_ = place;
    std::optional<int64_t> member;
    if (event.core.member) {
      EVERTILL_ASSIGN(member, RowOf(*event.core.member));
      if (!member) return Broken(EventName(place_), "its member is not there");
    }
    if (event.core.kind == "sale" || event.core.kind == "refund") EVERTILL_TRY(Sale(event, member));
    return Ledger(event, member.value_or(0));
  }

  [[nodiscard]] base::Status End(int64_t head) {
    if (sale_there_) return StraySale(head);
    if (line_there_) return Broken(ReceiptName(lines_.Int(0) >> 10), "a line too many is there");
    if (tender_there_) return Broken(ReceiptName(tenders_.Int(0) >> 10), "a tender too many is there");
    EVERTILL_ASSIGN(auto count, db_.Prepare("SELECT count(*) FROM ledger WHERE seq > ?1"));
    EVERTILL_ASSIGN([[maybe_unused]] const bool row, count.Bind(begin_).Step());
    if (count.Int(0) == postings_) return {};
    return Broken("the points ledger", "it has " + std::to_string(count.Int(0)) + " rows, the journal moves points " +
                                           std::to_string(postings_) + " times");
  }

 private:
  RowCheck(sqlite::Connection& db, sqlite::Statement sales, sqlite::Statement lines, sqlite::Statement tenders)
      : db_(db), sales_(std::move(sales)), lines_(std::move(lines)), tenders_(std::move(tenders)) {}

  [[nodiscard]] std::string ReceiptName(int64_t number) const {
    return "receipt " + FormatReceipt(terminal_, number).Value();
  }

  base::Expected<std::optional<int64_t>> RowOf(const domain::MemberId& id) {
    const auto known = members_.find(id.Value().bytes);
    if (known != members_.end()) return std::optional(known->second);
    EVERTILL_ASSIGN(const auto row, MemberRow(db_, id));
    if (row) members_.emplace(id.Value().bytes, *row);
    return row;
  }

  [[nodiscard]] base::Status StraySale(int64_t head) const {
    const int64_t seq = sales_.Int(1);
    return Broken(ReceiptName(sales_.Int(0)),
                  seq > head ? "it is " + EventName(seq) + ", but the journal ends at " + EventName(head)
                             : EventName(seq) + " of the journal is not this sale");
  }

  base::Status Sale(const domain::Event& event, const std::optional<int64_t>& member) {
    EVERTILL_ASSIGN(const domain::Sale sale, domain::DecodeSale(event, {}));
    const std::string name = "receipt " + sale.receipt.Value() + " (" + EventName(place_) + ")";
    if (sale_there_ && sales_.Int(1) < place_) return StraySale(place_);
    if (!sale_there_ || sales_.Int(1) != place_) return Broken(name, "its sale row is not there");
    const int64_t number = sales_.Int(0);
    if (FormatReceipt(event.terminal, number) != sale.receipt) return Broken(name, "its sale row has another number");
    const std::pair<const char*, int64_t> figures[] = {{"time", base::ToUnixMillis(event.t_business)},
                                                       {"subtotal", sale.totals.subtotal.Minor()},
                                                       {"savings", sale.totals.savings.Minor()},
                                                       {"tax", sale.totals.tax.Minor()},
                                                       {"total", sale.totals.total.Minor()},
                                                       {"rounding", sale.totals.rounding.Minor()},
                                                       {"change", sale.change.Minor()},
                                                       {"points earned", sale.points.earned},
                                                       {"points spent", sale.points.spent},
                                                       {"training mark", sale.training ? 1 : 0},
                                                       {"number of lines", static_cast<int64_t>(sale.lines.size())}};
    constexpr int kColumns[] = {2, 7, 8, 9, 10, 11, 12, 13, 14, 15, 6};
    for (size_t i = 0; i < std::size(figures); ++i) {
      if (sales_.Int(kColumns[i]) == figures[i].second) continue;
      return Broken(name, std::string("the ") + figures[i].first + " of its sale row is " +
                              std::to_string(sales_.Int(kColumns[i])) + ", the journal says " +
                              std::to_string(figures[i].second));
    }
    if (!SameBytes(sales_.BlobView(3), sale.cashier.Value())) return Broken(name, "its sale row has another cashier");
    if (!SameBytes(sales_.BlobView(4), sale.shift.Value())) return Broken(name, "its sale row has another shift");
    if (sales_.OptionalInt(5) != member) return Broken(name, "its sale row has another member");
    EVERTILL_TRY(LinesAndTenders(sale, number, name));
    EVERTILL_ASSIGN(sale_there_, sales_.Step());
    return {};
  }

  base::Status LinesAndTenders(const domain::Sale& sale, int64_t number, const std::string& name) {
    for (const auto& line : sale.lines) {
      const bool same = line_there_ && lines_.Int(0) == SaleRowKey(number, line.number) &&
                        lines_.TextView(1) == line.barcode && lines_.TextView(2) == line.sku &&
                        lines_.Int(3) == line.quantity.Micro() && lines_.Int(4) == line.unit_price.Minor() &&
                        lines_.Int(5) == line.discount.Minor() && lines_.Int(6) == line.total.Minor() &&
                        lines_.TextView(7) == line.tax_rate.code && lines_.Int(8) == line.tax.Minor();
      if (!same)
        return Broken(name, "the row of line " + std::to_string(line.number) + " is not what the journal says");
      EVERTILL_ASSIGN(line_there_, lines_.Step());
    }
    int at = 0;
    for (const auto& tender : sale.tenders) {
      const bool same = tender_there_ && tenders_.Int(0) == SaleRowKey(number, ++at) &&
                        tenders_.TextView(1) == domain::TenderName(tender.kind) &&
                        tenders_.Int(2) == tender.amount.Minor() && tenders_.Int(3) == tender.given.Minor();
      if (!same) return Broken(name, "the row of its payment is not what the journal says");
      EVERTILL_ASSIGN(tender_there_, tenders_.Step());
    }
    return {};
  }

  base::Status Ledger(const domain::Event& event, int64_t member) {
    postings_ += static_cast<int64_t>(event.core.postings.size());
    if (event.core.postings.empty()) return {};
    EVERTILL_ASSIGN(auto rows, db_.Prepare("SELECT account, source, lot, amount FROM ledger "
                                           "WHERE member = ?1 AND seq = ?2 ORDER BY entry"));
    rows.Bind(member, place_);
    for (const auto& posting : event.core.postings) {
      EVERTILL_ASSIGN(const bool row, rows.Step());
      if (!row || rows.TextView(0) != posting.account || rows.TextView(1) != posting.source ||
          rows.TextView(2) != posting.lot || rows.Int(3) != posting.amount) {
        return Broken(EventName(place_), "its rows of the points ledger are not what the journal says");
      }
    }
    return {};
  }

  sqlite::Connection& db_;
  sqlite::Statement sales_, lines_, tenders_;
  bool sale_there_ = false;
  bool line_there_ = false;
  bool tender_there_ = false;
  int64_t postings_ = 0;
  int64_t begin_ = 0;
  int64_t place_ = 0;
  domain::Terminal terminal_;
  std::map<std::array<uint8_t, 16>, int64_t> members_;
};

/// Whatever knows of an event after the journal's last one: its end was cut off.
base::Status CheckEnd(sqlite::Connection& db, int64_t head, int64_t acked) {
  if (acked > head) {
    return Broken("the journal",
                  "it ends at " + EventName(head) + ", head office has acknowledged " + EventName(acked));
  }
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT 'the outbox', max(seq) FROM outbox "
                                         "UNION ALL SELECT 'a side text', max(seq) FROM journal_side "
                                         "UNION ALL SELECT 'a signature', max(seq) FROM journal_signature"));
  for (;;) {
    EVERTILL_ASSIGN(const bool row, query.Step());
    if (!row) break;
    if (query.Int(1) <= head) continue;
    return Broken("the journal",
                  "it ends at " + EventName(head) + ", " + query.Text(0) + " knows of " + EventName(query.Int(1)));
  }
  EVERTILL_ASSIGN(auto prints, db.Prepare("SELECT max(number) FROM (SELECT max(number) AS number FROM print_job "
                                          "UNION ALL SELECT max(number) FROM print_done)"));
  EVERTILL_ASSIGN([[maybe_unused]] const bool printed, prints.Step());
  EVERTILL_ASSIGN(auto sales, db.Prepare("SELECT max(number) FROM sale"));
  EVERTILL_ASSIGN([[maybe_unused]] const bool sold, sales.Step());
  if (prints.Int(0) <= sales.Int(0)) return {};
  return Broken("the journal", "receipt " + std::to_string(prints.Int(0)) + " was printed and is not there");
}

base::Status CheckSignatures(const JournalReport& report, int64_t up_to_acked, int64_t acked, int64_t counted) {
  if (acked > report.last_signed_seq) {
    return Broken("signatures", "the last is of " + EventName(report.last_signed_seq) +
                                    ", head office has signed ones up to " + EventName(acked) + ": they were removed");
  }
  if (up_to_acked >= counted) return {};
  return Broken("signatures",
                std::to_string(counted - up_to_acked) + " of those up to " + EventName(acked) + " were removed");
}

}  // namespace

base::Expected<JournalReport> VerifyTill(sqlite::Connection& db, const Keys& keys) {
  EVERTILL_ASSIGN([[maybe_unused]] const auto moment,
                  sqlite::Transaction::Begin(db, sqlite::TransactionKind::kDeferred));
  EVERTILL_ASSIGN(const int64_t acked, GetMetaNumber(db, "acked_seq"));
  EVERTILL_ASSIGN(const int64_t counted, GetMetaNumber(db, "acked_signatures"));
  int64_t signatures = 0;
  RightsReplay rights;
  EVERTILL_ASSIGN(const auto checkpoint, LoadCheckpoint(db, keys));
  EVERTILL_TRY(rights.Load(checkpoint.state));
  EVERTILL_ASSIGN(auto rows, RowCheck::Start(db, checkpoint.place));
  EVERTILL_ASSIGN(const JournalReport report,
                  VerifyChain(db, keys, checkpoint, 0,
                              [&](const JournalRecord& record, const domain::Event& event) -> base::Status {
                                signatures += !record.signature.empty() && record.seq <= acked ? 1 : 0;
                                EVERTILL_TRY(rights.Add(event, record.seq));
                                return rows.Event(event, record.seq);
                              }));
  EVERTILL_TRY(rows.End(report.events));
  EVERTILL_TRY(rights.Compare(db));
  EVERTILL_TRY(CheckEnd(db, report.events, acked));
  EVERTILL_TRY(CheckSignatures(report, signatures, acked, counted));
  return report;
}

}  // namespace evertill::store
