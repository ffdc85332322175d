#include <algorithm>

#include "app/checkout/counter.h"
#include "app/checkout/errors.h"
#include "app/domain/errors.h"
#include "app/loyalty/errors.h"
#include "app/loyalty/refund.h"

/// The counter's refunds of receipts that this till knows: a sale with negative lines.
namespace evertill::checkout {
namespace {

using domain::Money;

__extension__ typedef __int128 Wide;

/// What `now` of `sold` takes of an amount after `before` was taken: so rounded that all parts add up to the amount.
int64_t PartOf(int64_t amount, int64_t before, int64_t now, int64_t sold) {
  const Wide wide = amount;
  return static_cast<int64_t>(wide * (before + now) / sold) - static_cast<int64_t>(wide * before / sold);
}

/// Points by line; sales of before lines were counted share them now.
std::vector<int64_t> ByLine(const std::vector<int64_t>& recorded, int64_t points, const domain::Sale& sale) {
  if (recorded.size() == sale.lines.size()) return recorded;
  std::vector<int64_t> weights;
  for (const auto& line : sale.lines) weights.push_back(line.total.Minor());
  return loyalty::SharePoints(points, weights);
}

domain::SaleLine RefundedLine(const domain::SaleLine& sold, const loyalty::RefundLine& part, int number) {
  const auto share = [&](Money amount) {
    return Money(-PartOf(amount.Minor(), part.before_micro, part.now_micro, sold.quantity.Micro()),
                 amount.GetCurrency());
  };
  domain::SaleLine line = sold;
  line.number = number;
  line.quantity = domain::Quantity::FromMicro(-part.now_micro);
  line.gross = share(sold.gross);
  line.total = share(sold.total);
  line.discount = line.gross - line.total;
  line.tax = share(sold.tax);
  return line;
}

/// What of the money that points paid goes back as points.
Money PaidByPoints(const domain::Sale& sale, const loyalty::SalePoints& points, const std::vector<int64_t>& refunded,
                   int64_t restored) {
  int64_t money = 0;
  for (const auto& tender : sale.tenders) {
    if (tender.kind == domain::TenderKind::kPoints) money += tender.amount.Minor();
  }
  int64_t spent = 0;
  int64_t before = 0;
  for (size_t i = 0; i < points.spent.size(); ++i) {
    spent += points.spent[i];
    before += PartOf(points.spent[i], 0, refunded[i], points.quantity_micro[i]);
  }
  return {spent == 0 ? 0 : PartOf(money, before, restored, spent), sale.totals.total.GetCurrency()};
}

}  // namespace

base::Expected<std::vector<loyalty::RefundLine>> Counter::PickLines(const domain::Sale& sale,
                                                                    const std::vector<int64_t>& refunded,
                                                                    const std::vector<RefundPick>& picks) {
  std::vector<loyalty::RefundLine> lines;
  for (const auto& pick : picks) {
    if (pick.line < 1 || static_cast<size_t>(pick.line) > sale.lines.size()) {
      return base::Fail(CheckoutErrc::kNoLine, std::to_string(pick.line));
    }
    const auto at = static_cast<size_t>(pick.line) - 1;
    int64_t quantity = sale.lines[at].quantity.Micro() - refunded[at];
    if (!pick.quantity.empty()) {
      EVERTILL_ASSIGN(const domain::Quantity asked, domain::Quantity::Parse(pick.quantity));
      quantity = asked.Micro();
      const bool half_a_piece = sale.lines[at].unit == domain::SellUnit::kEach && !asked.IsWhole();
      if (quantity < 1 || half_a_piece) return base::Fail(domain::DomainErrc::kBadQuantity, pick.quantity);
    }
    const bool twice =
        std::any_of(lines.begin(), lines.end(), [&](const auto& line) { return line.line == pick.line; });
    if (twice || quantity < 1 || quantity > sale.lines[at].quantity.Micro() - refunded[at]) {
      return base::Fail(loyalty::LoyaltyErrc::kRefundTooMuch, "line " + std::to_string(pick.line));
    }
    lines.push_back({pick.line, refunded[at], quantity});
  }
  if (!picks.empty()) return lines;
  for (size_t at = 0; at < sale.lines.size(); ++at) {
    const int64_t left = sale.lines[at].quantity.Micro() - refunded[at];
    if (left > 0) lines.push_back({static_cast<int>(at) + 1, refunded[at], left});
  }
  if (lines.empty()) return base::Fail(loyalty::LoyaltyErrc::kRefundTooMuch, sale.receipt.Value());
  return lines;
}

base::Status Counter::Refund(std::string_view receipt, const std::vector<RefundPick>& picks) {
  EVERTILL_TRY(RequireCashier());
  if (!ShiftOpen()) return base::Fail(CheckoutErrc::kNoShift);
  if (!saved_ && !basket_.IsEmpty()) return base::Fail(CheckoutErrc::kNotAllowed, "a sale is being rung");
  EVERTILL_ASSIGN(const std::optional<domain::Sale> sale,
                  ports_.log.FindSale(domain::ReceiptNumber(std::string(receipt))));
  if (!sale) return base::Fail(CheckoutErrc::kReceiptNotFound, std::string(receipt));
  if (sale->refund) return base::Fail(CheckoutErrc::kNotAllowed, "this receipt is a refund");
  EVERTILL_ASSIGN(Rights::RefundedSoFar so_far, ports_.rights.Refunded(sale->id));
  so_far.quantity_micro.resize(sale->lines.size(), 0);
  EVERTILL_ASSIGN(const std::vector<loyalty::RefundLine> lines, PickLines(*sale, so_far.quantity_micro, picks));
  loyalty::SalePoints points{sale->id,
                             ByLine(sale->points.line_earned, sale->points.earned, *sale),
                             ByLine(sale->points.line_spent, sale->points.spent, *sale),
                             {},
                             sale->points.redemption};
  for (const auto& line : sale->lines) points.quantity_micro.push_back(line.quantity.Micro());
  const domain::EventId id = NewEventId();
  EVERTILL_ASSIGN(loyalty::RefundPoints plan,
                  loyalty::PlanRefund(points, lines, id, so_far.local_left, ports_.safeguards));
  if (so_far.only_ledger) loyalty::RestoreAtOnce(plan);
  std::optional<MemberRecord> member;
  if (sale->member) {
    EVERTILL_ASSIGN(member, ports_.members.Find(sale->member->id));
  }
  const Money by_points = PaidByPoints(*sale, points, so_far.quantity_micro, plan.restored);
  DropPoints();
  BeginNext();
  sale_id_ = id;
  member_ = std::move(member);
  refund_ = MakeRefund(*sale, lines, plan, by_points);
  WithholdSpentPoints(plan);
  refund_postings_ = std::move(plan.postings);
  KeepBasket();
  return {};
}

domain::Sale Counter::MakeRefund(const domain::Sale& sale, const std::vector<loyalty::RefundLine>& lines,
                                 const loyalty::RefundPoints& plan, Money by_points) const {
  const Money zero = Money::Zero(identity_.currency);
  domain::Sale refund = sale;
  refund.id = sale_id_;
  refund.refund = domain::RefundOf{sale.id, sale.receipt, {}};
  refund.lines.clear();
  refund.tenders.clear();
  refund.change = zero;
  refund.totals = {zero, zero, zero, zero, zero};
  std::vector<domain::TaxableLine> taxable;
  std::vector<Money> taxes;
  for (size_t i = 0; i < lines.size(); ++i) {
    const auto& part = lines[i];
    const auto& sold = sale.lines[static_cast<size_t>(part.line) - 1];
    refund.lines.push_back(RefundedLine(sold, part, static_cast<int>(i) + 1));
    const auto& line = refund.lines.back();
    refund.refund->lines.push_back({part.line, part.now_micro, plan.lines[i].reversed, plan.lines[i].restored});
    refund.totals.subtotal += line.gross;
    refund.totals.savings += line.discount;
    refund.totals.tax += line.tax;
    refund.totals.total += line.total;
    taxable.push_back({line.total, line.tax_rate});
    taxes.push_back(line.tax);
  }
  if (sale.tax_mode == domain::TaxMode::kExclusive) refund.totals.total += refund.totals.tax;
  domain::TaxScheme scheme = scheme_;
  scheme.mode = sale.tax_mode;
  refund.tax_rows = domain::SummariseTax(taxable, taxes, scheme);
  if (!by_points.IsZero()) refund.tenders.push_back({domain::TenderKind::kPoints, -by_points, -by_points});
  const int64_t before = member_ ? member_->points : 0;
  refund.points = {before, -plan.reversed, -plan.restored, before - plan.reversed + plan.restored,
                   !HeadOfficeKnown() || (member_ && member_->provisional)};
  return refund;
}

/// Earned points that the member has spent already cannot be taken back: their worth is kept back from the money.
void Counter::WithholdSpentPoints(loyalty::RefundPoints& plan) {
  if (!member_) return;
  const int64_t owned = std::max<int64_t>(0, member_->points);
  int64_t spent = std::max<int64_t>(0, plan.reversed - owned);
  // No more than there is money to keep back.
  const Money back = -Due();
  if (Worth(spent) > back) {
    spent = std::min(spent, loyalty::PointsFor(programme_, back));
    if (Worth(spent) > back) --spent;
  }
  if (spent < 1 || Worth(spent).IsZero()) return;
  loyalty::WithholdSpent(plan, refund_->refund->sale, spent);
  refund_->tenders.push_back({domain::TenderKind::kPoints, -Worth(spent), -Worth(spent)});
  refund_->points.withheld = spent;
  refund_->points.after += spent;
}

base::Status Counter::TenderRefund(std::string_view amount) {
  const Money due = Due();
  if (amount != "exact") {
    EVERTILL_ASSIGN(const Money given, Money::Parse(amount, identity_.currency));
    if (given != due && given != -due) {
      return base::Fail(CheckoutErrc::kBadTender, "a refund pays back " + (-due).ToDecimal());
    }
  }
  EVERTILL_TRY(EnsureShift());
  domain::Sale refund = *refund_;
  if (!due.IsZero()) refund.tenders.push_back({domain::TenderKind::kCash, due, due});
  refund.terminal = identity_.terminal;
  refund.at = ports_.clock.Now();
  refund.cashier = cashier_->id;
  refund.cashier_name = cashier_->name;
  refund.shift = shift_->id;
  EVERTILL_ASSIGN(saved_,
                  ports_.log.CommitSale(std::move(refund), refund_postings_, programme_.version, wants_receipt_));
  refund_.reset();
  ports_.keeper.Keep({});
  return RefreshNextReceipt();
}

base::Status Counter::RequireNoRefund() const {
  if (refund_) return base::Fail(CheckoutErrc::kNotAllowed, "a refund is being made");
  return {};
}

}  // namespace evertill::checkout
