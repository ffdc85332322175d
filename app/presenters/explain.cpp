#include "app/presenters/explain.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace evertill::presenters {
namespace {

struct Phrase {
  std::string_view error;
  const char* words;  ///< %1 is the error's detail
};

// By the error's stable name, so that presenters need not know every library that can fail.
constexpr auto kPhrases = std::to_array<Phrase>({
    {"unknown_barcode", TR_NOOP("No product with code %1. Search by name, or ask a supervisor.")},
    {"bad_barcode", TR_NOOP("That code could not be read. Scan it again, or type the digits.")},
    {"bad_gs1", TR_NOOP("That code could not be read (%1). Scan it again, or type the digits of the product.")},
    {"sold_by_piece",
     TR_NOOP("%1 is sold by the piece, but its label carries a weight. Ask for its price per kilogram.")},
    {"goods_expired", TR_NOOP("The date on these goods is over: %1. They must not be sold. Ask a manager.")},
    {"member_not_found", TR_NOOP("No member with %1 is known here. Check the number, or add a new member.")},
    {"phone_taken", TR_NOOP("This phone number already belongs to a member.")},
    {"card_taken", TR_NOOP("This card already belongs to a member.")},
    {"bad_member", TR_NOOP("A name or a right phone number is needed.")},
    {"not_signed_in", TR_NOOP("Sign in first.")},
    {"wrong_pin", TR_NOOP("The name or the PIN is wrong.")},
    {"locked_out", TR_NOOP("Too many wrong PINs. Wait a while and try again, or let someone else sign in.")},
    {"not_allowed", TR_NOOP("That is not possible now.")},
    {"shift_open", TR_NOOP("The shift is open already.")},
    {"no_shift", TR_NOOP("Open the shift first: count the money in the drawer.")},
    {"nothing_to_pay", TR_NOOP("There is nothing to pay yet. Scan a product.")},
    {"no_line", TR_NOOP("There is no line to change yet.")},
    {"no_such_line", TR_NOOP("There is no such line.")},
    {"bad_tender", TR_NOOP("That is not an amount of money handed over.")},
    {"bad_amount", TR_NOOP("That is not an amount of money.")},
    {"amount_too_large", TR_NOOP("That amount is too large.")},
    {"bad_quantity", TR_NOOP("That is not a quantity for this product.")},
    {"basket_full", TR_NOOP("The basket is full. Finish this sale and begin another.")},
    {"age_check_needed", TR_NOOP("Check that the customer is at least %1 years old.")},
    {"currency_mismatch", TR_NOOP("This product is priced in another currency.")},
    {"card_forged",
     TR_NOOP("This card is not one of ours, or it is damaged. Ask for another card or the phone number.")},
    {"card_denied", TR_NOOP("This card was reported lost and cannot be used. The phone number still earns points.")},
    {"card_needed", TR_NOOP("Points are spent with the member's signed card or phone. They are earned all the same.")},
    {"card_code_wrong", TR_NOOP("The code on the phone is out of date. Ask for a fresh one and scan again.")},
    {"card_code_used", TR_NOOP("That phone code was used already. Wait for the next one and scan again.")},
    {"pin_needed", TR_NOOP("The member's PIN is needed to spend points.")},
    {"pin_wrong", TR_NOOP("The PIN is wrong. Tries left: %1.")},
    {"pin_locked",
     TR_NOOP("Too many wrong PINs. No points can be spent here until head office helps. Earning goes on.")},
    {"pin_unknown_here", TR_NOOP("This till cannot check the member's PIN now. Points are earned all the same.")},
    {"clock_unsafe",
     TR_NOOP("This till's clock is not sure. Points can be spent again after the next contact with head office.")},
    {"denylist_old",
     TR_NOOP("This till was away from head office for too long. Points can be spent again after the next contact.")},
    {"rights_gone",
     TR_NOOP("The points are not held here any more and were taken out of this sale. Look at the sum again.")},
    {"no_member", TR_NOOP("Attach a member first: scan the card.")},
    {"no_points_used", TR_NOOP("No points are used in this sale.")},
    {"not_enough_points", TR_NOOP("That is more than head office can give. Points that can be used: %1.")},
    {"bad_points", TR_NOOP("That is not a number of points.")},
    {"not_enough_points_here", TR_NOOP("That is more than can be used here now. Points that can be used: %1.")},
    {"day_limit", TR_NOOP("That is more than can be used in one day. Points that can be used today: %1.")},
    {"bad_grant", TR_NOOP("Points sent by head office could not be read. Tell the support desk.")},
    {"refund_too_much", TR_NOOP("That was refunded already, or is more than was bought.")},
    {"receipt_not_found", TR_NOOP("No receipt %1 is known at this till.")},
    {"unknown_act", TR_NOOP("This till does not know that act.")},
    {"bad_act", TR_NOOP("That act is not written as it should be.")},
    {"disk_full", TR_NOOP("The disk is full. The sale is not saved. Call a manager.")},
    {"read_only", TR_NOOP("The disk cannot be written. The sale is not saved. Call a manager.")},
    {"printer_unreachable", TR_NOOP("The printer does not answer. The sale is saved; its receipt waits.")},
    {"printer_timeout", TR_NOOP("The printer stopped taking data. Look whether the receipt printed.")},
    {"printer_not_ready", TR_NOOP("The printer cannot print now. The sale is saved; its receipt waits.")},
    {"device_unreachable", TR_NOOP("It does not answer. Is it switched on, is its cable in?")},
    {"device_no_permission", TR_NOOP("This till may not use it yet. Tell the support desk.")},
    {"drawer_not_reached", TR_NOOP("The drawer did not open. Use its key, and check its cable.")},
    {"scale_no_answer", TR_NOOP("The scale does not answer. Is it switched on, is its cable in?")},
    {"scale_unreadable", TR_NOOP("What the scale says cannot be understood. Tell the support desk.")},
    {"scale_cannot_zero", TR_NOOP("This scale is set to zero by its own key.")},
});

}  // namespace

std::string ExplainError(const Words& words, const base::Error& error) {
  const auto* found = std::find_if(kPhrases.begin(), kPhrases.end(),
                                   [&](const Phrase& phrase) { return phrase.error == error.Name(); });
  if (found != kPhrases.end()) return words.Tr(found->words, {error.Detail()});
  return words.Tr("That did not work (%1). Nothing was changed.", {std::string(error.Name())});
}

}  // namespace evertill::presenters
