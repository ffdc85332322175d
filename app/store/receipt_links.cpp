#include "app/store/receipt_links.h"

#include "app/card/receipt_proof.h"
#include "app/crypto/bytes.h"
#include "app/store/enrolment_text.h"
#include "app/store/errors.h"
#include "app/store/identity.h"
#include "app/store/journal.h"

namespace evertill::store {
namespace {

int64_t At(const std::vector<int64_t>& by_line, size_t index) {
  return index < by_line.size() ? by_line[index] : 0;
}

card::ReceiptProof MakeProof(const domain::Sale& sale, const domain::EventHash& hash) {
  card::ReceiptProof proof;
  proof.receipt = sale.receipt.Value();
  proof.terminal = sale.terminal.Name();
  proof.incarnation = sale.terminal.incarnation;
  proof.seq = sale.seq;
  proof.event = sale.id;
  proof.hash = std::string(crypto::AsText(hash));
  proof.currency = std::string(sale.totals.total.GetCurrency().Code());
  proof.member = sale.member ? sale.member->id.ToString() : std::string();
  proof.earned = sale.points.earned;
  proof.spent = sale.points.spent;
  for (size_t i = 0; i < sale.lines.size(); ++i) {
    const auto& line = sale.lines[i];
    proof.lines.push_back({line.barcode, line.quantity.Micro(), line.total.Minor(), At(sale.points.line_earned, i),
                           At(sale.points.line_spent, i)});
  }
  for (const auto& posting : sale.points.redemption) proof.spent_lots.push_back({posting.lot, -posting.amount});
  return proof;
}

}  // namespace

base::Expected<std::string> ReceiptLinkTable::LinkFor(const domain::Sale& sale) {
  struct Found {
    std::string server_url;
    domain::EventHash hash{};
  };
  const auto number = ParseReceipt(database_.Terminal(), sale.receipt.Value());
  const auto load = [&](sqlite::Connection& db) -> base::Expected<Found> {
    EVERTILL_ASSIGN(const auto enrolment, LoadEnrolment(db, database_.GetKeys()));
    if (!enrolment || !number) return Found{};
    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT seq FROM sale WHERE number = ?1"));
    EVERTILL_ASSIGN(const bool row, query.Bind(*number).Step());
    if (!row) return base::Fail(StoreErrc::kBadStored, "receipt " + sale.receipt.Value());
    EVERTILL_ASSIGN(const auto record, LoadRecord(db, database_.GetKeys(), query.Int(0)));
    return Found{enrolment->server_url, record.hash};
  };
  EVERTILL_ASSIGN(const Found found, database_.Read(Reader::kBackground, load));
  if (found.server_url.empty()) return sale.receipt.Value();
  EVERTILL_ASSIGN(const std::string proof, card::SignProof(MakeProof(sale, found.hash), database_.GetKeys().signing));
  if (proof.size() > card::kLongestProof) return sale.receipt.Value();
  return found.server_url + "/r#" + proof;
}

}  // namespace evertill::store
