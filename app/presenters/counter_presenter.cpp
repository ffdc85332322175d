#include "app/presenters/counter_presenter.h"

#include <algorithm>
#include <cstdlib>

#include "app/domain/text.h"

namespace evertill::presenters {
namespace {

template <typename... Handlers>
struct Overload : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overload(Handlers...) -> Overload<Handlers...>;

/// The first `count` code points of a valid UTF-8 text.
std::string FirstLetters(std::string_view text, size_t count) {
  size_t end = 0;
  while (end < text.size() && count > 0) {
    ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    --count;
  }
  return std::string(text.substr(0, end));
}

/// Thai names lead with a title and vowels may stand before their consonant: skip both, so that คุณสมชาย shows ส.
std::string_view SkipThaiLead(std::string_view word) {
  for (const std::string_view title : {"คุณ", "นาย", "นางสาว", "นาง"}) {
    if (word.size() > title.size() && word.starts_with(title)) word.remove_prefix(title.size());
  }
  for (const std::string_view vowel : {"เ", "แ", "โ", "ใ", "ไ"}) {
    if (word.size() > vowel.size() && word.starts_with(vowel)) word.remove_prefix(vowel.size());
  }
  return word;
}

std::string Initials(const std::string& name) {
  const size_t first_end = name.find(' ');
  std::string initials = FirstLetters(SkipThaiLead(std::string_view(name).substr(0, first_end)), 1);
  const size_t last = name.rfind(' ');
  if (last != std::string::npos && last + 1 < name.size()) {
    initials += FirstLetters(SkipThaiLead(std::string_view(name).substr(last + 1)), 1);
  }
  return initials;
}

LineView ToView(const domain::SaleLine& line) {
  return {line.number,
          line.barcode,
          line.sku,
          line.name,
          line.name_other,
          line.quantity.ToString(),
          line.unit == domain::SellUnit::kKilogram,
          line.unit_price,
          line.gross,
          line.discount,
          line.total,
          line.min_age};
}

FoundView ToFound(const domain::Product& product) {
  std::string other;
  const auto english = product.names.find("en");
  if (english != product.names.end() && english->second != product.name) other = english->second;
  return {product.barcode, product.name, std::move(other), product.price, product.unit == domain::SellUnit::kKilogram};
}

std::string TaxLabel(const std::vector<domain::TaxRow>& rows) {
  const domain::TaxRate* only = nullptr;
  for (const auto& row : rows) {
    if (row.rate.millipercent == 0) continue;
    if (only != nullptr) return {};
    only = &row.rate;
  }
  if (only == nullptr) return {};
  std::string percent = domain::Quantity::FromMicro(int64_t{only->millipercent} * 1000).ToString();
  return "VAT " + percent + "%";
}

std::string CardTail(const std::string& card) {
  return card.size() > 4 ? card.substr(card.size() - 4) : card;
}

std::string LevelName(checkout::CardLevel level) {
  switch (level) {
    case checkout::CardLevel::kNone:
      return "none";
    case checkout::CardLevel::kNumber:
      return "L0";
    case checkout::CardLevel::kSigned:
      return "L1";
    case checkout::CardLevel::kPhone:
      return "L2";
  }
  return "none";
}

void AddTender(View& view, const domain::Tender& tender) {
  view.tenders.push_back({tender.kind, tender.amount});
  view.paid += tender.amount;
  if (tender.kind == domain::TenderKind::kPoints) view.by_points += tender.amount;
}

/// Lines and totals of a saved sale, or of a refund being made.
void ShowSale(View& view, const domain::Sale& sale) {
  std::transform(sale.lines.begin(), sale.lines.end(), std::back_inserter(view.lines), ToView);
  for (const auto& line : sale.lines) {
    const int64_t pieces = line.quantity.Micro() / domain::Quantity::kScale;
    view.items += line.unit == domain::SellUnit::kKilogram ? 1 : std::abs(pieces);
  }
  view.totals = sale.totals;
  view.tax_label = TaxLabel(sale.tax_rows);
  view.tax_inclusive = sale.tax_mode == domain::TaxMode::kInclusive;
  view.refund = sale.refund.has_value();
}

}  // namespace

CounterPresenter::CounterPresenter(checkout::Counter counter, std::string language)
    : counter_(std::move(counter)), words_(Words::For(language)) {}

View CounterPresenter::Do(const Act& act) {
  std::vector<FoundView> found;
  const base::Status done = Perform(act, found);
  if (!done) return Refuse(done.error());
  View view = Look();
  view.searched = std::holds_alternative<act::Search>(act);
  view.found = std::move(found);
  return view;
}

View CounterPresenter::Refuse(const base::Error& error, const std::string& subject) {
  View view = Look();
  view.refused = Notice{std::string(error.Name()), words_->Explain(error), subject.empty() ? error.Detail() : subject};
  return view;
}

base::Status CounterPresenter::Perform(const Act& act, std::vector<FoundView>& found) {
  return std::visit(Overload{
                        [&](const act::Scan& a) -> base::Status {
                          EVERTILL_TRY(counter_.Scan(a.code));
                          return {};
                        },
                        [&](const act::Search& a) -> base::Status {
                          EVERTILL_ASSIGN(const std::vector<domain::Product> products, counter_.Search(a.text));
                          std::transform(products.begin(), products.end(), std::back_inserter(found), ToFound);
                          return {};
                        },
                        [&](const act::Quantity& a) { return counter_.SetQuantity(a.line, a.quantity); },
                        [&](const act::Member& a) { return counter_.AttachMember(a.text); },
                        [&](const act::DetachMember&) { return counter_.DetachMember(); },
                        [&](const act::CashTender& a) { return counter_.TenderCash(a.amount); },
                        [&](const act::Redeem& a) { return counter_.Redeem(a.points); },
                        [&](const act::MemberPin& a) { return counter_.EnterPin(a.pin); },
                        [&](const act::Refund& a) -> base::Status {
                          std::vector<checkout::Counter::RefundPick> picks;
                          for (const auto& line : a.lines) picks.push_back({line.line, line.quantity});
                          return counter_.Refund(a.receipt, picks);
                        },
                        [&](const act::ConfirmAge&) { return counter_.ConfirmAge(); },
                        [&](const act::VoidLine& a) { return counter_.VoidLine(a.line); },
                        [&](const act::VoidBasket&) { return counter_.VoidBasket(); },
                        [&](const act::SignIn& a) { return counter_.SignIn(a.cashier, a.pin); },
                        [&](const act::Lock&) { return counter_.Lock(); },
                        [&](const act::OpenShift& a) { return counter_.OpenShift(a.opening_float); },
                        [&](const act::Enrol& a) { return counter_.Enrol(a.name, a.phone, a.language, a.consents); },
                        [&](const act::State&) -> base::Status {
                          counter_.RefreshMember();
                          return {};
                        },
                    },
                    act);
}

View CounterPresenter::Look() {
  const auto& identity = counter_.Identity();
  const domain::Money zero = domain::Money::Zero(identity.currency);
  View view{.store_name = identity.store_name,
            .till = identity.terminal.till.Value(),
            .cashier = counter_.Cashier() ? counter_.Cashier()->name : std::string(),
            .phase = Phase::kRinging,
            .refused = {},
            .lines = {},
            .items = 0,
            .totals = counter_.Basket().Totals(),
            .tax_label = {},
            .tax_inclusive = counter_.Basket().Scheme().mode == domain::TaxMode::kInclusive,
            .tenders = {},
            .by_points = zero,
            .paid = zero,
            .due = zero,
            .change = zero,
            .suggested_cash = {},
            .member = {},
            .points = counter_.Points(),
            .receipt = counter_.NextReceipt().Value(),
            .refund = false,
            .prints = counter_.WantsReceipt(),
            .age_check = 0,
            .searched = false,
            .found = {},
            .cashiers = {},
            .can_lock = counter_.SignedIn() && !identity.unattended};
  if (counter_.Saved()) {
    LookAtSaved(view);
  } else {
    LookAtSale(view);
  }
  if (!counter_.SignedIn()) {
    view.phase = Phase::kLocked;
    view.cashiers = counter_.CashierNames();
  } else if (!counter_.ShiftOpen()) {
    view.phase = Phase::kNoShift;
  }
  if (counter_.Member()) view.member = LookAtMember(view);
  return view;
}

MemberView CounterPresenter::LookAtMember(const View& view) {
  const checkout::MemberRecord& record = *counter_.Member();
  const int64_t points = view.phase == Phase::kPaid ? view.points.after : record.points;
  MemberView member{record.id.ToString(),   record.name.empty() ? domain::MaskTail(record.phone) : record.name,
                    Initials(record.name),  CardTail(record.card),
                    record.language,        points,
                    counter_.Worth(points), view.points.provisional};
  member.level = LevelName(counter_.Level());
  member.asks_head_office = counter_.AsksHeadOffice();
  const auto here = counter_.Here();
  if (!here) return member;
  member.spendable = here->here;
  member.elsewhere = here->elsewhere;
  member.not_active = here->not_active;
  member.debt = here->debt;
  member.pin_needed = here->pin_needed && !counter_.PinEntered();
  if (here->closed) {
    member.why_not = Notice{std::string(here->closed->Name()), words_->Explain(*here->closed), here->closed->Detail()};
  }
  return member;
}

void CounterPresenter::LookAtSale(View& view) const {
  for (const auto& tender : counter_.Tenders()) AddTender(view, tender);
  if (const auto& refund = counter_.Refunding()) {
    ShowSale(view, *refund);
    view.due = counter_.Due();
    return;
  }
  const auto& basket = counter_.Basket();
  std::transform(basket.Lines().begin(), basket.Lines().end(), std::back_inserter(view.lines), ToView);
  view.items = basket.ItemCount();
  view.tax_label = TaxLabel(basket.TaxRows());
  view.due = counter_.Due();
  view.age_check = counter_.AgeToCheck();
  if (!basket.IsEmpty()) view.suggested_cash = SuggestCash(view.due);
}

void CounterPresenter::LookAtSaved(View& view) const {
  const domain::Sale& sale = *counter_.Saved();
  ShowSale(view, sale);
  for (const auto& tender : sale.tenders) AddTender(view, tender);
  view.phase = Phase::kPaid;
  view.change = sale.change;
  view.points = sale.points;
  view.receipt = sale.receipt.Value();
}

std::vector<domain::Money> SuggestCash(domain::Money due) {
  std::vector<domain::Money> sums;
  if (due.Minor() <= 0) return sums;
  int64_t unit = 1;
  for (int i = 0; i < due.GetCurrency().Exponent(); ++i) unit *= 10;
  if (due.GetCurrency().Exponent() == 0) unit = 1000;  // the notes of such currencies start in the thousands
  for (const int64_t step : {10, 20, 50, 100, 500, 1000, 2000, 5000, 10000, 50000}) {
    const domain::Money sum = due.RoundedTo(step * unit, domain::Rounding::kUp);
    // Nobody hands over small change on top of a large sum: only steps that matter to this amount.
    if (sum == due || sum.Minor() > due.Minor() * 12 || step * unit * 20 < due.Minor()) continue;
    if (sums.empty() || sum > sums.back()) sums.push_back(sum);
    if (sums.size() == 3) break;
  }
  return sums;
}

}  // namespace evertill::presenters
