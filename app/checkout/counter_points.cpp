#include <algorithm>
#include <charconv>

#include "app/base/log.h"
#include "app/checkout/counter.h"
#include "app/checkout/errors.h"
#include "app/loyalty/errors.h"
#include "app/loyalty/refund.h"

/// The counter's points: who the member is by card, what of their points pays, and what becomes of it when the basket
/// changes.
namespace evertill::checkout {
namespace {

using loyalty::LoyaltyErrc;

constexpr int64_t kMillisPerHour = 3'600'000;

int64_t PointsOf(const HoldAnswer& hold) {
  int64_t points = 0;
  for (const auto& lot : hold.lots) points -= lot.amount;
  return points;
}

/// So much of a hold as pays `points`; the rest goes back when head office gets the sale.
HoldAnswer Part(const HoldAnswer& hold, int64_t points) {
  HoldAnswer part{true, {}, hold.available};
  for (auto lot : hold.lots) {
    lot.amount = std::max(lot.amount, -points);
    if (lot.amount < 0) part.lots.push_back(lot);
    points += lot.amount;
  }
  return part;
}

/// A whole number ≥ 0.
base::Expected<int64_t> ParsePoints(std::string_view text) {
  int64_t points = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), points);
  if (error != std::errc() || end != text.data() + text.size() || points < 0) {
    return base::Fail(LoyaltyErrc::kBadPoints, std::string(text));
  }
  return points;
}

/// What FundRedemption says could be spent, out of its refusal.
int64_t PossibleFrom(const base::Error& error) {
  if (!error.Is(LoyaltyErrc::kNotEnoughHere) && !error.Is(LoyaltyErrc::kDayLimit)) return 0;
  const auto points = ParsePoints(error.Detail());
  return points ? *points : 0;
}

}  // namespace

bool LooksSigned(std::string_view text) {
  // Also one of which a part was not read: it must be refused as a card, not looked for among the products.
  constexpr size_t kMark = 3;
  constexpr size_t kFewest = 17;
  if (text.size() < kMark + kFewest) return false;
  const bool marked =
      (text[0] == 'E' || text[0] == 'e') && (text[1] == 'V' || text[1] == 'v') && (text[2] == '1' || text[2] == '2');
  return marked && std::all_of(text.begin() + kMark, text.begin() + kMark + kFewest, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
         });
}

base::Status Counter::AttachCard(std::string_view text) {
  EVERTILL_ASSIGN(const CardRead card, ports_.rights.ReadCard(text));
  EVERTILL_ASSIGN(const std::optional<MemberRecord> record, ports_.members.Find(card.member));
  if (!record) return base::Fail(CheckoutErrc::kMemberNotFound, "••• " + card.serial.substr(card.serial.size() / 2));
  return Attach(*record, card.level);
}

base::Status Counter::Attach(const MemberRecord& record, CardLevel level) {
  EVERTILL_TRY(RequireNoRefund());
  // Money already taken would earn for whoever is attached last: members are attached before paying.
  if (saved_) BeginNext();
  if (member_ && member_->id == record.id) {
    level = std::max(level, level_);
  } else {
    DropPoints();
    pin_entered_ = false;
  }
  member_ = record;
  level_ = level;
  KeepBasket();
  return {};
}

base::Status Counter::DetachMember() {
  EVERTILL_TRY(RequireCashier());
  EVERTILL_TRY(RequireNoRefund());
  if (saved_ || !member_) return {};
  DropPoints();
  member_.reset();
  level_ = CardLevel::kNone;
  pin_entered_ = false;
  KeepBasket();
  return {};
}

base::Status Counter::EnterPin(std::string_view pin) {
  EVERTILL_TRY(RequireCashier());
  if (saved_ || !member_) return base::Fail(CheckoutErrc::kNoMember);
  EVERTILL_TRY(ports_.rights.CheckPin(member_->id, pin));
  pin_entered_ = true;
  return {};
}

void Counter::RefreshMember() {
  if (!member_ || saved_ || refund_) return;
  const auto record = ports_.members.Find(member_->id);
  if (record && *record && (*record)->id == member_->id) member_ = **record;
}

/// Goods are sold whether or not this can be written (disk full): it is tried again before anybody is told what they
/// may spend here.
void Counter::LetGo(domain::EventId sale) {
  if (const auto released = ports_.rights.Release(sale); !released) {
    leftovers_ = true;
    base::LogWarn("points could not be given back: {}", released.error().ToString());
  }
}

void Counter::GiveBackLeftovers() {
  if (leftovers_) leftovers_ = !ports_.rights.ReleaseAllBut(sale_id_);
}

std::optional<PointsHere> Counter::Here() {
  if (!member_) return std::nullopt;
  GiveBackLeftovers();
  auto here = ports_.rights.Look(member_->id, level_, sale_id_);
  if (!here) {
    base::LogWarn("points at this till: {}", here.error().ToString());
    return std::nullopt;
  }
  return std::move(*here);
}

