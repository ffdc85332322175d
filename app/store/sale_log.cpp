#include "app/store/sale_log.h"

#include <algorithm>

#include "app/domain/errors.h"
#include "app/domain/sale_codec.h"
#include "app/loyalty/ledger.h"
#include "app/store/errors.h"
#include "app/store/identity.h"
#include "app/store/journal.h"
#include "app/store/lives.h"
#include "app/store/members.h"
#include "app/store/prune.h"

namespace evertill::store {
namespace {

using checkout::EventDraft;
using checkout::ShiftRecord;
using domain::Sale;

crypto::ByteView Id(const base::Uuid& id) {
  return id.bytes;
}

base::Uuid ReadUuid(crypto::ByteView bytes) {
  base::Uuid id;
  if (bytes.size() == id.bytes.size()) std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

base::Status InsertSaleRow(sqlite::Connection& db, const Sale& sale, int64_t number, int64_t place,
                           std::optional<int64_t> member) {
  EVERTILL_ASSIGN(
      auto insert,
      db.Prepare("INSERT INTO sale(number, seq, at_ms, cashier, shift, member, lines, subtotal, savings, tax, "
                 "total, rounding, change, points_earned, points_spent, training) "
                 "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)"));
  return insert.RunWith(number, place, base::ToUnixMillis(sale.at), Id(sale.cashier.Value()), Id(sale.shift.Value()),
                        member, sale.lines.size(), sale.totals.subtotal.Minor(), sale.totals.savings.Minor(),
                        sale.totals.tax.Minor(), sale.totals.total.Minor(), sale.totals.rounding.Minor(),
                        sale.change.Minor(), sale.points.earned, sale.points.spent, sale.training);
}

/// Lines, and tenders, of one sale.
constexpr size_t kMostRows = 1023;

base::Status InsertLinesAndTenders(sqlite::Connection& db, const Sale& sale, int64_t number) {
  EVERTILL_ASSIGN(auto line_insert,
                  db.Prepare("INSERT INTO sale_line(id, barcode, sku, quantity_micro, unit_price, discount, "
                             "total, tax_code, tax) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)"));
  for (const auto& line : sale.lines) {
    EVERTILL_TRY(line_insert.RunWith(SaleRowKey(number, line.number), line.barcode, line.sku, line.quantity.Micro(),
                                     line.unit_price.Minor(), line.discount.Minor(), line.total.Minor(),
                                     line.tax_rate.code, line.tax.Minor()));
  }
  EVERTILL_ASSIGN(auto tender_insert,
                  db.Prepare("INSERT INTO sale_tender(id, kind, amount, given) VALUES (?1,?2,?3,?4)"));
  int tender_number = 0;
  for (const auto& tender : sale.tenders) {
    EVERTILL_TRY(tender_insert.RunWith(SaleRowKey(number, ++tender_number), domain::TenderName(tender.kind),
                                       tender.amount.Minor(), tender.given.Minor()));
  }
  return {};
}

base::Expected<std::optional<int64_t>> RowFor(sqlite::Connection& db, const std::optional<domain::MemberId>& member) {
  if (!member) return std::optional<int64_t>();
  EVERTILL_ASSIGN(const int64_t row, EnsureMemberRow(db, *member));
  return std::optional(row);
}

base::Expected<int64_t> NextNumber(sqlite::Connection& db) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT max(number) FROM sale"));
  EVERTILL_ASSIGN(const bool row, query.Step());
  return row ? query.Int(0) + 1 : 1;
}

/// Whether the event is the newest of the journal on the disk: where a commit that reported an error would have put it.
base::Expected<bool> IsNewest(sqlite::Connection& db, const domain::EventId& id) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT event_id FROM journal ORDER BY seq DESC LIMIT 1"));
  EVERTILL_ASSIGN(const bool row, query.Step());
  return row && ReadUuid(query.BlobView(0)) == id.Value();
}

/// The lots' times count from the time of business, which only the commit knows.
LotTimes MoveTimes(Sale& sale, base::Instant t_business) {
  if (sale.points.active_ms != 0 && sale.at != base::Instant{}) {
    const int64_t later = (t_business - sale.at).count();
    sale.points.active_ms += later;
    if (sale.points.expires_ms != 0) sale.points.expires_ms += later;
  }
  return {sale.points.active_ms, sale.points.expires_ms};
}

}  // namespace

