#include "app/presenters/receipt_composer.h"

#include <algorithm>
#include <cstdlib>

#include "app/base/clock.h"
#include "app/base/log.h"

namespace evertill::presenters {
namespace {

using domain::ColumnsElement;
using domain::ReceiptDocument;
using domain::RuleElement;
using domain::RuleStyle;
using domain::SpaceElement;
using domain::TextAlign;
using domain::TextElement;
using domain::TextSize;
using domain::TextStyle;

constexpr TextStyle kSmall{TextSize::kSmall, false};
constexpr TextStyle kBold{TextSize::kNormal, true};

void Centred(ReceiptDocument& doc, std::string text, TextStyle style = {}) {
  doc.Add(TextElement{std::move(text), style, TextAlign::kCenter, 0});
}

void Row(ReceiptDocument& doc, std::string left, std::string right, TextStyle style = {}) {
  doc.Add(ColumnsElement{std::move(left), std::move(right), style, 0});
}

std::string LocalTime(const domain::Sale& sale) {
  return base::FormatLocal(sale.at, "%Y-%m-%d %H:%M");
}

void AddHead(ReceiptDocument& doc, const domain::Sale& sale, const checkout::TillIdentity& till, const Words& words,
             const ReceiptOptions& options) {
  Centred(doc, till.store_name, {TextSize::kHuge, true});
  if (sale.refund) {
    Centred(doc, words.Tr("Refund of %1", {sale.refund->receipt.Value()}), kBold);
  } else if (till.currency.Code() == "THB") {
    Centred(doc, words.Tr("Receipt / abbreviated tax invoice"), kSmall);
  } else {
    Centred(doc, words.Tr("Receipt"), kSmall);
  }
  if (options.copy) Centred(doc, words.Tr("COPY"), kBold);
  if (sale.training) Centred(doc, words.Tr("TRAINING — NOT A SALE"), kBold);
  doc.Add(SpaceElement{15});
  Row(doc, sale.receipt.Value(), LocalTime(sale), kSmall);
  Row(doc, words.Tr("Till %1", {sale.terminal.till.Value()}), sale.cashier_name, kSmall);
  doc.Add(RuleElement{});
}

void AddLines(ReceiptDocument& doc, const domain::Sale& sale, const Words& words) {
  for (const auto& line : sale.lines) {
    Row(doc, line.name, words.Amount(line.gross));
    const bool weighed = line.unit == domain::SellUnit::kKilogram;
    if (weighed) {
      doc.Add(TextElement{line.quantity.ToString() + " kg × " + words.Amount(line.unit_price) + "/kg", kSmall,
                          TextAlign::kLeft, 2});
    } else if (line.quantity != domain::Quantity::Units(1) && line.quantity != domain::Quantity::Units(-1)) {
      doc.Add(
          TextElement{line.quantity.ToString() + " × " + words.Amount(line.unit_price), kSmall, TextAlign::kLeft, 2});
    }
    if (!line.discount.IsZero()) doc.Add(ColumnsElement{words.Tr("Saving"), words.Amount(-line.discount), kSmall, 2});
  }
  doc.Add(RuleElement{});
}

std::string Percent(const domain::TaxRate& rate) {
  return domain::Quantity::FromMicro(int64_t{rate.millipercent} * 1000).ToString() + "%";
}

/// Of what points pay, or a refund gives back as points; the points that were spent already come last.
std::string TenderLabel(const domain::Sale& sale, size_t at, const Words& words) {
  if (sale.tenders[at].kind != domain::TenderKind::kPoints) return words.Tr("Cash");
  const bool last = std::none_of(sale.tenders.begin() + static_cast<std::ptrdiff_t>(at) + 1, sale.tenders.end(),
                                 [](const auto& tender) { return tender.kind == domain::TenderKind::kPoints; });
  if (sale.points.withheld > 0 && last) {
    return words.TrN("%1 point spent already", "%1 points spent already", sale.points.withheld);
  }
  return words.TrN("%1 point", "%1 points", std::abs(sale.points.spent));
}

void AddTotals(ReceiptDocument& doc, const domain::Sale& sale, const Words& words) {
  if (!sale.totals.savings.IsZero()) {
    Row(doc, words.Tr("Subtotal"), words.Amount(sale.totals.subtotal));
    Row(doc, words.Tr("Savings"), words.Amount(-sale.totals.savings));
  }
  Row(doc, words.Tr("Total"), words.Amount(sale.totals.total), {TextSize::kLarge, true});
  for (size_t at = 0; at < sale.tenders.size(); ++at) {
    Row(doc, TenderLabel(sale, at, words), words.Amount(sale.tenders[at].given));
  }
  if (!sale.refund) Row(doc, words.Tr("Change"), words.Amount(sale.change), kBold);
  doc.Add(SpaceElement{10});
  for (const auto& row : sale.tax_rows) {
    if (row.rate.millipercent == 0) continue;
    const char* phrase =
        sale.tax_mode == domain::TaxMode::kInclusive ? TR_NOOP("VAT %1 included in %2") : TR_NOOP("VAT %1 on %2");
    const domain::Money base = sale.tax_mode == domain::TaxMode::kInclusive ? row.net + row.tax : row.net;
    Row(doc, words.Tr(phrase, {Percent(row.rate), words.Amount(base)}), words.Amount(row.tax), kSmall);
  }
}

void AddMember(ReceiptDocument& doc, const domain::Sale& sale, const Words& words) {
  if (!sale.member) return;
  doc.Add(RuleElement{RuleStyle::kDashed});
  Row(doc, sale.member->name.empty() ? words.Tr("Member") : sale.member->name, "••• " + sale.member->card_tail, kBold);
  Row(doc, words.Tr("Points before"), words.Count(sale.points.before));
  if (sale.refund) {
    if (sale.points.earned != 0) Row(doc, words.Tr("Points taken back"), words.Count(sale.points.earned));
    if (sale.points.spent != 0) Row(doc, words.Tr("Points given back"), "+" + words.Count(-sale.points.spent));
    if (sale.points.withheld != 0) Row(doc, words.Tr("Settled with money"), "+" + words.Count(sale.points.withheld));
  } else {
    Row(doc, words.Tr("Points earned"), "+" + words.Count(sale.points.earned));
    if (sale.points.spent != 0) Row(doc, words.Tr("Points spent"), words.Count(-sale.points.spent));
  }
  Row(doc, words.Tr("Points after"), words.Count(sale.points.after), kBold);
  if (sale.points.provisional) {
    doc.Add(TextElement{words.Tr("Provisional: the till was offline. Head office confirms points at the next contact."),
                        kSmall, TextAlign::kLeft, 0});
  }
}

bool TookCash(const domain::Sale& sale) {
  return std::any_of(sale.tenders.begin(), sale.tenders.end(),
                     [](const auto& tender) { return tender.kind == domain::TenderKind::kCash; });
}

/// The link, or the number where there is none: a receipt is printed in any case.
std::string QrText(const domain::Sale& sale, const ReceiptOptions& options) {
  if (options.links == nullptr) return sale.receipt.Value();
  auto link = options.links->LinkFor(sale);
  if (link) return std::move(*link);
  base::LogWarn("link of {}: {}", sale.receipt.Value(), link.error().ToString());
  return sale.receipt.Value();
}

}  // namespace

ReceiptDocument ComposeSaleReceipt(const domain::Sale& sale, const checkout::TillIdentity& till,
                                   const ReceiptOptions& options) {
  const std::string language = sale.member && !sale.member->language.empty() ? sale.member->language : till.language;
  const auto words = Words::For(language);
  ReceiptDocument doc;
  doc.language = words->Language();
  if (options.drawer_kick && !options.copy && TookCash(sale)) doc.Add(domain::DrawerKickElement{});
  AddHead(doc, sale, till, *words, options);
  AddLines(doc, sale, *words);
  AddTotals(doc, sale, *words);
  AddMember(doc, sale, *words);
  doc.Add(SpaceElement{20});
  doc.Add(domain::QrCodeElement{QrText(sale, options), sale.receipt.Value()});
  Centred(doc, words->Tr("Thank you. See you again!"));
  doc.Add(domain::CutElement{});
  return doc;
}

}  // namespace evertill::presenters
