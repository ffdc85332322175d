#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/checkout/printer.h"
#include "app/domain/money.h"
#include "app/domain/sale.h"

/// What the screen shows: plain values, made on the counter's thread, drawn on the user interface's. Amounts are Money;
/// `Words` (words.h) turns them and the notices into text of the language in use.
namespace evertill::presenters {

struct LineView {
  int number = 0;
  std::string barcode;
  std::string sku;
  std::string name;
  std::string name_other;  ///< second language, may be empty
  std::string quantity;    ///< "2", "0.842"
  bool weighed = false;
  domain::Money unit_price;
  domain::Money gross;
  domain::Money saving;
  domain::Money total;
  int32_t min_age = 0;
};

/// The answer to one refused act, or why something cannot be done.
struct Notice {
  std::string code;     ///< stable: "unknown_barcode"
  std::string message;  ///< in the language in use
  std::string subject;  ///< what it is about, as typed: the barcode, the amount
};

struct MemberView {
  std::string id;
  std::string name;
  std::string initials;   ///< one or two letters for the round picture
  std::string card_tail;  ///< last four digits
  std::string language;
  int64_t points = 0;
  domain::Money worth;
  bool provisional = false;
  std::string level = "none";       ///< how sure we are who it is: "none" (a phone number), "L0", "L1", "L2"
  int64_t spendable = 0;            ///< at this till now, what is redeemed already counted in
  int64_t elsewhere = 0;            ///< owned, but held by other tills or head office
  bool asks_head_office = false;    ///< head office is in reach: `elsewhere` may be had when it is asked
  int64_t not_active = 0;           ///< earned, not spendable yet
  int64_t debt = 0;                 ///< > 0: more was spent than there was; earnings pay it first
  bool pin_needed = false;          ///< to be entered before points are spent
  std::optional<Notice> why_not{};  ///< set: nothing can be redeemed now, for this reason
};

/// One payment.
struct TenderView {
  domain::TenderKind kind = domain::TenderKind::kCash;
  domain::Money amount;
};

/// A search hit. Choosing one is a Scan of its barcode.
struct FoundView {
  std::string barcode;
  std::string name;
  std::string name_other;
  domain::Money price;
  bool weighed = false;
};

enum class Phase {
  kLocked,   ///< nobody is signed in
  kNoShift,  ///< signed in, but the shift's float is not counted yet
  kRinging,  ///< the basket is open, perhaps empty
  kPaid,     ///< the sale is saved; its lines, change and points stay until the next act
};

/// A QR code for the customer's screen.
struct CodeView {
  std::string text;   ///< what the code says
  bool pays = false;  ///< to pay with; otherwise the receipt for their phone
};

/// One look at the counter. Every act answers with a fresh one.
struct View {
  std::string store_name;
  std::string till;  ///< "L03"
  std::string cashier;
  Phase phase = Phase::kRinging;
  std::optional<Notice> refused;  ///< set: the act was refused and nothing changed
  std::vector<LineView> lines;
  int64_t items = 0;
  domain::SaleTotals totals;
  std::string tax_label;  ///< "VAT 7%": the single rate in the basket; empty when there are none or several
  bool tax_inclusive = true;
  std::vector<TenderView> tenders;  ///< points first, then money in the order it was given
  domain::Money by_points;          ///< of `paid`, what points pay
  domain::Money paid;
  domain::Money due;
  domain::Money change;
  std::vector<domain::Money> suggested_cash;  ///< up to three round sums a customer may hand over, ascending, above due
  std::optional<MemberView> member;
  domain::PointsSummary points;       ///< in kPaid as saved; while ringing `earned` is what the basket would earn
  std::string receipt;                ///< of the saved sale in kPaid, of the sale being rung otherwise
  bool refund = false;                ///< lines and totals are below zero: money goes back
  bool prints = false;                ///< receipts go to a printer; otherwise they are only kept
  int32_t age_check = 0;              ///< > 0: ask for proof of this age, then act::ConfirmAge
  bool searched = false;              ///< this answers a search; `found` may be empty
  std::vector<FoundView> found;       ///< answer to a search
  std::vector<std::string> cashiers;  ///< who may sign in; only in kLocked
  bool can_lock = false;              ///< somebody can sign in again; an unattended till has nobody to lock for
  bool training = false;              ///< nothing here is a sale: every screen says so
  std::optional<CodeView> code{};     ///< set: the customer's screen shows it
};

/// How the till stands with head office.
struct SyncView {
  enum class State { kNotEnrolled, kOnline, kOffline };
  State state = State::kNotEnrolled;
  int64_t offline_minutes = 0;
  int64_t sales_safe_here = 0;  ///< saved here, not yet acknowledged by head office
  int64_t changes = 0;          ///< grows when what members own or may spend here has changed: time to look again
};

/// How the last receipt stands with the printer.
struct PrintView {
  std::string receipt;
  checkout::PrintState state = checkout::PrintState::kQueued;
  std::string problem;    ///< in the language in use; empty when all is well
  bool at_start = false;  ///< told when the program began: it is about the last sale before
};

}  // namespace evertill::presenters