int64_t SaleRowKey(int64_t sale, int number) {
  return sale * 1024 + number;
}

base::Expected<std::unique_ptr<SaleTable>> SaleTable::Open(Database& database, domain::Currency currency) {
  return std::unique_ptr<SaleTable>(new SaleTable(database, currency));
}

base::Expected<Sale> SaleTable::CommitSale(Sale sale, std::vector<domain::Posting> postings, int64_t rules_version,
                                           bool wants_receipt) {
  domain::LedgerCore core{std::string(domain::SaleKind(sale)),
                          sale.member ? std::optional(sale.member->id) : std::optional<domain::MemberId>(),
                          std::move(postings)};
  EVERTILL_TRY(loyalty::CheckPostings(core));
  if (sale.lines.size() > kMostRows || sale.tenders.size() > kMostRows) {
    return base::Fail(domain::DomainErrc::kBasketFull);
  }
  const std::string side = domain::EncodeSaleSide(sale);
  bool already = false;
  const auto work = [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(already, database_.HasEvent(change, sale.id));  // asked again after an unknown outcome
    if (already) return {};
    EVERTILL_ASSIGN(const int64_t number, NextNumber(change.db));
    sale.terminal = change.terminal;
    sale.receipt = FormatReceipt(change.terminal, number);
    domain::Event event;
    event.id = sale.id;
    event.rules_version = rules_version;
    event.core = core;
    database_.StampTime(change, event);
    const LotTimes times = MoveTimes(sale, event.t_business);
    event.ext = domain::EncodeSaleExt(sale);
    EVERTILL_TRY(database_.AppendEvent(change, event, side, times));
    sale.seq = event.seq;
    sale.at = event.t_business;
    EVERTILL_ASSIGN(const auto member, RowFor(change.db, core.member));
    EVERTILL_TRY(InsertSaleRow(change.db, sale, number, change.head.seq, member));
    EVERTILL_TRY(InsertLinesAndTenders(change.db, sale, number));
    if (!wants_receipt) return {};
    EVERTILL_ASSIGN(auto job, change.db.Prepare("INSERT INTO print_job(number, state) VALUES (?1, 'queued')"));
    return job.Bind(number).Run();
  };
  const auto landed = [&](sqlite::Connection& db) { return IsNewest(db, sale.id); };
  EVERTILL_TRY(database_.Write(Durability::kPowerCut, work, landed));
  if (!already) return sale;
  EVERTILL_ASSIGN(auto stored, LastSale());
  if (!stored || stored->id != sale.id) return base::Fail(StoreErrc::kBadStored, "the last sale");
  return std::move(*stored);
}

base::Status SaleTable::WriteEvent(const EventDraft& draft,
                                   const std::function<base::Status(Database::Change&)>& with) {
  EVERTILL_TRY(loyalty::CheckPostings(draft.core));
  const auto work = [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(const bool already, database_.HasEvent(change, draft.id));
    if (already) return {};
    domain::Event event;
    event.id = draft.id;
    event.core = draft.core;
    event.ext = draft.ext;
    if (with) EVERTILL_TRY(with(change));
    return database_.AppendEvent(change, event, draft.side);
  };
  const auto landed = [&](sqlite::Connection& db) { return IsNewest(db, draft.id); };
  return database_.Write(Durability::kPowerCut, work, landed);
}

base::Status SaleTable::CommitEvent(const EventDraft& event) {
  return WriteEvent(event, {});
}

base::Status SaleTable::CommitEnrolment(const checkout::MemberRecord& member, const EventDraft& event) {
  return WriteEvent(event, [&](Database::Change& change) -> base::Status {
    EVERTILL_TRY(CheckFree(change.db, database_.GetKeys(), member));
    return PutMember(change.db, database_.GetKeys(), database_.GetRandom(), member);
  });
}

base::Status SaleTable::CommitShiftOpen(const ShiftRecord& shift, const EventDraft& event) {
  return WriteEvent(event, [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(auto insert, change.db.Prepare("INSERT INTO shift(id, opened_by, opening_float, opened_ms) "
                                                   "VALUES (?1, ?2, ?3, ?4)"));
    return insert
        .Bind(Id(shift.id.Value()), Id(shift.opened_by.Value()), shift.opening_float.Minor(),
              base::ToUnixMillis(shift.opened_at))
        .Run();
  });
}