bool Counter::AsksHeadOffice() const {
  // Head office gives nothing on a number that anybody could say aloud: the till does not ask.
  return ports_.reserver != nullptr && level_ >= CardLevel::kSigned && ports_.reserver->Reachable();
}

bool Counter::HeadOfficeKnown() const {
  return online_ || (ports_.reserver != nullptr && ports_.reserver->Reached());
}

domain::Money Counter::CashTaken() const {
  domain::Money cash = domain::Money::Zero(identity_.currency);
  for (const auto& tender : tenders_) cash += tender.amount;
  return cash;
}

std::vector<domain::Tender> Counter::Tenders() const {
  if (refund_) return refund_->tenders;
  std::vector<domain::Tender> tenders;
  if (redemption_) tenders.push_back({domain::TenderKind::kPoints, redemption_->amount, redemption_->amount});
  tenders.insert(tenders.end(), tenders_.begin(), tenders_.end());
  return tenders;
}

domain::Money Counter::Paid() const {
  if (refund_) {
    domain::Money paid = domain::Money::Zero(identity_.currency);
    for (const auto& tender : refund_->tenders) paid += tender.amount;
    return paid;
  }
  return redemption_ ? CashTaken() + redemption_->amount : CashTaken();
}

domain::Money Counter::Due() const {
  return (refund_ ? refund_->totals.total : basket_.Totals().total) - Paid();
}

domain::Money Counter::DueBeforePoints() const {
  return basket_.Totals().total - CashTaken();
}

domain::PointsSummary Counter::Points() const {
  if (refund_) return refund_->points;
  domain::PointsSummary points;
  if (!member_) return points;
  const domain::Money total = basket_.Totals().total;
  points.before = member_->points;
  points.earned = loyalty::PointsEarned(programme_, redemption_ ? total - redemption_->amount : total);
  points.spent = redemption_ ? redemption_->funding.points : 0;
  points.after = points.before + points.earned - points.spent;
  points.provisional = !HeadOfficeKnown() || member_->provisional;
  std::vector<int64_t> weights;
  for (const auto& line : basket_.Lines()) weights.push_back(line.total.Minor());
  if (points.earned > 0) {
    const int64_t now = base::ToUnixMillis(ports_.clock.Now());
    const auto& lots = programme_.lots;
    points.line_earned = loyalty::SharePoints(points.earned, weights);
    points.active_ms = now + lots.activation_hours * kMillisPerHour;
    points.expires_ms = lots.expiry_days > 0 ? now + lots.expiry_days * 24 * kMillisPerHour : 0;
  }
  if (redemption_) {
    points.line_spent = loyalty::SharePoints(points.spent, weights);
    points.stand_in = redemption_->funding.stand_in;
    for (const auto& posting : redemption_->funding.postings) {
      if (posting.amount < 0) points.redemption.push_back(posting);
    }
  }
  return points;
}

base::Status Counter::MayRedeem(const PointsHere& here) const {
  if (here.closed) return base::Fail(*here.closed);
  if (here.pin_needed && !pin_entered_) {
    return base::Fail(here.pin_known ? CheckoutErrc::kPinNeeded : CheckoutErrc::kPinUnknownHere);
  }
  return {};
}

base::Status Counter::Redeem(std::string_view text) {
  const bool most = text == "max";
  int64_t asked = 0;
  if (!most) {
    EVERTILL_ASSIGN(asked, ParsePoints(text));
    if (asked == 0) return RemovePoints();
  }
  if (saved_) return base::Fail(CheckoutErrc::kNothingToPay);
  EVERTILL_TRY(RequireRinging());
  if (!member_) return base::Fail(CheckoutErrc::kNoMember);
  if (!ShiftOpen()) return base::Fail(CheckoutErrc::kNoShift);
  const int64_t needed = loyalty::PointsFor(programme_, DueBeforePoints());
  if (needed < 1) return base::Fail(CheckoutErrc::kNothingToPay);
  GiveBackLeftovers();
  EVERTILL_ASSIGN(const PointsHere here, ports_.rights.Look(member_->id, level_, sale_id_));
  EVERTILL_TRY(MayRedeem(here));
  EVERTILL_ASSIGN(Funding funding, Obtain(most ? needed : std::min(asked, needed), most, here));
  TakeFunding(std::move(funding));
  KeepBasket();
  return {};
}

base::Status Counter::RemovePoints() {
  EVERTILL_TRY(RequireCashier());
  if (saved_ || !redemption_) return base::Fail(CheckoutErrc::kNoPointsUsed);
  if (hold_) {
    // What head office holds stays held for this basket, so that "use points" pressed again finds it: it is given back
    // when the basket is saved without it, or is not saved.
    redemption_.reset();
  } else {
    DropPoints();
  }
  KeepBasket();
  return {};
}

