#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/checkout/printer.h"
#include "app/domain/event.h"
#include "app/domain/ids.h"
#include "app/domain/product.h"
#include "app/domain/sale.h"
#include "app/domain/scan_patterns.h"
#include "app/loyalty/programme.h"

/// What checkout needs from outside. Implemented by store/; faked in tests. Each may be called from one thread at a
/// time unless it says otherwise; none may be called on the user interface's thread.
namespace evertill::checkout {

/// What a cashier may do. Each role may do what those before it may.
enum class Role { kCashier, kSupervisor, kManager };
[[nodiscard]] std::string_view RoleName(Role role);  ///< "cashier", "supervisor", "manager"
[[nodiscard]] std::optional<Role> ParseRole(std::string_view text);

/// Which till this is. Fixed by `init`, but for what enrolment may change.
struct TillIdentity {
  domain::Terminal terminal;
  domain::Currency currency;
  std::string language;            ///< "en", "th", "vi": of the screen and of receipts without a member
  std::string store_name;          ///< shown and printed; the store code where none was given
  std::optional<Role> unattended;  ///< acts without sign-in under this role
  /// How the shop's own barcodes carry weights and prices: from the configuration, checked there.
  domain::ScanPatterns patterns = {};
};

class Catalogue {
 public:
  virtual ~Catalogue() = default;
  /// The product whose barcode is exactly `barcode`, as written. Nothing found is no error.
  [[nodiscard]] virtual base::Expected<std::optional<domain::Product>> FindByBarcode(std::string_view barcode) = 0;
  /// Products by name (prefix, any word, without diacritics) or by start of barcode or SKU; best first.
  [[nodiscard]] virtual base::Expected<std::vector<domain::Product>> Search(std::string_view text, int limit) = 0;
};

struct MemberRecord {
  domain::MemberId id;
  std::string name;   ///< in their own form
  std::string phone;  ///< normalised; may be empty
  std::string card;   ///< 16 digits
  std::string language;
  std::vector<std::string> consents;
  int64_t points = 0;        ///< all they own, as far as this till knows
  bool provisional = false;  ///< true when entries of this till are not yet confirmed by head office
  base::Instant as_of;       ///< when head office last told; the epoch when never
};

class Members {
 public:
  virtual ~Members() = default;
  [[nodiscard]] virtual base::Expected<std::optional<MemberRecord>> FindByCard(std::string_view card) = 0;
  /// `phone` as domain::LocalPhone gives it.
  [[nodiscard]] virtual base::Expected<std::optional<MemberRecord>> FindByPhone(std::string_view phone) = 0;
  [[nodiscard]] virtual base::Expected<std::optional<MemberRecord>> Find(domain::MemberId id) = 0;
};

struct CashierRecord {
  domain::CashierId id;
  std::string name;
  Role role = Role::kCashier;
};

class Cashiers {
 public:
  virtual ~Cashiers() = default;
  /// The try is counted durably before the PIN is hashed. kWrongPin (also for an unknown name), kLockedOut.
  [[nodiscard]] virtual base::Expected<CashierRecord> CheckPin(std::string_view name, std::string_view pin) = 0;
  /// Also journals "cashier_add". kCashierTaken.
  [[nodiscard]] virtual base::Status Add(const CashierRecord& cashier, std::string_view pin) = 0;
  [[nodiscard]] virtual base::Expected<std::vector<CashierRecord>> List() = 0;
};

/// Something that happened besides a sale, to be put into the journal.
struct EventDraft {
  domain::EventId id;
  domain::LedgerCore core;
  std::string ext = "{}";  ///< JSON object: integers, codes, ids
  std::string side;        ///< JSON object of free text that goes beside the hashed bytes; may be empty
};

/// An open shift, kept in the till's database.
struct ShiftRecord {
  domain::ShiftId id;
  domain::CashierId opened_by;
  domain::Money opening_float;
  base::Instant opened_at;
};

/// Where a receipt's paper stands.
struct PrintRecord {
  domain::ReceiptNumber receipt;
  PrintState state = PrintState::kQueued;
  std::string detail;  ///< why it failed; plain English, for the log
};

/// The durable record: every call that returns success has survived a power cut.
class SaleLog {
 public:
  virtual ~SaleLog() = default;
  /// One transaction: sale, lines, tenders, points entries, journal event, outbox row, and a print job when
  /// `wants_receipt`. Fills in seq, receipt number and time of business. `postings` is the event's double entry.
  [[nodiscard]] virtual base::Expected<domain::Sale> CommitSale(domain::Sale sale,
                                                                std::vector<domain::Posting> postings,
                                                                int64_t rules_version, bool wants_receipt) = 0;
  [[nodiscard]] virtual base::Status CommitEvent(const EventDraft& event) = 0;
  /// Event and member in one transaction. kPhoneTaken, kCardTaken.
  [[nodiscard]] virtual base::Status CommitEnrolment(const MemberRecord& member, const EventDraft& event) = 0;
  /// Event and shift in one transaction.
  [[nodiscard]] virtual base::Status CommitShiftOpen(const ShiftRecord& shift, const EventDraft& event) = 0;
  [[nodiscard]] virtual base::Expected<std::optional<ShiftRecord>> OpenShift() = 0;

  [[nodiscard]] virtual base::Expected<std::optional<domain::Sale>> FindSale(const domain::ReceiptNumber& receipt) = 0;
  [[nodiscard]] virtual base::Expected<std::optional<domain::Sale>> LastSale() = 0;
  /// The receipt that the next sale will get. For the screen only.
  [[nodiscard]] virtual base::Expected<domain::ReceiptNumber> NextReceipt() = 0;
};

/// Receipts waiting for paper. Any thread.
class PrintQueue {
 public:
  virtual ~PrintQueue() = default;
  [[nodiscard]] virtual base::Expected<std::vector<PrintRecord>> Waiting() = 0;
  /// Not synced to disk on its own: a lost state shows as "unknown" after a power cut, never as a second print.
  [[nodiscard]] virtual base::Status SetPrintState(const PrintRecord& record) = 0;
  [[nodiscard]] virtual base::Expected<std::optional<PrintRecord>> PrintStateOf(
      const domain::ReceiptNumber& receipt) = 0;
};

/// A basket kept for a crash: survives a kill, not a power cut. `text` is opaque here.
class BasketKeeper {
 public:
  virtual ~BasketKeeper() = default;
  virtual void Keep(std::string_view text) = 0;
  [[nodiscard]] virtual std::optional<std::string> Kept() = 0;
};

/// The programme in force.
class Rules {
 public:
  virtual ~Rules() = default;
  [[nodiscard]] virtual base::Expected<loyalty::Programme> Programme() = 0;
};

}  // namespace evertill::checkout
