#pragma once

#include <string>
#include <string_view>

#include "app/base/random.h"

namespace evertill::checkout {

/// A printed card's number (level L0): 15 random digits and a GS1 check digit. The check digit catches typing slips,
/// not forgery: such a card earns points and never redeems offline. Sixteen digits are no GTIN, so a card is never
/// taken for a product; numbers that would pass the Luhn check of payment cards are never issued, so that neither is
/// taken for the other.
[[nodiscard]] std::string NewCardNumber(base::Random& random);

/// True for 16 digits with a right check digit that fail the Luhn check.
[[nodiscard]] bool IsCardNumber(std::string_view text);

}  // namespace evertill::checkout
