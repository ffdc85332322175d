#include "app/checkout/counter.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "app/base/log.h"
#include "app/checkout/card_number.h"
#include "app/checkout/enrolment.h"
#include "app/checkout/errors.h"
#include "app/domain/barcode.h"
#include "app/domain/errors.h"
#include "app/domain/text.h"
#include "app/loyalty/ledger.h"

namespace evertill::checkout {
namespace {

constexpr int kMostFound = 20;

/// Of a local time as FormatLocal() writes it: "2026-11-22 10:15".
int YearOf(const std::string& local) {
  int year = 0;
  std::from_chars(local.data(), local.data() + std::min<size_t>(4, local.size()), year);
  return year;
}

/// `now` as FormatLocal() writes it. The days of (16) and (17) are the last on which the goods may be sold or used
/// (GS1 General Specifications 3.4.6 and 3.4.7), (7003) has a time of that day too.
base::Status RefuseExpired(const domain::Gs1Data& gs1, const std::string& now) {
  const std::string today = now.substr(0, 10);
  for (const auto& last : {gs1.sell_by, gs1.expiry}) {
    if (last && last->ToString() < today) return base::Fail(CheckoutErrc::kGoodsExpired, last->ToString());
  }
  if (!gs1.expiry_minute || gs1.expiry->ToString() != today) return {};
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const std::string end = today + " " + two(*gs1.expiry_minute / 60) + ":" + two(*gs1.expiry_minute % 60);
  return end < now ? base::Status(base::Fail(CheckoutErrc::kGoodsExpired, end)) : base::Status();
}

domain::GoodsTrace TraceOf(const std::optional<domain::ScanMeaning>& meaning) {
  if (!meaning) return {};
  return {meaning->gs1.lot, meaning->gs1.serial, meaning->gs1.expiry ? meaning->gs1.expiry->ToString() : ""};
}

}  // namespace

Counter::Counter(TillIdentity identity, domain::TaxScheme scheme, CounterPorts ports, loyalty::Programme programme)
    : identity_(std::move(identity)),
      scheme_(std::move(scheme)),
      ports_(ports),
      programme_(std::move(programme)),
      basket_(identity_.currency, scheme_) {}

base::Expected<Counter> Counter::Open(TillIdentity identity, domain::TaxScheme scheme, CounterPorts ports) {
  EVERTILL_ASSIGN(loyalty::Programme programme, ports.rules.Programme());
  Counter counter(std::move(identity), std::move(scheme), ports, std::move(programme));
  EVERTILL_ASSIGN(counter.shift_, ports.log.OpenShift());
  EVERTILL_TRY(counter.RefreshNextReceipt());
  if (counter.identity_.unattended) {
    counter.cashier_ =
        CashierRecord{{}, std::string(RoleName(*counter.identity_.unattended)), *counter.identity_.unattended};
  }
  counter.sale_id_ = counter.NewEventId();
  counter.RecallBasket();
  if (auto freed = ports.rights.ReleaseAllBut(counter.sale_id_); !freed) {
    base::LogWarn("points of baskets long gone are still reserved: {}", freed.error().ToString());
  }
  return counter;
}

domain::EventId Counter::NewEventId() {
  return domain::EventId(base::MakeUuidV7(ports_.clock, ports_.random));
}

base::Status Counter::RefreshNextReceipt() {
  EVERTILL_ASSIGN(next_receipt_, ports_.log.NextReceipt());
  return {};
}

base::Status Counter::RequireCashier() const {
  if (!cashier_) return base::Fail(CheckoutErrc::kNotSignedIn);
  return {};
}

base::Status Counter::RequireRinging() const {
  EVERTILL_TRY(RequireCashier());
  if (basket_.IsEmpty()) return base::Fail(CheckoutErrc::kNothingToPay);
  return {};
}

void Counter::BeginNext() {
  saved_.reset();
  basket_ = domain::Basket(identity_.currency, scheme_);
  tenders_.clear();
  member_.reset();
  level_ = CardLevel::kNone;
  pin_entered_ = false;
  redemption_.reset();
  hold_.reset();
  reserving_ = false;
  refused_online_ = false;
  refund_.reset();
  age_confirmed_ = 0;
  sale_id_ = NewEventId();
}

/// What a code says: which goods, and perhaps how much of them and until when.
struct Counter::Label {
  std::optional<domain::Product> product;
  std::optional<domain::ScanMeaning> meaning;
};

base::Expected<std::optional<domain::Product>> Counter::FindProduct(const std::vector<std::string>& candidates) {
  for (const auto& candidate : candidates) {
    EVERTILL_ASSIGN(std::optional<domain::Product> product, ports_.catalogue.FindByBarcode(candidate));
    if (product) return product;
  }
  return std::optional<domain::Product>();
}

base::Expected<Counter::Label> Counter::ReadLabel(const domain::ScannedCode& code) {
  // A code that the catalogue has just so is what the catalogue says, whatever else it could mean.
  Label label;
  EVERTILL_ASSIGN(label.product, FindProduct(domain::LookupCandidates(code)));
  if (label.product) return label;
  const std::string now = base::FormatLocal(ports_.clock.Now());
  EVERTILL_ASSIGN(label.meaning, domain::Understand(code, identity_.patterns, identity_.currency, YearOf(now)));
  if (!label.meaning) return label;
  EVERTILL_ASSIGN(label.product, FindProduct(label.meaning->candidates));
  if (label.product) EVERTILL_TRY(RefuseExpired(label.meaning->gs1, now));
  return label;
}

base::Expected<Counter::Scanned> Counter::Scan(std::string_view raw) {
  EVERTILL_TRY(RequireCashier());
  EVERTILL_ASSIGN(const domain::ScannedCode code, domain::ParseScan(raw));
  if (LooksSigned(code.text)) {
    EVERTILL_TRY(AttachCard(code.text));
    return Scanned::kMember;
  }
  EVERTILL_ASSIGN(const Label label, ReadLabel(code));
  if (!label.product) {
    if (IsCardNumber(code.text)) {
      EVERTILL_TRY(AttachMember(code.text));
      return Scanned::kMember;
    }
    return base::Fail(CheckoutErrc::kUnknownBarcode, code.text);
  }
  EVERTILL_TRY(RequireNoRefund());
  if (saved_) BeginNext();
  domain::RungProduct rung{*label.product, domain::Quantity::Units(1)};
  const bool weighed = label.meaning && label.meaning->weight && label.meaning->gs1.elements.empty();
  if (weighed && label.product->unit == domain::SellUnit::kEach) {
    return base::Fail(CheckoutErrc::kSoldByPiece, label.product->name);
  }
  if (label.meaning) rung = domain::RingByLabel(*label.product, *label.meaning);
  EVERTILL_ASSIGN([[maybe_unused]] const int line, basket_.Add(rung.product, rung.quantity, TraceOf(label.meaning)));
  FitPoints();
  KeepBasket();
  return Scanned::kProduct;
}

base::Expected<std::vector<domain::Product>> Counter::Search(std::string_view text) {
  EVERTILL_TRY(RequireCashier());
  return ports_.catalogue.Search(domain::CleanText(text.substr(0, domain::kLongestCode)), kMostFound);
}

base::Status Counter::SetQuantity(std::optional<int> line, std::string_view text) {
  EVERTILL_TRY(RequireCashier());
  if (saved_ || basket_.IsEmpty()) return base::Fail(CheckoutErrc::kNoLine);
  if (!tenders_.empty()) return base::Fail(CheckoutErrc::kNotAllowed, "money was already taken");
  EVERTILL_ASSIGN(const domain::Quantity quantity, domain::Quantity::Parse(text));
  EVERTILL_TRY(basket_.SetQuantity(line.value_or(static_cast<int>(basket_.Lines().size())), quantity));
  FitPoints();
  KeepBasket();
  return {};
}

base::Status Counter::AttachMember(std::string_view raw) {
  EVERTILL_TRY(RequireCashier());
  EVERTILL_ASSIGN(const domain::ScannedCode code, domain::ParseScan(raw));
  if (LooksSigned(code.text)) return AttachCard(code.text);
  std::optional<MemberRecord> found;
  CardLevel level = CardLevel::kNone;
  if (IsCardNumber(code.text)) {
    EVERTILL_ASSIGN(found, ports_.members.FindByCard(code.text));
    level = CardLevel::kNumber;
  } else if (const std::string phone = domain::LocalPhone(code.text, identity_.currency); !phone.empty()) {
    EVERTILL_ASSIGN(found, ports_.members.FindByPhone(phone));
  }
  if (!found) return base::Fail(CheckoutErrc::kMemberNotFound, code.text);
  return Attach(*found, level);
}

int32_t Counter::AgeToCheck() const {
  const int32_t limit = basket_.AgeLimit();
  return limit > age_confirmed_ ? limit : 0;
}

base::Status Counter::TenderCash(std::string_view amount) {
  if (saved_) return base::Fail(CheckoutErrc::kNothingToPay);
  if (refund_) return TenderRefund(amount);
  EVERTILL_TRY(RequireRinging());
  if (!ShiftOpen()) return base::Fail(CheckoutErrc::kNoShift);
  if (AgeToCheck() > 0) return base::Fail(CheckoutErrc::kAgeCheckNeeded, std::to_string(AgeToCheck()));
  const domain::Money due = Due();
  domain::Money given = due;
  if (amount != "exact") {
    EVERTILL_ASSIGN(given, domain::Money::Parse(amount, identity_.currency));
    if (given.Minor() <= 0 && !due.IsZero()) {
      return base::Fail(CheckoutErrc::kBadTender, given.ToDecimal() + " is not money handed over");
    }
  }
  // Points may have paid it all: then no money changes hands, and none is written down.
  const bool money = !given.IsZero() || !redemption_;
  if (money) tenders_.push_back({domain::TenderKind::kCash, std::min(given, due), given});
  if (given < due) {
    KeepBasket();
    return {};
  }
  auto committed = Commit();
  if (!committed) {
    if (money) tenders_.pop_back();
    if (committed.error().Is(CheckoutErrc::kRightsGone)) DropPoints();
  }
  return committed;
}

base::Status Counter::EnsureShift() {
  if (shift_) return {};
  // Only an unattended till comes here: its first sale opens the shift, and the journal says who did not.
  const ShiftRecord shift{domain::ShiftId(base::MakeUuidV7(ports_.clock, ports_.random)),
                          {},
                          domain::Money::Zero(identity_.currency),
                          ports_.clock.Now()};
  const EventDraft event{
      NewEventId(),
      {"shift_open", std::nullopt, {}},
      boost::json::serialize(boost::json::object{{"shift", shift.id.ToString()},
                                                 {"float", 0},
                                                 {"unattended", true},
                                                 {"role", std::string(RoleName(*identity_.unattended))}}),
      {}};
  EVERTILL_TRY(ports_.log.CommitShiftOpen(shift, event));
  shift_ = shift;
  return {};
}

domain::Sale Counter::MakeSale() const {
  domain::Money change = domain::Money::Zero(identity_.currency);
  for (const auto& tender : tenders_) change += tender.given - tender.amount;
  domain::Sale sale{.id = sale_id_,
                    .terminal = identity_.terminal,
                    .seq = 0,
                    .receipt = {},
                    .at = ports_.clock.Now(),
                    .cashier = cashier_->id,
                    .cashier_name = cashier_->name,
                    .shift = shift_->id,
                    .lines = basket_.Lines(),
                    .totals = basket_.Totals(),
                    .tax_rows = basket_.TaxRows(),
                    .tax_mode = scheme_.mode,
                    .tenders = Tenders(),
                    .change = change,
                    .member = {},
                    .points = Points(),
                    .training = false};
  if (member_) {
    const auto& record = *member_;
    sale.member =
        domain::SaleMember{record.id, record.name, record.card.substr(record.card.size() - 4), record.language};
  }
  return sale;
}

base::Status Counter::Commit() {
  EVERTILL_TRY(EnsureShift());
  domain::Sale sale = MakeSale();
  std::vector<domain::Posting> postings = loyalty::EarnPostings(sale.id, sale.points.earned);
  if (redemption_) {
    postings.insert(postings.end(), redemption_->funding.postings.begin(), redemption_->funding.postings.end());
  }
  EVERTILL_ASSIGN(saved_,
                  ports_.log.CommitSale(std::move(sale), std::move(postings), programme_.version, wants_receipt_));
  ports_.keeper.Keep({});
  EVERTILL_TRY(RefreshNextReceipt());
  return {};
}

base::Status Counter::ConfirmAge() {
  EVERTILL_TRY(RequireRinging());
  if (saved_) return base::Fail(CheckoutErrc::kNothingToPay);
  age_confirmed_ = std::max(age_confirmed_, basket_.AgeLimit());
  KeepBasket();
  return {};
}

base::Status Counter::VoidLine(int line) {
  EVERTILL_TRY(RequireCashier());
  if (saved_ || basket_.IsEmpty()) return base::Fail(CheckoutErrc::kNoLine);
  if (!tenders_.empty()) return base::Fail(CheckoutErrc::kNotAllowed, "money was already taken");
  EVERTILL_TRY(basket_.Remove(line));
  FitPoints();
  KeepBasket();
  return {};
}

base::Status Counter::VoidBasket() {
  EVERTILL_TRY(RequireCashier());
  if (saved_) {
    BeginNext();
    return {};
  }
  if (!basket_.IsEmpty()) {
    const boost::json::object ext{{"lines", static_cast<int64_t>(basket_.Lines().size())},
                                  {"total", basket_.Totals().total.Minor()},
                                  {"paid_back", CashTaken().Minor()}};
    EVERTILL_TRY(JournalEvent("void_basket", boost::json::serialize(ext)));
  }
  DropPoints();
  BeginNext();
  KeepBasket();
  return {};
}

base::Status Counter::JournalEvent(std::string kind, std::string ext, std::string side) {
  return ports_.log.CommitEvent({NewEventId(), {std::move(kind), std::nullopt, {}}, std::move(ext), std::move(side)});
}

base::Status Counter::SignIn(std::string_view name, std::string_view pin) {
  auto found = ports_.cashiers.CheckPin(name, pin);
  if (!found) return base::Fail(std::move(found.error()));
  EVERTILL_TRY(
      JournalEvent("sign_in", boost::json::serialize(boost::json::object{
                                  {"cashier", found->id.ToString()}, {"role", std::string(RoleName(found->role))}})));
  cashier_ = *found;
  if (saved_) BeginNext();
  return {};
}

std::vector<std::string> Counter::CashierNames() const {
  std::vector<std::string> names;
  if (const auto all = ports_.cashiers.List()) {
    for (const auto& cashier : *all) names.push_back(cashier.name);
  }
  return names;
}

base::Status Counter::Lock() {
  EVERTILL_TRY(RequireCashier());
  if (identity_.unattended) return base::Fail(CheckoutErrc::kNotAllowed, "an unattended till has nobody to sign out");
  EVERTILL_TRY(JournalEvent("lock", boost::json::serialize(boost::json::object{{"cashier", cashier_->id.ToString()}})));
  cashier_.reset();
  return {};
}

base::Status Counter::OpenShift(std::string_view opening_float) {
  EVERTILL_TRY(RequireCashier());
  if (shift_) return base::Fail(CheckoutErrc::kShiftOpen);
  EVERTILL_ASSIGN(const domain::Money counted, domain::Money::Parse(opening_float, identity_.currency));
  if (counted.IsNegative()) return base::Fail(CheckoutErrc::kBadTender, "a float cannot be negative");
  const ShiftRecord shift{domain::ShiftId(base::MakeUuidV7(ports_.clock, ports_.random)), cashier_->id, counted,
                          ports_.clock.Now()};
  const boost::json::object ext{{"shift", shift.id.ToString()},
                                {"float", counted.Minor()},
                                {"cashier", cashier_->id.Value().IsNil() ? std::string() : cashier_->id.ToString()},
                                {"unattended", identity_.unattended.has_value()},
                                {"role", std::string(RoleName(cashier_->role))}};
  EVERTILL_TRY(ports_.log.CommitShiftOpen(
      shift, {NewEventId(), {"shift_open", std::nullopt, {}}, boost::json::serialize(ext), {}}));
  shift_ = shift;
  return {};
}

base::Status Counter::Enrol(std::string_view name, std::string_view phone, std::string_view language,
                            const std::vector<std::string>& consents) {
  EVERTILL_TRY(RequireCashier());
  EVERTILL_TRY(RequireNoRefund());
  EVERTILL_ASSIGN(const Enrolled enrolled,
                  PrepareEnrolment({std::string(name), std::string(phone),
                                    language.empty() ? identity_.language : std::string(language), consents},
                                   identity_.currency, ports_.clock, ports_.random));
  EVERTILL_TRY(ports_.log.CommitEnrolment(enrolled.member, enrolled.event));
  return Attach(enrolled.member, CardLevel::kNumber);
}

}  // namespace evertill::checkout
