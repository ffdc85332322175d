#include <algorithm>

#include "app/base/uuid.h"
#include "app/card/card.h"
#include "app/checkout/errors.h"
#include "app/domain/sale.h"
#include "app/loyalty/errors.h"
#include "app/loyalty/ledger.h"
#include "app/loyalty/refund.h"
#include "tests/sim/world.h"

/// What happens at counters.
namespace evertill::sim {
namespace {

using checkout::CardLevel;
using domain::EventId;
using domain::Money;

constexpr int kLines = 2;
constexpr int64_t kPiece = domain::Quantity::kScale;

Money Satang(int64_t minor) {
  return {minor, *domain::Currency::Find("THB")};
}

std::string LifeOf(const domain::Terminal& terminal) {
  return terminal.Name() + "#" + std::to_string(terminal.incarnation);
}

domain::SaleLine Line(int number, int64_t pieces, int64_t minor) {
  const std::string barcode = "885000000000" + std::to_string(number);
  return {.number = number,
          .barcode = barcode,
          .sku = barcode,
          .name = "Rice",
          .name_other = {},
          .unit = domain::SellUnit::kEach,
          .quantity = domain::Quantity::Units(pieces),
          .unit_price = Satang(minor),
          .gross = Satang(minor * pieces),
          .discount = Satang(0),
          .total = Satang(minor * pieces),
          .tax_rate = {"V0", 0},
          .tax = Satang(0),
          .min_age = 0};
}

std::vector<int64_t> Filled(std::vector<int64_t> shares) {
  shares.resize(kLines);
  return shares;
}

}  // namespace

EventId World::NewEvent(Counter& counter) {
  return EventId(base::MakeUuidV7(counter.machine->Clock(), counter.machine->Random()));
}

domain::Sale World::BlankSale(Counter& counter, EventId id, int member) {
  domain::Sale sale{.id = id,
                    .terminal = counter.machine->Terminal(),
                    .seq = 0,
                    .receipt = {},
                    .at = counter.machine->Clock().Now(),
                    .cashier = {},
                    .cashier_name = "Nok",
                    .shift = {},
                    .lines = {},
                    .totals = {Satang(0), Satang(0), Satang(0), Satang(0), Satang(0)},
                    .tax_rows = {},
                    .tax_mode = domain::TaxMode::kInclusive,
                    .tenders = {},
                    .change = Satang(0),
                    .member = {},
                    .points = {},
                    .training = false,
                    .refund = {}};
  if (member >= 0) sale.member = domain::SaleMember{day_.members[static_cast<size_t>(member)].id, "M", "0000", "en"};
  return sale;
}

void World::Sell() {
  Counter* counter = AnyCounter();
  if (counter == nullptr) return;
  Commit(*counter, nullptr, AnyMember(), NewEvent(*counter), 1 + static_cast<int64_t>(Below(40)));
}

int64_t World::ChoosePoints(int64_t here) {
  switch (Below(8)) {
    case 0:
      return here;  // everything
    case 1:
      verdict_.Saw("asked for one point too many");
      return here + 1;
    case 2:
      return here + 1 + static_cast<int64_t>(Below(60));
    case 3:
      return OneIn(2) ? 0 : INT64_MAX;
    default:
      return here > 0 ? 1 + static_cast<int64_t>(Below(static_cast<uint64_t>(here))) : 5;
  }
}

/// Card, PIN where there is one, head office where it answers, the till's rights where not.
std::optional<Basket> World::Fund(Counter& counter, int member, int64_t points, CardLevel level) {
  checkout::Rights& rights = counter.machine->Till().Rights();
  const domain::MemberId id = day_.members[static_cast<size_t>(member)].id;
  Basket basket{NewEvent(counter), member, points, level, {}, true};
  std::optional<checkout::HoldAnswer> hold;
  if (May("reserve") && points > 0 && points < 100'000 && OneIn(3) && counter.machine->Holds().Reachable()) {
    counter.facts.reserves.insert(basket.sale.ToString());
    if (!rights.BeginReserve(id, basket.sale, points)) return std::nullopt;
    Tell(counter, member, "reserves " + std::to_string(points) + " for " + basket.sale.ToString());
    hold = counter.machine->Holds().Reserve(id, basket.sale, points);
    verdict_.Saw(!hold ? "head office did not answer in time" : hold->given ? "hold taken" : "hold refused online");
  }
  const bool refused = hold && !hold->given;
  auto funding = rights.Fund(id, level, basket.sale, points, hold, refused);
  if (funding) {
    if (IsClockWrong(counter) && !funding->from_hold) {
      verdict_.Break(5, counter.machine->Name() + " redeemed under a clock that was set back");
    }
    basket.funding = std::move(*funding);
    if (basket.funding.stand_in > 0) verdict_.Saw("stand-in used");
    if (hold && !hold->given) verdict_.Saw("grant used after a refusal");
    if (May("reserve") && !hold) verdict_.Saw("paid offline from rights");
    return basket;
  }
  verdict_.Saw("redemption refused: " + std::string(funding.error().Name()));
  Tell(counter, member, "lets go " + basket.sale.ToString());
  LetGo(counter, basket.sale);
  return std::nullopt;
}

void World::Redeem() {
  if (Counter* counter = AnyCounter()) RedeemAt(*counter);
}

/// The counter goes on while a round waits for head office. Nothing dies meanwhile: the round is on the stack.
void World::SellMeanwhile(int machine) {
  if (resting_ || !OneIn(12)) return;
  Counter& counter = counters_[static_cast<size_t>(machine)];
  if (!counter.machine->On() || counter.machine->GetDisk().Dead()) return;
  counter.machine->GetDisk().CalmDown();
  verdict_.Saw("sold during a round");
  RedeemAt(counter);
}

void World::RedeemAt(Counter& at) {
  Counter* counter = &at;
  const int member = AnyMember();
  const auto level = OneIn(stand_in_ > 0 ? 2 : 4) ? CardLevel::kPhone
                     : OneIn(12)                  ? CardLevel::kNumber
                                                  : CardLevel::kSigned;
  const auto here =
      counter->machine->Till().Rights().Look(day_.members[static_cast<size_t>(member)].id, level, NewEvent(*counter));
  if (!here) return;
  const int64_t points = ChoosePoints(here->here);
  auto basket = Fund(*counter, member, points, level);
  if (counter->machine->GetDisk().Dead()) return;
  if (!basket) {
    if (points <= here->here && points > 0 && !here->closed) verdict_.Saw("could be spent, was refused");
    return;
  }
  if (level == CardLevel::kNumber && !basket->funding.from_hold) {
    verdict_.Break(4, "a plain number redeemed offline");
  }
  if (points < 1) verdict_.Break(4, std::to_string(points) + " points were redeemed");
  if (OneIn(4)) {
    verdict_.Saw("basket left open");
    counter->baskets.push_back(*basket);
    return;
  }
  Commit(*counter, &*basket, member, basket->sale, OneIn(2) ? static_cast<int64_t>(Below(10)) : 0);
}

void World::PayOpenBasket() {
  Counter* counter = AnyCounter();
  if (counter == nullptr || counter->baskets.empty()) return;
  const size_t at = Below(counter->baskets.size());
  const Basket basket = counter->baskets[at];
  counter->baskets.erase(counter->baskets.begin() + static_cast<ptrdiff_t>(at));
  if (!basket.reserved) verdict_.Saw("basket paid after its rights were let go");
  Commit(*counter, &basket, basket.member, basket.sale, 0);
}

/// Sometimes the screen goes on with what the till has let go: only the commit can notice.
void World::GiveUpBasket() {
  Counter* counter = AnyCounter();
  if (counter == nullptr || counter->baskets.empty()) return;
  const size_t at = Below(counter->baskets.size());
  Basket& basket = counter->baskets[at];
  const bool asked = basket.funding.from_hold;
  LetGo(*counter, basket.sale);
  verdict_.Saw("basket given up");
  if (basket.reserved && !asked && OneIn(2)) {
    basket.reserved = false;
    return;
  }
  counter->baskets.erase(counter->baskets.begin() + static_cast<ptrdiff_t>(at));
}

bool World::Landed(Counter& counter, const EventId& id) {
  if (counter.machine->GetDisk().Dead()) MendTill(counter);
  if (!counter.machine->On()) return false;
  const auto last = counter.machine->Till().Sales().LastSale();
  return last && *last && (*last)->id == id;
}

/// Among the newest events.
bool World::IsInJournal(Counter& counter, const EventId& id) {
  if (counter.machine->GetDisk().Dead()) MendTill(counter);
  if (!counter.machine->On()) return false;
  const auto cursor = counter.machine->Till().Sync().Cursor();
  if (!cursor) return false;
  bool found = false;
  const auto look = [&](const store::JournalRecord& record) -> base::Status {
    found = found || record.body.find(id.ToString()) != std::string::npos;
    return {};
  };
  return counter.machine->Till().ForEachEvent(std::max<int64_t>(0, cursor->head_seq - 8), 0, look) && found;
}

void World::Commit(Counter& counter, const Basket* basket, int member, EventId id, int64_t earned) {
  domain::Sale sale = BlankSale(counter, id, member);
  const std::vector<int64_t> weights{static_cast<int64_t>(1000 + Below(4000)),
                                     static_cast<int64_t>(1000 + Below(4000))};
  sale.lines = {Line(1, 2, weights[0]), Line(2, 1, weights[1])};
  sale.totals.subtotal = sale.totals.total = sale.lines[0].total + sale.lines[1].total;
  sale.tenders.push_back({domain::TenderKind::kCash, sale.totals.total, sale.totals.total});
  sale.points.earned = earned;
  auto postings = loyalty::EarnPostings(id, earned);
  const auto programme = counter.machine->Till().Rules().Programme();
  if (!programme) return;
  if (earned > 0) {
    sale.points.line_earned = loyalty::SharePoints(earned, weights);
    const int64_t now = base::ToUnixMillis(sale.at);
    sale.points.active_ms = now + programme->lots.activation_hours * 3'600'000;
    sale.points.expires_ms = programme->lots.expiry_days > 0 ? now + programme->lots.expiry_days * 86'400'000 : 0;
  }
  if (basket != nullptr) {
    sale.points.spent = basket->points;
    sale.points.line_spent = loyalty::SharePoints(basket->points, weights);
    sale.points.stand_in = basket->funding.stand_in;
    for (const auto& posting : basket->funding.postings) {
      postings.push_back(posting);
      if (posting.amount < 0) sale.points.redemption.push_back(posting);
    }
  }
  const domain::PointsSummary points = sale.points;
  counter.in_flight = id.ToString();
  auto kept = counter.machine->Till().Sales().CommitSale(std::move(sale), std::move(postings), 1, false);
  if (!kept) {
    verdict_.Saw("commit failed: " + std::string(kept.error().Name()));
    if (kept.error().Is(checkout::CheckoutErrc::kRightsGone)) {
      LetGo(counter, id);
      return;
    }
    if (!Landed(counter, id)) {
      if (counter.machine->On()) LetGo(counter, id);
      return;
    }
    verdict_.Saw("a commit that failed was on the disk");
    auto found = counter.machine->Till().Sales().LastSale();
    kept = std::move(**found);
  }
  ++sales_;
  SaleFact fact{id.ToString(),
                member,
                LifeOf(kept->terminal),
                kept->seq,
                base::ToUnixMillis(kept->at),
                earned,
                Filled(points.line_earned),
                Filled(points.line_spent),
                {2 * kPiece, kPiece},
                points.redemption,
                points.spent};
  Tell(counter, member,
       "sale " + fact.event + " seq " + std::to_string(fact.seq) + " earns " + std::to_string(earned) + " spends " +
           std::to_string(points.spent));
  for (const auto& posting : fact.paid) {
    Tell(counter, member,
         "  paid by " + posting.account + " " + posting.source + " lot " + posting.lot + " " +
             std::to_string(-posting.amount));
    verdict_.Saw("paid by " + posting.account);
  }
  oracle_.Sold(fact, counter.facts);
}

void World::Refund() {
  Counter* counter = AnyCounter();
  if (counter == nullptr || counter->facts.events.empty()) return;
  const auto& events = counter->facts.events;
  const auto sale = oracle_.Sales().find(events[Below(events.size())]);
  if (sale != oracle_.Sales().end()) RefundSale(*counter, sale->second, OneIn(2));
}

/// The receipt in hand at another till, as its QR tells of it.
void World::RefundElsewhere() {
  Counter* first = AnyCounter();
  if (first == nullptr || first->facts.events.empty()) return;
  const auto& events = first->facts.events;
  const auto sale = oracle_.Sales().find(events[events.size() - 1 - Below(std::min<size_t>(events.size(), 10))]);
  if (sale == oracle_.Sales().end()) return;
  const SaleFact fact = sale->second;
  Counter* second = AnyCounter();
  RefundSale(*second, fact, true);
  if (second != first) verdict_.Saw("refund at another till");
  if (!OneIn(2)) return;
  Counter* third = AnyCounter();
  if (third == nullptr || third == second) return;
  verdict_.Saw("one receipt refunded at two tills");
  RefundSale(*third, fact, true);
}

void World::RefundSale(Counter& counter, const SaleFact& sale, bool whole) {
  if (counter.machine->GetDisk().Dead()) return;
  const auto uuid = base::Uuid::Parse(sale.event);
  const auto so_far = counter.machine->Till().Rights().Refunded(EventId(*uuid));
  if (!so_far) return;
  loyalty::SalePoints points{EventId(*uuid), sale.line_earned, sale.line_spent, sale.quantity, sale.paid};
  std::vector<loyalty::RefundLine> lines;
  for (int i = 0; i < kLines; ++i) {
    const int64_t before = so_far->quantity_micro[static_cast<size_t>(i)];
    const int64_t left = sale.quantity[static_cast<size_t>(i)] - before;
    const int64_t now = whole ? left : std::min(left, kPiece);
    if (now > 0 && (whole || OneIn(2))) lines.push_back({i + 1, before, now});
  }
  if (lines.empty()) {
    if (so_far->quantity_micro[0] < sale.quantity[0]) return;
    verdict_.Saw("nothing left to refund here");
    lines.push_back({1, so_far->quantity_micro[0], kPiece});
    const auto refused = loyalty::PlanRefund(points, lines, NewEvent(counter), so_far->local_left, safeguards_);
    if (refused) verdict_.Break(9, "a till would refund " + sale.event + " twice");
    return;
  }
  const EventId id = NewEvent(counter);
  const auto plan = loyalty::PlanRefund(points, lines, id, so_far->local_left, safeguards_);
  if (!plan) return verdict_.Break(0, "no refund of " + sale.event + ": " + plan.error().ToString());
  domain::Sale refund = BlankSale(counter, id, sale.member);
  refund.refund = domain::RefundOf{EventId(*uuid), domain::ReceiptNumber("L01-000001"), {}};
  RefundFact fact{id.ToString(), sale.event, {}, plan->postings};
  for (size_t i = 0; i < lines.size(); ++i) {
    domain::SaleLine line = Line(static_cast<int>(i) + 1, 1, 1000);
    line.quantity = domain::Quantity::FromMicro(-lines[i].now_micro);
    line.gross = line.total = Satang(-1000);
    refund.lines.push_back(line);
    const auto& moved = plan->lines[i];
    refund.refund->lines.push_back({lines[i].line, lines[i].now_micro, moved.reversed, moved.restored});
    fact.lines.push_back({lines[i].line, moved.reversed, moved.restored});
  }
  refund.points.earned = -plan->reversed;
  refund.points.spent = -plan->restored;
  refund.totals.subtotal = refund.totals.total = Satang(-1000 * static_cast<int64_t>(lines.size()));
  refund.tenders.push_back({domain::TenderKind::kCash, refund.totals.total, refund.totals.total});
  counter.in_flight = fact.event;
  if (!counter.machine->Till().Sales().CommitSale(std::move(refund), plan->postings, 1, false) &&
      !Landed(counter, id)) {
    verdict_.Saw("refund failed");
    return;
  }
  ++sales_;
  verdict_.Saw(plan->restored > 0 ? "refund restored points" : "refund");
  Tell(counter, sale.member,
       "refund " + fact.event + " of " + sale.event + " reverses " + std::to_string(plan->reversed) + " restores " +
           std::to_string(plan->restored));
  oracle_.Refunded(fact, counter.facts);
}

/// As the counter does: what cannot be written now is given back before anybody is told what they may spend.
void World::LetGo(Counter& counter, const EventId& sale) {
  if (counter.machine->Till().Rights().Release(sale)) return;
  verdict_.Saw("points could not be given back at once");
  counter.leftovers.push_back(sale);
}

/// A till that head office has not answered since a member earned there must let them spend it.
void World::LookCloser() {
  Counter* counter = AnyCounter();
  if (counter == nullptr) return;
  std::erase_if(counter->leftovers,
                [&](const EventId& sale) { return counter->machine->Till().Rights().Release(sale).has_value(); });
  if (!counter->leftovers.empty()) return;
  for (size_t i = 0; i < day_.members.size(); ++i) {
    const int member = static_cast<int>(i);
    const auto sure = counter->facts.sure.find(member);
    if (sure == counter->facts.sure.end() || sure->second == 0 || policy_ != 1) continue;
    if (oracle_.IsMerged(member)) continue;  // the ids of one person spend each other's
    int64_t reserved = 0;
    for (const Basket& basket : counter->baskets) reserved += basket.member == member ? basket.points : 0;
    const auto here =
        counter->machine->Till().Rights().Look(day_.members[i].id, CardLevel::kSigned, NewEvent(*counter));
    if (!here || here->closed) continue;
    verdict_.Saw("looked at points earned offline");
    if (here->here + here->debt + reserved >= sure->second) continue;  // earnings pay a debt first
    verdict_.Break(12, counter->machine->Name() + " earned " + std::to_string(sure->second) +
                           " points since head office last answered and offers " + std::to_string(here->here) + " of " +
                           std::to_string(reserved) + " in baskets, debt " + std::to_string(here->debt));
  }
}

/// An event of a kind that this version does not know; its core can be posted all the same.
void World::NewerEvent() {
  Counter* counter = AnyCounter();
  if (counter == nullptr) return;
  const int member = AnyMember();
  checkout::EventDraft draft{
      NewEvent(*counter), {"game_won", day_.members[static_cast<size_t>(member)].id, {}}, {}, {}};
  draft.core.postings = loyalty::EarnPostings(draft.id, 3);
  draft.ext = R"({"schema_9":{"prize":[1,2,3]}})";
  if (!counter->machine->Till().Sales().CommitEvent(draft) && !IsInJournal(*counter, draft.id)) return;
  verdict_.Injected("event of a newer version");
  oracle_.Earned(draft.id.ToString(), member, 3, LifeOf(counter->machine->Terminal()), counter->facts);
}

/// Good, replayed and forged cards.
void World::ShowCard() {
  Counter* counter = AnyCounter();
  if (counter == nullptr) return;
  const SimMember& member = day_.members[static_cast<size_t>(AnyMember())];
  checkout::Rights& rights = counter->machine->Till().Rights();
  const auto read = rights.ReadCard(member.signed_card);
  if (read) verdict_.Saw("signed card read");
  if (read && read->level != CardLevel::kSigned) verdict_.Break(4, "a printed card passed for a phone");
  std::string forged = member.signed_card;
  char& c = forged[20 + Below(100)];
  c = c == 'A' ? 'B' : 'A';
  if (const auto taken = rights.ReadCard(forged); taken) verdict_.Break(4, "a changed card was taken");
  verdict_.Injected("forged card");
  const int64_t step = base::ToUnixMillis(counter->machine->Clock().Now()) / 30'000;
  const std::string code = member.phone_card + card::TimeCode(member.phone_secret, step);
  const auto first = rights.ReadCard(code);
  if (counter->machine->GetDisk().Dead()) return;
  const auto again = rights.ReadCard(code);
  verdict_.Injected("replayed card");
  const auto by_phone = [](const auto& card) { return card && card->level == CardLevel::kPhone; };
  if (by_phone(first)) verdict_.Saw("phone code read");
  if (by_phone(first) && by_phone(again)) verdict_.Break(4, "a phone's code was taken twice");
}

/// Wrong PINs, over restarts: three and no more.
void World::TryPins() {
  Counter* counter = AnyCounter();
  if (counter == nullptr) return;
  const int member = 1 + static_cast<int>(Below(2));
  for (uint64_t tries = 1 + Below(4); tries > 0 && !counter->machine->GetDisk().Dead(); --tries)
    TryPin(*counter, member);
}

void World::TryPin(Counter& counter, int member) {
  const SimMember& who = day_.members[static_cast<size_t>(member)];
  checkout::Rights& rights = counter.machine->Till().Rights();
  int& wrong_tries = counter.facts.wrong_pins[member];
  if (OneIn(4)) {
    const auto right = rights.CheckPin(who.id, who.pin);
    if (right && wrong_tries >= 3) verdict_.Break(4, "a PIN was taken after three wrong tries");
    Tell(counter, member, right ? "PIN taken" : "PIN refused: " + right.error().ToString());
    // Where the disk failed at that moment the count may have been cleared all the same.
    if (right || right.error().Name() == "commit_unknown") wrong_tries = 0;
    verdict_.Saw(right ? "PIN taken" : "PIN refused: " + std::string(right.error().Name()));
    return;
  }
  const auto wrong = rights.CheckPin(who.id, "1357");
  verdict_.Injected("wrong PIN");
  if (wrong) return verdict_.Break(4, "a wrong PIN was taken");
  Tell(counter, member, "wrong PIN: " + wrong.error().ToString());
  verdict_.Saw("PIN refused: " + std::string(wrong.error().Name()));
  if (wrong.error().Is(checkout::CheckoutErrc::kPinWrong)) ++wrong_tries;
  if (wrong_tries > 3) verdict_.Break(4, "a fourth wrong PIN was tried");
}

}  // namespace evertill::sim
