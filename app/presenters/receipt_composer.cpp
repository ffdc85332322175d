#include "app/presenters/receipt_composer.h"

#include <algorithm>
#include <cstdlib>

#include "app/base/log.h"
#include "app/presenters/receipt_composer_parts.h"

namespace evertill::presenters {
namespace {

using domain::Money;
using domain::Sale;

std::string Percent(const domain::TaxRate& rate, const Words& words) {
  return LocalDecimal(domain::Quantity::FromMicro(int64_t{rate.millipercent} * 1000).ToString(), words) + "%";
}

/// Of what points pay, or a refund gives back as points; the points that were spent already come last.
std::string TenderLabel(const Sale& sale, size_t at, const Words& words) {
  if (sale.tenders[at].kind != domain::TenderKind::kPoints) return words.Tr("Cash");
  const bool last = std::none_of(sale.tenders.begin() + static_cast<std::ptrdiff_t>(at) + 1, sale.tenders.end(),
                                 [](const auto& tender) { return tender.kind == domain::TenderKind::kPoints; });
  if (sale.points.withheld > 0 && last) {
    return words.TrN("%1 point spent already", "%1 points spent already", sale.points.withheld);
  }
  return words.TrN("%1 point", "%1 points", std::abs(sale.points.spent));
}

/// Without the currency's sign: the total has it, and a column of figures is easier to read.
std::string PlainAmount(Money amount, const Words& words) {
  std::string text = words.Amount(amount);
  const std::string sign(amount.GetCurrency().Info().symbol);
  for (const std::string& written : {" " + sign, sign + " ", sign}) {
    if (const size_t at = text.find(written); at != std::string::npos) return text.erase(at, written.size());
  }
  return text;
}

bool TookCash(const Sale& sale) {
  return std::any_of(sale.tenders.begin(), sale.tenders.end(),
                     [](const auto& tender) { return tender.kind == domain::TenderKind::kCash; });
}

/// The link, or the number where there is none: a receipt is printed in any case.
std::string QrText(const Sale& sale, const ReceiptOptions& options) {
  if (options.links == nullptr) return sale.receipt.Value();
  auto link = options.links->LinkFor(sale);
  if (link) return std::move(*link);
  base::LogWarn("link of {}: {}", sale.receipt.Value(), link.error().ToString());
  return sale.receipt.Value();
}

void AddMember(Fields& fields, const Sale& sale, const Words& words) {
  const auto& points = sale.points;
  const bool member = sale.member.has_value();
  const auto count = [&](bool shown, int64_t value, const char* sign = "") {
    return member && shown ? sign + words.Count(value) : std::string();
  };
  const bool back = sale.refund.has_value();
  fields.Set("member", member)
      .Set("member.name", !member                     ? ""
                          : sale.member->name.empty() ? words.Tr("Member")
                                                      : sale.member->name)
      .Set("member.tail", member ? "••• " + sale.member->card_tail : "")
      .Set("points.before", count(true, points.before))
      .Set("points.earned", count(!back, points.earned, "+"))
      .Set("points.spent", count(!back && points.spent != 0, -points.spent))
      .Set("points.taken_back", count(back && points.earned != 0, points.earned))
      .Set("points.given_back", count(back && points.spent != 0, -points.spent, "+"))
      .Set("points.settled", count(back && points.withheld != 0, points.withheld, "+"))
      .Set("points.after", count(true, points.after))
      .Set("points.provisional", member && points.provisional);
}

void AddTax(Fields& fields, const Sale& sale, const Words& words) {
  const bool included = sale.tax_mode == domain::TaxMode::kInclusive;
  fields.Set("tax_included", included).Set("taxes", TaxRows(sale.tax_rows, included, words));
  Money exempt = Money::Zero(sale.totals.total.GetCurrency());
  Money net = exempt;
  for (const auto& row : sale.tax_rows) (row.rate.millipercent == 0 ? exempt : net) += row.net;
  fields.Set("exempt", exempt.IsZero() ? "" : words.Amount(exempt))
      .Set("net", net.IsZero() ? "" : words.Amount(net))
      .Set("tax", sale.totals.tax.IsZero() ? "" : words.Amount(sale.totals.tax));
}

void AddSums(Fields& fields, const Sale& sale, const Words& words) {
  const auto& totals = sale.totals;
  Fields::List tenders;
  for (size_t at = 0; at < sale.tenders.size(); ++at) {
    tenders.push_back(
        Fields().Set("label", TenderLabel(sale, at, words)).Set("amount", words.Amount(sale.tenders[at].given)));
  }
  fields.Set("savings", totals.savings.IsZero() ? "" : words.Amount(-totals.savings))
      .Set("subtotal", words.Amount(totals.subtotal))
      .Set("total", words.Amount(totals.total))
      .Set("rounding", totals.rounding.IsZero() ? "" : words.Amount(totals.rounding))
      .Set("tenders", std::move(tenders))
      .Set("change", sale.refund ? "" : words.Amount(sale.change));
}

std::string PaperOf(const Sale& sale, const ReceiptOptions& options) {
  if (!options.paper.empty()) return options.paper;
  return options.copy ? "copy" : sale.refund ? "refund" : "sale";
}

}  // namespace

Fields::List TaxRows(const std::vector<domain::TaxRow>& rows, bool included, const Words& words) {
  Fields::List taxes;
  for (const auto& row : rows) {
    if (row.rate.millipercent == 0) continue;
    taxes.push_back(Fields()
                        .Set("rate", Percent(row.rate, words))
                        .Set("base", words.Amount(included ? row.net + row.tax : row.net))
                        .Set("net", words.Amount(row.net))
                        .Set("tax", words.Amount(row.tax)));
  }
  return taxes;
}

Fields::List LineRows(const std::vector<domain::SaleLine>& lines, const Words& words) {
  Fields::List rows;
  for (const auto& line : lines) {
    // What comes back is told by the amount's sign.
    const auto count = domain::Quantity::FromMicro(std::abs(line.quantity.Micro()));
    const std::string quantity = LocalDecimal(count.ToString(), words);
    const bool weighed = line.unit == domain::SellUnit::kKilogram;
    std::string detail;
    if (weighed) {
      detail = quantity + " kg × " + PlainAmount(line.unit_price, words);
    } else if (count != domain::Quantity::Units(1)) {
      detail = quantity + " × " + PlainAmount(line.unit_price, words);
    }
    rows.push_back(Fields()
                       .Set("line.number", std::to_string(line.number))
                       .Set("line.name", line.name)
                       .Set("line.name_other", line.name_other)
                       .Set("line.sku", line.sku)
                       .Set("line.barcode", line.barcode)
                       .Set("line.quantity", weighed ? quantity + " kg" : quantity)
                       .Set("line.unit_price", PlainAmount(line.unit_price, words))
                       .Set("line.detail", std::move(detail))
                       .Set("line.gross", PlainAmount(line.gross, words))
                       .Set("line.saving", line.discount.IsZero() ? "" : PlainAmount(-line.discount, words))
                       .Set("line.total", PlainAmount(line.total, words))
                       .Set("line.tax_rate", Percent(line.tax_rate, words)));
  }
  return rows;
}

int64_t Pieces(const std::vector<domain::SaleLine>& lines) {
  int64_t pieces = 0;
  for (const auto& line : lines) {
    const int64_t micro = std::abs(line.quantity.Micro());
    pieces += line.unit == domain::SellUnit::kEach && line.quantity.IsWhole() ? micro / domain::Quantity::kScale : 1;
  }
  return pieces;
}

Fields SaleFields(const Sale& sale, const checkout::TillIdentity& till, const ReceiptOptions& options,
                  const Words& words) {
  Fields fields = ShopFields(till, options, words);
  const bool opens = options.drawer_kick && !options.copy && options.paper.empty() && TookCash(sale);
  const int64_t pieces = Pieces(sale.lines);
  const auto invoice = options.invoice.value_or(TaxInvoice{});
  fields.Set("number", sale.receipt.Value())
      .Set("date", LocalDate(sale.at, words))
      .Set("time", LocalTime(sale.at))
      .Set("till", sale.terminal.till.Value())
      .Set("cashier", sale.cashier_name)
      .Set("refund", sale.refund.has_value())
      .Set("refund.of", sale.refund ? sale.refund->receipt.Value() : "")
      .Set("copy", options.copy || options.paper == "copy")
      .Set("training", sale.training)
      .Set("opens_drawer", opens)
      .Set("lines", LineRows(sale.lines, words))
      .Set("pieces", words.TrN("%1 item", "%1 items", pieces))
      .Set("link", QrText(sale, options))
      .Set("invoice.number", invoice.number.empty() ? sale.receipt.Value() : invoice.number)
      .Set("invoice.replaces", invoice.number.empty() ? "" : sale.receipt.Value())
      .Set("buyer.name", invoice.buyer_name)
      .Set("buyer.address", invoice.buyer_address)
      .Set("buyer.tax_id", invoice.buyer_tax_id)
      .Set("buyer.branch", invoice.buyer_branch);
  AddSums(fields, sale, words);
  AddTax(fields, sale, words);
  AddMember(fields, sale, words);
  return fields;
}

domain::ReceiptDocument ComposeSaleReceipt(const Sale& sale, const checkout::TillIdentity& till,
                                           const ReceiptOptions& options) {
  const ReceiptTemplate& look = TemplatesOf(options).Get(PaperOf(sale, options));
  const std::string own = sale.member && !sale.member->language.empty() ? sale.member->language : till.language;
  const auto words = WordsFor(look, options, own);
  return look.Compose(SaleFields(sale, till, options, *words), *words);
}

}  // namespace evertill::presenters
