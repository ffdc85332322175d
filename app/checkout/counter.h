#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/checkout/ports.h"
#include "app/checkout/rights_port.h"
#include "app/domain/barcode.h"
#include "app/domain/basket.h"
#include "app/loyalty/refund.h"

namespace evertill::checkout {

struct KeptBasket;

/// What the counter stands on. All outlive it.
struct CounterPorts {
  Catalogue& catalogue;
  Members& members;
  Cashiers& cashiers;
  SaleLog& log;
  BasketKeeper& keeper;
  Rules& rules;
  Rights& rights;
  Reserver* reserver;  ///< asks head office to hold points; nullptr where there is none
  base::Clock& clock;
  base::Random& random;
  loyalty::Safeguards safeguards = {};  ///< only the simulator and tests take a rule away
};

/// True for a text that begins like a signed card ("EV1…", "EV2…" and 17 characters of base32), be it whole or not: no
/// product's code is that long.
[[nodiscard]] bool LooksSigned(std::string_view text);

/// One till's counter: rings up, takes money, commits. Holds the sale being rung and nothing that could be read from
/// the store instead. Not thread-safe: it lives on one thread, never the user interface's. Every refused call changes
/// nothing.
class Counter {
 public:
  /// Also recalls a basket that was being rung when the program was killed, unless it had been committed.
  [[nodiscard]] static base::Expected<Counter> Open(TillIdentity identity, domain::TaxScheme scheme,
                                                    CounterPorts ports);

  /// What a code turned out to be.
  enum class Scanned { kProduct, kMember };
  /// Product or member's card. A first scan after a saved sale begins the next. kUnknownBarcode, kBadBarcode,
  /// kBadGs1; kSoldByPiece where a shop's label carries a weight; kGoodsExpired for goods past the day that their GS1
  /// code says.
  [[nodiscard]] base::Expected<Scanned> Scan(std::string_view code);
  [[nodiscard]] base::Expected<std::vector<domain::Product>> Search(std::string_view text);
  /// Of the last line where `line` is none.
  [[nodiscard]] base::Status SetQuantity(std::optional<int> line, std::string_view quantity);
  /// By a signed card's text, a card number or a phone number. The same member shown again by a better card keeps what
  /// was redeemed; another one gives it back first.
  [[nodiscard]] base::Status AttachMember(std::string_view text);
  [[nodiscard]] base::Status DetachMember();
  /// Spends points of the member: a whole number, "max" for all that the sale needs and can be had, "0" takes back. At
  /// most what is due: the fewest points that are worth it, and never more money than it. Replaces what was redeemed
  /// before. Head office is asked first where it is in reach; otherwise, and when it says no, the rights held here
  /// pay. kNoMember, kNothingToPay, kPinNeeded, kNotEnoughOnline, and what Rights::Fund refuses.
  [[nodiscard]] base::Status Redeem(std::string_view points);
  /// kNoPointsUsed.
  [[nodiscard]] base::Status RemovePoints();
  /// The member's PIN: good for this sale. kNoMember, kPinWrong, kPinLocked, kPinUnknownHere.
  [[nodiscard]] base::Status EnterPin(std::string_view pin);
  /// Adds cash; commits the sale when it is paid. "exact" pays what is due, be it nothing after points. kBadTender for
  /// an amount that is not positive, kAgeCheckNeeded, kNothingToPay, kNoShift; kRightsGone: the points are not
  /// redeemed any more, the basket is as it was.
  [[nodiscard]] base::Status TenderCash(std::string_view amount);
  /// One line of a sale, and how much of it; empty: all that is left of it.
  struct RefundPick {
    int line = 0;
    std::string quantity;
  };
  /// Begins to refund a receipt of this till; without `picks` all that is left of it. A tender of "exact" finishes it,
  /// VoidBasket gives it up. kReceiptNotFound, kRefundTooMuch, kNoLine, kNotAllowed while a sale is being rung.
  [[nodiscard]] base::Status Refund(std::string_view receipt, const std::vector<RefundPick>& picks);
  [[nodiscard]] base::Status ConfirmAge();
  [[nodiscard]] base::Status VoidLine(int line);
  [[nodiscard]] base::Status VoidBasket();
  [[nodiscard]] base::Status SignIn(std::string_view cashier, std::string_view pin);
  [[nodiscard]] base::Status Lock();
  [[nodiscard]] base::Status OpenShift(std::string_view opening_float);
  /// Enrols and attaches. Three fields: name, phone, language. kBadMember, kPhoneTaken.
  [[nodiscard]] base::Status Enrol(std::string_view name, std::string_view phone, std::string_view language,
                                   const std::vector<std::string>& consents);

