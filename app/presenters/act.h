#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace evertill::presenters {

/// Everything that a person, a scanner or a script can do at the counter. Text stays as it was typed or scanned: the
/// presenter reads it and refuses what is not right.
namespace act {

/// Any code from a scanner, or typed and entered: product, member's card.
struct Scan {
  std::string code;
};
struct Search {
  std::string text;
};
/// Quantity of a line; of the last line where none is named.
struct Quantity {
  std::optional<int> line;
  std::string quantity;
};
/// Card text or phone number.
struct Member {
  std::string text;
};
struct DetachMember {};
/// Cash handed over: a decimal amount, or "exact".
struct CashTender {
  std::string amount;
};
/// Points of the member: a whole number, "max", or "0" to take them back.
struct Redeem {
  std::string points;
};
/// The member's own PIN.
struct MemberPin {
  std::string pin;
};
/// Gives money and points back for a receipt of this till; all that is left of it where no lines are named.
struct Refund {
  struct Line {
    int line = 0;
    std::string quantity;  ///< empty: all that is left of the line
  };
  std::string receipt;
  std::vector<Line> lines;
};
struct ConfirmAge {};
struct VoidLine {
  int line = 0;
};
struct VoidBasket {};
struct SignIn {
  std::string cashier;
  std::string pin;
};
struct Lock {};
struct OpenShift {
  std::string opening_float;
};
struct Enrol {
  std::string name;
  std::string phone;
  std::string language;  ///< "en", "th", "vi"; empty: the till's
  std::vector<std::string> consents;
};
/// Changes nothing; answers with what is.
struct State {};

}  // namespace act

using Act = std::variant<act::Scan, act::Search, act::Quantity, act::Member, act::DetachMember, act::CashTender,
                         act::ConfirmAge, act::VoidLine, act::VoidBasket, act::SignIn, act::Lock, act::OpenShift,
                         act::Enrol, act::Redeem, act::MemberPin, act::Refund, act::State>;

}  // namespace evertill::presenters
