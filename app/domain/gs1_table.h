#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/domain/gs1.h"

/// The Application Identifiers: parts of gs1.cpp, for the parsers only.
namespace evertill::domain {

/// A run of AIs whose values have the same form.
struct Gs1Rule {
  int first;                ///< the AI as a number
  int last;                 ///< of the run
  int digits;               ///< of the AI: 2, 3 or 4
  bool predefined;          ///< its length is known from the AI: no FNC1 has to follow (figure 7.8.5-2)
  std::string_view format;  ///< see CheckValue()
  std::string_view title;
};

/// The rule of the AI that `text` begins with, nullptr when there is none: no AI is the beginning of another.
[[nodiscard]] const Gs1Rule* RuleAt(std::string_view text);
/// The rule of exactly this AI.
[[nodiscard]] const Gs1Rule* RuleOf(std::string_view ai);

/// How many characters a value of predefined length has.
[[nodiscard]] size_t FixedLength(const Gs1Rule& rule);

/// Why `value` is not of the rule's form; empty when it is.
///
/// A format is components apart by blanks, each one: a set of characters (n digits, x character set 82, y character
/// set 39), a length ("14", or "..20" for 1 to 20), and checks: c the last digit is a right check digit, d a date with
/// perhaps day 00, D a date, t a time of day, $ a currency. A component in brackets may be absent.
[[nodiscard]] std::string CheckValue(const Gs1Rule& rule, std::string_view value, int year_now);

/// YYMMDD by the rule of centuries (7.12): a year 51 to 99 ahead of this one's two digits is of the last century, one
/// 50 to 99 behind is of the next. Day 00 is the last of its month, where `zero_day` allows it. Nothing for no date.
[[nodiscard]] std::optional<Gs1Date> ReadDate(std::string_view digits, int year_now, bool zero_day);

/// The ISO 4217 letters of a currency's number; empty when it is none of today's.
[[nodiscard]] std::string_view CurrencyOfNumber(int number);

}  // namespace evertill::domain
