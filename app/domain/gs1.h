#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/domain/quantity.h"

/// What a GS1 code says of the goods that it is on. Rules and values by the GS1 General Specifications (release 24):
/// section 3 for what each Application Identifier (AI) means, 7.8 for element strings, 7.9 for check digits, 7.12 for
/// dates; and by the GS1 Digital Link standard: URI syntax.
namespace evertill::domain {

/// A calendar day.
struct Gs1Date {
  int year = 0;  ///< four digits
  int month = 0;
  int day = 0;
  auto operator<=>(const Gs1Date&) const = default;
  [[nodiscard]] std::string ToString() const;  ///< 2026-11-30
};

/// One element as the code has it, checked: its AI and its value.
struct Gs1Element {
  std::string ai;
  std::string value;
  bool operator==(const Gs1Element&) const = default;
};

/// What the whole pack costs (AI 392n, 393n).
struct Gs1Price {
  int64_t value = 0;     ///< without the decimal point
  int decimals = 0;      ///< 0 to 9
  std::string currency;  ///< ISO 4217 letters; empty: the shop's own
  bool operator==(const Gs1Price&) const = default;
};

/// A GS1 code, understood. What it does not say is empty.
struct Gs1Data {
  std::vector<Gs1Element> elements;  ///< in the order of the code

  std::string gtin;                    ///< 14 digits: what it is (AI 01, or the GTIN of an ITIP, 8006)
  std::string content_gtin;            ///< 14 digits: what `count` of lie in this case (AI 02)
  std::string lot;                     ///< 10
  std::string serial;                  ///< 21
  std::optional<int64_t> count;        ///< pieces: AI 30, or 37 beside 02
  std::optional<Quantity> net_weight;  ///< kilograms: AI 310n; 320n and 356n turned into kilograms, rounded half up
  std::optional<Gs1Price> price;
  std::optional<Gs1Date> produced;     ///< 11
  std::optional<Gs1Date> packed;       ///< 13
  std::optional<Gs1Date> best_before;  ///< 15; may be sold after it
  std::optional<Gs1Date> sell_by;      ///< 16: the last day on which it may be sold
  std::optional<Gs1Date> expiry;       ///< 17 or 7003: the last day on which it may be used
  std::optional<int> expiry_minute;    ///< 7003: of that day, from midnight

  /// The value of an AI ("8005"); nothing where the code does not have it.
  [[nodiscard]] std::optional<std::string_view> Find(std::string_view ai) const;
};

/// Reads an element string as scanners send it: AIs and values without brackets, values of no predefined length ended
/// by FNC1, which comes as GS (ASCII 29). `year_now` decides the century of dates. All values are checked against
/// their AI's format, with check digits, dates, times and currencies; an AI that is there twice must say the same, and
/// weights, prices, GTINs must not contradict each other.
/// Errors: bad_gs1 with the AI and the reason.
[[nodiscard]] base::Expected<Gs1Data> ParseGs1ElementString(std::string_view text, int year_now);

/// The same written for people, "(01)09521234543213(10)AB-12"; a bracket within a value is written "\(".
/// Errors: as above.
[[nodiscard]] base::Expected<Gs1Data> ParseGs1Bracketed(std::string_view text, int year_now);

/// True for a web address whose path has the form of a Digital Link ("https://…/01/09521234543213/10/AB"), whatever the
/// values are.
[[nodiscard]] bool IsDigitalLink(std::string_view text);

/// Reads a Digital Link: the key and its qualifiers from the path, other AIs from the query; other words in the query
/// and the fragment are left alone. A GTIN of 8, 12 or 13 digits gets its leading zeros.
/// Errors: as above; bad_gs1 too when IsDigitalLink() is false.
[[nodiscard]] base::Expected<Gs1Data> ParseDigitalLink(std::string_view uri, int year_now);

/// What an AI's value is, in English capitals as GS1 prints it beside codes: "NET WEIGHT (kg)"; empty when unknown.
[[nodiscard]] std::string_view Gs1Title(std::string_view ai);

}  // namespace evertill::domain
