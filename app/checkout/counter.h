#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/checkout/ports.h"
#include "app/domain/barcode.h"
#include "app/domain/basket.h"

namespace evertill::checkout {

/// What the counter stands on. All outlive it.
struct CounterPorts {
  Catalogue& catalogue;
  Members& members;
  Cashiers& cashiers;
  SaleLog& log;
  BasketKeeper& keeper;
  Rules& rules;
  base::Clock& clock;
  base::Random& random;
};

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
  /// Product or member's card. A first scan after a saved sale begins the next. kUnknownBarcode, kBadBarcode.
  [[nodiscard]] base::Expected<Scanned> Scan(std::string_view code);
  [[nodiscard]] base::Expected<std::vector<domain::Product>> Search(std::string_view text);
  /// Of the last line where `line` is none.
  [[nodiscard]] base::Status SetQuantity(std::optional<int> line, std::string_view quantity);
  /// By card text or phone number.
  [[nodiscard]] base::Status AttachMember(std::string_view text);
  [[nodiscard]] base::Status DetachMember();
  /// Adds cash; commits the sale when it is paid. "exact" pays what is due. kBadTender for an amount that is not
  /// positive, kAgeCheckNeeded, kNothingToPay, kNoShift.
  [[nodiscard]] base::Status TenderCash(std::string_view amount);
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
  /// The member at the counter, as known when attached.
  [[nodiscard]] const std::optional<MemberRecord>& Member() const { return member_; }
  [[nodiscard]] const std::vector<domain::Tender>& Tenders() const { return tenders_; }
  [[nodiscard]] domain::Money Paid() const;
  [[nodiscard]] domain::Money Due() const;
  /// The age that still has to be checked; 0 when none.
  [[nodiscard]] int32_t AgeToCheck() const;
  /// What points are worth under the programme in force.
  [[nodiscard]] domain::Money Worth(int64_t points) const { return loyalty::WorthOf(programme_, points); }
  /// Points of the sale being rung, as they would stand after it.
  [[nodiscard]] domain::PointsSummary Points() const;
  /// The sale saved last, until the next act begins another one.
  [[nodiscard]] const std::optional<domain::Sale>& Saved() const { return saved_; }
  [[nodiscard]] const domain::ReceiptNumber& NextReceipt() const { return next_receipt_; }

 private:
  Counter(TillIdentity identity, domain::TaxScheme scheme, CounterPorts ports, loyalty::Programme programme);

  [[nodiscard]] base::Status RequireCashier() const;
  [[nodiscard]] base::Status RequireRinging() const;
  void BeginNext();
  void KeepBasket();
  void RecallBasket();
  [[nodiscard]] base::Status EnsureShift();
  [[nodiscard]] base::Status Commit();
  [[nodiscard]] domain::Sale MakeSale() const;
  [[nodiscard]] base::Status Attach(const MemberRecord& record);
  [[nodiscard]] base::Expected<std::optional<domain::Product>> FindProduct(const domain::ScannedCode& code);
  [[nodiscard]] base::Status JournalEvent(std::string kind, std::string ext, std::string side = {});
  [[nodiscard]] domain::EventId NewEventId();
  [[nodiscard]] base::Status RefreshNextReceipt();

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
  std::vector<domain::Tender> tenders_;
  std::optional<MemberRecord> member_;
  int32_t age_confirmed_ = 0;
  std::optional<domain::Sale> saved_;
  domain::ReceiptNumber next_receipt_;
};

}  // namespace evertill::checkout
