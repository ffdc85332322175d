#include <algorithm>

#include "app/presenters/receipt_composer.h"
#include "app/presenters/receipt_composer_parts.h"

namespace evertill::presenters {
namespace {

using domain::Money;
using domain::ShiftReport;

/// "1234 5678 9012 3456".
std::string InFours(const std::string& digits) {
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += ' ';
    out += digits[i];
  }
  return out;
}

std::string Moment(base::Instant at, const Words& words) {
  return LocalDate(at, words) + " " + LocalTime(at);
}

std::string Unless0(Money amount, const Words& words, bool minus = false) {
  return amount.IsZero() ? std::string() : words.Amount(minus ? -amount : amount);
}

std::string Unless0(int64_t count, const Words& words) {
  return count == 0 ? std::string() : words.Count(count);
}

std::string TenderName(domain::TenderKind kind, const Words& words) {
  return kind == domain::TenderKind::kPoints ? words.Tr("Points") : words.Tr("Cash");
}

void AddDrawer(Fields& fields, const ShiftReport& report, const Words& words) {
  fields.Set("cash.float", words.Amount(report.opening_float))
      .Set("cash.in", Unless0(report.cash_in, words))
      .Set("cash.out", Unless0(report.cash_out, words, true))
      .Set("cash.expected", words.Amount(report.expected_cash))
      .Set("cash.counted", report.counted_cash ? words.Amount(*report.counted_cash) : "");
  std::string difference;
  if (report.counted_cash) {
    const Money by = *report.counted_cash - report.expected_cash;
    difference = (by.IsZero() || by.IsNegative() ? "" : "+") + words.Amount(by);
  }
  fields.Set("cash.difference", std::move(difference));
}

}  // namespace

std::shared_ptr<const Words> WordsFor(const ReceiptTemplate& look, const ReceiptOptions& options,
                                      const std::string& own) {
  if (!look.Language().empty()) return Words::For(look.Language());
  return Words::For(options.language.empty() ? own : options.language);
}

std::string LocalDate(base::Instant at, const Words& words) {
  if (words.Language() == "en") return base::FormatLocal(at, "%Y-%m-%d");
  std::string date = base::FormatLocal(at, "%d/%m/");
  const int year = std::atoi(base::FormatLocal(at, "%Y").c_str());
  return date + std::to_string(words.Language() == "th" ? year + 543 : year);
}

std::string LocalTime(base::Instant at) {
  return base::FormatLocal(at, "%H:%M");
}

std::string LocalDecimal(std::string decimal, const Words& words) {
  if (words.Language() == "vi") std::replace(decimal.begin(), decimal.end(), '.', ',');
  return decimal;
}

Fields ShopFields(const checkout::TillIdentity& till, const ReceiptOptions& options, const Words& words) {
  const ShopFacts& shop = options.shop;
  const bool thai = till.currency.Code() == "THB";
  return Fields()
      .Set("shop.name", till.store_name)
      .Set("shop.legal_name", shop.legal_name == till.store_name ? "" : shop.legal_name)
      .Set("shop.tax_id", shop.tax_id)
      .Set("shop.branch", shop.branch)
      .Set("shop.address", shop.address)
      .Set("shop.phone", shop.phone)
      .Set("shop.pos_number", shop.pos_number)
      .Set("shop.return_policy", shop.return_policy)
      .Set("shop.footer", shop.footer)
      .Set("logo", options.logo.value_or(domain::PictureElement{}))
      .Set("store", till.terminal.store.Value())
      .Set("till", till.terminal.till.Value())
      .Set("thai", words.Language() == "th")
      .Set("vietnamese", words.Language() == "vi")
      .Set("in_thailand", thai)
      .Set("in_vietnam", till.currency.Code() == "VND")
      // Who is not registered for VAT must not call a paper a tax invoice (Thailand: Revenue Code s. 86/13).
      .Set("thai_tax_invoice", thai && !shop.tax_id.empty());
}