  /// Whether head office was reached lately: decides only whether points are shown as provisional.
  void SetOnline(bool online) { online_ = online; }
  /// True where receipts go to a printer: a print job is then kept with each sale.
  void SetWantsReceipt(bool wants) { wants_receipt_ = wants; }

  [[nodiscard]] bool WantsReceipt() const { return wants_receipt_; }

  [[nodiscard]] const TillIdentity& Identity() const { return identity_; }
  [[nodiscard]] bool SignedIn() const { return cashier_.has_value(); }
  [[nodiscard]] bool ShiftOpen() const { return shift_.has_value() || identity_.unattended.has_value(); }
  [[nodiscard]] const std::optional<CashierRecord>& Cashier() const { return cashier_; }
  /// Who may sign in; empty when the list cannot be read.
  [[nodiscard]] std::vector<std::string> CashierNames() const;
  [[nodiscard]] const domain::Basket& Basket() const { return basket_; }
  /// Reads the member's figures anew: head office may have told others meanwhile.
  void RefreshMember();
  /// The member at the counter, as known when attached or refreshed.
  [[nodiscard]] const std::optional<MemberRecord>& Member() const { return member_; }
  [[nodiscard]] CardLevel Level() const { return level_; }
  /// What of the member's points can be spent here and now; nothing without a member, or when it cannot be told.
  [[nodiscard]] std::optional<PointsHere> Here();
  /// Whether a redemption now would ask head office: it is in reach, and the card is signed.
  [[nodiscard]] bool AsksHeadOffice() const;
  [[nodiscard]] bool PinEntered() const { return pin_entered_; }
  /// Points first, then cash in the order it was given.
  [[nodiscard]] std::vector<domain::Tender> Tenders() const;
  [[nodiscard]] domain::Money Paid() const;
  [[nodiscard]] domain::Money Due() const;
  /// The age that still has to be checked; 0 when none.
  [[nodiscard]] int32_t AgeToCheck() const;
  /// What points are worth under the programme in force.
  [[nodiscard]] domain::Money Worth(int64_t points) const { return loyalty::WorthOf(programme_, points); }
  /// Points of the sale being rung, as they would stand after it.
  [[nodiscard]] domain::PointsSummary Points() const;
  /// The refund being made: negative lines and totals, not saved yet.
  [[nodiscard]] const std::optional<domain::Sale>& Refunding() const { return refund_; }
  /// The sale or refund saved last, until the next act begins another one.
  [[nodiscard]] const std::optional<domain::Sale>& Saved() const { return saved_; }
  [[nodiscard]] const domain::ReceiptNumber& NextReceipt() const { return next_receipt_; }

 private:
  /// Points that pay a part of the sale being rung.
  struct Redemption {
    Funding funding;
    domain::Money amount;
  };

  Counter(TillIdentity identity, domain::TaxScheme scheme, CounterPorts ports, loyalty::Programme programme);

