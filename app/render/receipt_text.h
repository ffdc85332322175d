#pragma once

#include <string>
#include <string_view>

#include "app/domain/receipt.h"

namespace evertill::render {

/// Characters of a line of common paper in a printer's usual font.
inline constexpr int kColumns80mm = 48;
inline constexpr int kColumns58mm = 32;

/// A receipt as plain text in columns of equal width, for terminals, mail and logs: amounts end at the right margin,
/// lines break between words (in Thai by dictionary). Codes are told in words, pictures left out. `columns` from 16 to
/// 200 (nearer ones otherwise). Every line ends with '\n'. Thread-safe.
[[nodiscard]] std::string ReceiptText(const domain::ReceiptDocument& document, int columns = kColumns80mm);

/// How many columns a text takes in a font of equal widths: none for marks above and below letters, two for wide
/// letters of East Asia. Invalid UTF-8 counts as U+FFFD.
[[nodiscard]] int TextColumns(std::string_view text);

}  // namespace evertill::render