Fields ShiftReportFields(const ShiftReport& report, const checkout::TillIdentity& till, const ReceiptOptions& options,
                         const Words& words) {
  Fields fields = ShopFields(till, options, words);
  Fields::List tenders;
  for (const auto& sum : report.tenders) {
    tenders.push_back(Fields()
                          .Set("label", TenderName(sum.kind, words))
                          .Set("count", words.Count(sum.count))
                          .Set("amount", words.Amount(sum.amount)));
  }
  fields.Set("number", std::to_string(report.number))
      .Set("opened", Moment(report.opened, words))
      .Set("opened_by", report.opened_by)
      .Set("until", Moment(report.until, words))
      .Set("closed_by", report.closed_by)
      .Set("first_receipt", report.first_receipt.Value())
      .Set("last_receipt", report.last_receipt.Value())
      .Set("sales", words.Count(report.sales))
      .Set("refunds", words.Count(report.refunds))
      .Set("pieces", words.Count(report.pieces))
      .Set("voids", words.Count(report.voids))
      .Set("no_sales", words.Count(report.no_sales))
      .Set("gross", words.Amount(report.gross))
      .Set("savings", Unless0(report.savings, words, true))
      .Set("refunded", Unless0(report.refunded, words, true))
      .Set("rounding", Unless0(report.rounding, words))
      .Set("net", words.Amount(report.net))
      .Set("taxes", TaxRows(report.tax_rows, false, words))
      .Set("tenders", std::move(tenders))
      .Set("points.earned", Unless0(report.points_earned, words))
      .Set("points.spent", Unless0(report.points_spent, words))
      .Set("grand_total", words.Amount(report.grand_total))
      .Set("training", report.training);
  AddDrawer(fields, report, words);
  return fields;
}

Fields ParkedSlipFields(const domain::ParkedSlip& slip, const checkout::TillIdentity& till,
                        const ReceiptOptions& options, const Words& words) {
  Fields fields = ShopFields(till, options, words);
  fields.Set("code", slip.code)
      .Set("date", LocalDate(slip.at, words))
      .Set("time", LocalTime(slip.at))
      .Set("cashier", slip.cashier_name)
      .Set("note", slip.note)
      .Set("member.name", slip.member_name)
      .Set("lines", LineRows(slip.lines, words))
      .Set("pieces", words.TrN("%1 item", "%1 items", Pieces(slip.lines)))
      .Set("total", words.Amount(slip.total));
  return fields;
}

Fields MemberCardFields(const domain::MemberCard& card, const checkout::TillIdentity& till,
                        const ReceiptOptions& options, const Words& words) {
  Fields fields = ShopFields(till, options, words);
  fields.Set("name", card.name)
      .Set("number", InFours(card.number))
      .Set("number.digits", card.number)
      .Set("card", card.card)
      .Set("tier", card.tier)
      .Set("since", card.since_ms == 0 ? "" : LocalDate(base::FromUnixMillis(card.since_ms), words));
  return fields;
}

Fields ShelfLabelFields(const domain::ShelfLabel& label, const checkout::TillIdentity& till,
                        const ReceiptOptions& options, const Words& words) {
  Fields fields = ShopFields(till, options, words);
  const bool weighed = label.unit == domain::SellUnit::kKilogram;
  fields.Set("name", label.name)
      .Set("name_other", label.name_other)
      .Set("sku", label.sku == label.barcode ? "" : label.sku)
      .Set("barcode", label.barcode)
      .Set("price", words.Amount(label.price) + (weighed ? "/kg" : ""))
      .Set("was", label.was ? words.Amount(*label.was) : "")
      .Set("for_kg", label.for_kg && !weighed ? words.Amount(*label.for_kg) + "/kg" : "")
      .Set("printed", LocalDate(label.printed, words));
  return fields;
}

domain::ReceiptDocument ComposeShiftReport(const ShiftReport& report, const checkout::TillIdentity& till,
                                           const ReceiptOptions& options) {
  const auto& look = TemplatesOf(options).Get(report.kind == ShiftReport::Kind::kZ ? "z-report" : "x-report");
  const auto words = WordsFor(look, options, till.language);
  return look.Compose(ShiftReportFields(report, till, options, *words), *words);
}

domain::ReceiptDocument ComposeParkedSlip(const domain::ParkedSlip& slip, const checkout::TillIdentity& till,
                                          const ReceiptOptions& options) {
  const auto& look = TemplatesOf(options).Get("parked");
  const auto words = WordsFor(look, options, till.language);
  return look.Compose(ParkedSlipFields(slip, till, options, *words), *words);
}

domain::ReceiptDocument ComposeMemberCard(const domain::MemberCard& card, const checkout::TillIdentity& till,
                                          const ReceiptOptions& options) {
  const auto& look = TemplatesOf(options).Get("member-card");
  const auto words = WordsFor(look, options, card.language.empty() ? till.language : card.language);
  return look.Compose(MemberCardFields(card, till, options, *words), *words);
}

domain::ReceiptDocument ComposeShelfLabel(const domain::ShelfLabel& label, const checkout::TillIdentity& till,
                                          const ReceiptOptions& options) {
  const auto& look = TemplatesOf(options).Get("shelf-label");
  const auto words = WordsFor(look, options, till.language);
  return look.Compose(ShelfLabelFields(label, till, options, *words), *words);
}

}  // namespace evertill::presenters