  [[nodiscard]] base::Status RequireCashier() const;
  [[nodiscard]] base::Status RequireRinging() const;
  void BeginNext();
  void KeepBasket();
  void RecallBasket();
  void RecallPoints(const KeptBasket& kept);
  [[nodiscard]] base::Status EnsureShift();
  [[nodiscard]] base::Status Commit();
  [[nodiscard]] domain::Sale MakeSale() const;
  [[nodiscard]] base::Status Attach(const MemberRecord& record, CardLevel level);
  [[nodiscard]] base::Expected<std::optional<domain::Product>> FindProduct(const std::vector<std::string>& candidates);
  /// Nothing when the code is a product's as it stands, or means nothing more than itself.
  struct Label;
  [[nodiscard]] base::Expected<Label> ReadLabel(const domain::ScannedCode& code);
  [[nodiscard]] base::Status JournalEvent(std::string kind, std::string ext, std::string side = {});
  [[nodiscard]] domain::EventId NewEventId();
  [[nodiscard]] base::Status RefreshNextReceipt();

  // counter_points.cpp
  [[nodiscard]] bool HeadOfficeKnown() const;
  [[nodiscard]] domain::Money CashTaken() const;
  [[nodiscard]] domain::Money DueBeforePoints() const;
  [[nodiscard]] base::Status AttachCard(std::string_view text);
  [[nodiscard]] base::Status MayRedeem(const PointsHere& here) const;
  [[nodiscard]] base::Expected<Funding> Obtain(int64_t points, bool at_most, const PointsHere& here);
  [[nodiscard]] base::Expected<Funding> ObtainOnline(int64_t points, bool at_most, const PointsHere& here);
  [[nodiscard]] base::Expected<std::optional<HoldAnswer>> AskHeadOffice(domain::EventId sale, int64_t points,
                                                                        bool at_most, const PointsHere& here);
  [[nodiscard]] base::Status RaiseHold(int64_t points, bool at_most, const PointsHere& here);
  [[nodiscard]] base::Expected<Funding> Fund(int64_t points);
  [[nodiscard]] base::Expected<Funding> FundAtMost(int64_t points);
  [[nodiscard]] base::Expected<std::optional<HoldAnswer>> Reserve(domain::EventId sale, int64_t points);
  void TakeFunding(Funding funding);
  void FitPoints();
  void DropPoints();
  void LetGo(domain::EventId sale);
  void GiveBackLeftovers();

  // counter_refund.cpp
  [[nodiscard]] base::Status RequireNoRefund() const;
  [[nodiscard]] static base::Expected<std::vector<loyalty::RefundLine>> PickLines(const domain::Sale& sale,
                                                                                  const std::vector<int64_t>& refunded,
                                                                                  const std::vector<RefundPick>& picks);
  [[nodiscard]] domain::Sale MakeRefund(const domain::Sale& sale, const std::vector<loyalty::RefundLine>& lines,
                                        const loyalty::RefundPoints& plan, domain::Money by_points) const;
  void WithholdSpentPoints(loyalty::RefundPoints& plan);
  [[nodiscard]] base::Status TenderRefund(std::string_view amount);

  TillIdentity identity_;
  domain::TaxScheme scheme_;
  CounterPorts ports_;
  loyalty::Programme programme_;
  bool online_ = false;
  bool wants_receipt_ = false;

  std::optional<CashierRecord> cashier_;
  std::optional<ShiftRecord> shift_;
  domain::EventId sale_id_;
  domain::Basket basket_;
  std::vector<domain::Tender> tenders_;  ///< money; points are in redemption_
  std::optional<MemberRecord> member_;
  CardLevel level_ = CardLevel::kNone;
  bool pin_entered_ = false;
  std::optional<Redemption> redemption_;
  std::optional<HoldAnswer> hold_;  ///< head office holds these points for sale_id_
  bool reserving_ = false;          ///< sale_id_ has asked for a hold, whatever became of it
  bool refused_online_ = false;     ///< head office has said no for this sale
  bool leftovers_ = false;          ///< rights of a basket that was let go could not be given back yet
  std::optional<domain::Sale> refund_;
  std::vector<domain::Posting> refund_postings_;
  int32_t age_confirmed_ = 0;
  std::optional<domain::Sale> saved_;
  domain::ReceiptNumber next_receipt_;
};

}  // namespace evertill::checkout