void Counter::TakeFunding(Funding funding) {
  const domain::Money amount = std::min(Worth(funding.points), DueBeforePoints());
  redemption_ = Redemption{std::move(funding), amount};
}

base::Expected<Funding> Counter::Fund(int64_t points) {
  std::optional<HoldAnswer> hold;
  if (hold_) hold = Part(*hold_, points);
  return ports_.rights.Fund(member_->id, level_, sale_id_, points, hold, refused_online_);
}

base::Expected<Funding> Counter::FundAtMost(int64_t points) {
  auto funding = Fund(points);
  if (funding) return funding;
  const int64_t possible = PossibleFrom(funding.error());
  if (possible < 1 || possible >= points) return funding;
  return Fund(possible);
}

base::Expected<std::optional<HoldAnswer>> Counter::Reserve(domain::EventId sale, int64_t points) {
  EVERTILL_TRY(ports_.rights.BeginReserve(member_->id, sale, points));
  if (sale == sale_id_) reserving_ = true;
  return ports_.reserver->Reserve(member_->id, sale, points);
}

base::Expected<Funding> Counter::Obtain(int64_t points, bool at_most, const PointsHere& here) {
  const int64_t most = at_most ? std::min(points, here.here + here.elsewhere) : points;
  if (most < 1 || !AsksHeadOffice()) return at_most ? FundAtMost(points) : Fund(points);
  if (!hold_) return ObtainOnline(most, at_most, here);
  auto funding = Fund(most);
  if (funding || !funding.error().Is(LoyaltyErrc::kNotEnoughHere)) return funding;
  EVERTILL_TRY(RaiseHold(most, at_most, here));
  return at_most ? FundAtMost(most) : Fund(most);
}

/// Asks for all of it, and when that is refused, for what the rights held here leave open.
base::Expected<std::optional<HoldAnswer>> Counter::AskHeadOffice(domain::EventId sale, int64_t points, bool at_most,
                                                                 const PointsHere& here) {
  EVERTILL_ASSIGN(std::optional<HoldAnswer> answer, Reserve(sale, points));
  if (!answer || answer->given) return answer;
  const int64_t possible = std::max<int64_t>(0, answer->available);
  const int64_t missing = (at_most ? std::min(points, possible + here.here) : points) - here.here;
  if (missing < 1 || missing > possible) return answer;
  return Reserve(sale, missing);
}

base::Expected<Funding> Counter::ObtainOnline(int64_t points, bool at_most, const PointsHere& here) {
  EVERTILL_ASSIGN(std::optional<HoldAnswer> answer, AskHeadOffice(sale_id_, points, at_most, here));
  if (answer && answer->given) hold_ = answer;
  if (answer && !answer->given) refused_online_ = true;
  // Without an answer nobody knows, and the rights held here decide.
  auto funding = at_most ? FundAtMost(points) : Fund(points);
  if (funding || !refused_online_ || !funding.error().Is(LoyaltyErrc::kNotEnoughHere)) return funding;
  const int64_t most = std::max<int64_t>(0, answer->available) + PossibleFrom(funding.error());
  return base::Fail(CheckoutErrc::kNotEnoughOnline, std::to_string(most));
}

/// One event has one hold of one size: more is held for a new event, and only then the old one is given back.
base::Status Counter::RaiseHold(int64_t points, bool at_most, const PointsHere& here) {
  const domain::EventId other = NewEventId();
  EVERTILL_ASSIGN(std::optional<HoldAnswer> answer, AskHeadOffice(other, points, at_most, here));
  const bool more = answer && answer->given && PointsOf(*answer) > PointsOf(*hold_);
  if (!more) {
    LetGo(other);
    return {};
  }
  const domain::EventId before = sale_id_;
  redemption_.reset();
  sale_id_ = other;
  hold_ = std::move(answer);
  KeepBasket();  // before the old one is given up: a till killed here must not come back with it
  LetGo(before);
  return {};
}

void Counter::FitPoints() {
  if (!redemption_) return;
  const domain::Money due = DueBeforePoints();
  const int64_t needed = basket_.IsEmpty() ? 0 : loyalty::PointsFor(programme_, due);
  if (needed < 1) return DropPoints();
  if (needed < redemption_->funding.points) {
    auto funding = Fund(needed);
    if (!funding) {
      base::LogWarn("fewer points could not be taken: {}", funding.error().ToString());
      return DropPoints();
    }
    redemption_->funding = std::move(*funding);
  }
  redemption_->amount = std::min(Worth(redemption_->funding.points), due);
}

void Counter::DropPoints() {
  if (!redemption_ && !reserving_) return;
  const domain::EventId given_up = sale_id_;
  redemption_.reset();
  hold_.reset();
  refused_online_ = false;
  if (reserving_) sale_id_ = NewEventId();  // head office reserves nothing for an event that was given up
  reserving_ = false;
  KeepBasket();
  LetGo(given_up);
}

}  // namespace evertill::checkout