base::Expected<std::optional<ShiftRecord>> SaleTable::OpenShift() {
  return database_.Read(Reader::kCounter, [&](sqlite::Connection& db) -> base::Expected<std::optional<ShiftRecord>> {
    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT id, opened_by, opening_float, opened_ms FROM shift "
                                           "WHERE closed_ms IS NULL ORDER BY number DESC LIMIT 1"));
    EVERTILL_ASSIGN(const bool row, query.Step());
    if (!row) return std::optional<ShiftRecord>();
    return std::optional(ShiftRecord{domain::ShiftId(ReadUuid(query.BlobView(0))),
                                     domain::CashierId(ReadUuid(query.BlobView(1))),
                                     domain::Money(query.Int(2), currency_), base::FromUnixMillis(query.Int(3))});
  });
}

base::Expected<std::optional<Sale>> SaleTable::Load(std::optional<int64_t> number) {
  return database_.Read(Reader::kCounter, [&](sqlite::Connection& db) -> base::Expected<std::optional<Sale>> {
    // Two statements rather than one with a condition, so that both walk straight to their row.
    EVERTILL_ASSIGN(auto query, db.Prepare(number ? "SELECT seq FROM sale WHERE number = ?1"
                                                  : "SELECT seq FROM sale ORDER BY number DESC LIMIT 1"));
    if (number) query.Bind(*number);
    EVERTILL_ASSIGN(const bool row, query.Step());
    if (!row) return std::optional<Sale>();
    EVERTILL_ASSIGN(const int64_t removed, CheckpointPlace(db));
    if (query.Int(0) <= removed) return std::optional<Sale>();  // head office has it
    EVERTILL_ASSIGN(const auto record, LoadRecord(db, database_.GetKeys(), query.Int(0)));
    EVERTILL_ASSIGN(const domain::Event event, domain::DecodeEvent(record.body));
    EVERTILL_ASSIGN(Sale sale, domain::DecodeSale(event, record.side));
    if (sale.member) {
      EVERTILL_ASSIGN(const auto member, LoadMember(db, database_.GetKeys(), sale.member->id));
      if (member) {
        sale.member->name = member->name;
        sale.member->card_tail = member->card.size() > 4 ? member->card.substr(member->card.size() - 4) : member->card;
      }
    }
    return std::optional(std::move(sale));
  });
}

base::Expected<std::optional<Sale>> SaleTable::FindSale(const domain::ReceiptNumber& receipt) {
  const auto terminal = database_.Terminal();
  EVERTILL_ASSIGN(const auto number, database_.Read(Reader::kCounter, [&](sqlite::Connection& db) {
    return ReceiptCounter(db, terminal, receipt.Value());
  }));
  if (!number) return std::optional<Sale>();
  return Load(number);
}

base::Expected<std::optional<Sale>> SaleTable::LastSale() {
  return Load(std::nullopt);
}

base::Expected<domain::ReceiptNumber> SaleTable::NextReceipt() {
  EVERTILL_ASSIGN(const int64_t number, database_.Read(Reader::kCounter, NextNumber));
  return FormatReceipt(database_.Terminal(), number);
}

base::Expected<std::vector<ReceiptRow>> SaleTable::List(int64_t limit) {
  const auto terminal = database_.Terminal();
  return database_.Read(Reader::kCounter, [&](sqlite::Connection& db) -> base::Expected<std::vector<ReceiptRow>> {
    EVERTILL_ASSIGN(auto query,
                    db.Prepare("SELECT s.number, s.seq, s.at_ms, s.lines, s.total, coalesce(j.state, d.state) "
                               "FROM sale s LEFT JOIN print_job j ON j.number = s.number "
                               "LEFT JOIN print_done d ON d.number = s.number ORDER BY s.number DESC LIMIT ?1"));
    query.Bind(limit > 0 ? limit : int64_t{-1});
    std::vector<ReceiptRow> rows;
    for (;;) {
      EVERTILL_ASSIGN(const bool row, query.Step());
      if (!row) return rows;
      const auto state = ParsePrintState(query.TextView(5));
      EVERTILL_ASSIGN(auto receipt, ReceiptAt(db, terminal, query.Int(1), query.Int(0)));
      rows.push_back({std::move(receipt), base::FromUnixMillis(query.Int(2)), domain::Money(query.Int(4), currency_),
                      query.Int(3), query.Int(1), state.value_or(checkout::PrintState::kUnknown), state.has_value()});
    }
  });
}

}  // namespace evertill::store
