#pragma once

#include <string>
#include <string_view>

#include "app/domain/money.h"

namespace evertill::domain {

/// True when every byte belongs to a shortest-form, non-surrogate UTF-8 sequence (Unicode 15, table 3-7).
[[nodiscard]] bool IsValidUtf8(std::string_view text);

/// The text without C0 and C1 control characters, DEL and bidirectional controls (U+200E, U+200F, U+061C, U+2028–202E,
/// U+2066–2069): what may be shown, printed and stored as a name. Invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string CleanText(std::string_view text);

/// Only the digits of a phone number, with the leading + kept: "081-234 5678" → "0812345678". Empty when there are
/// fewer than 6 or more than 15 digits (ITU-T E.164) or any other letter.
[[nodiscard]] std::string NormalisePhone(std::string_view text);

/// NormalisePhone, written as people of the currency's country do: "+66 81 234 5678" is "0812345678" in a shop that
/// takes baht, and +84 likewise in one that takes dong, so that one person is not two members. Numbers of other
/// countries keep their +.
[[nodiscard]] std::string LocalPhone(std::string_view text, Currency currency);

/// For screens that a queue can see: the last `shown` characters behind three dots: "••• 4417".
[[nodiscard]] std::string MaskTail(std::string_view text, size_t shown = 4);

/// Length in Unicode code points of valid UTF-8.
[[nodiscard]] size_t CodePoints(std::string_view text);

}  // namespace evertill::domain
