#pragma once

#include <string>

#include "app/checkout/customer_display.h"
#include "devices/display/display_profile.h"

namespace evertill::devices::display {

/// One line: what stands at the left gives way to what stands at the right.
struct PoleLine {
  std::string left;
  std::string right;
  bool centred = false;  ///< `left` alone, in the middle.
  bool operator==(const PoleLine&) const = default;
};

struct PoleLines {
  PoleLine top;
  PoleLine bottom;
  bool operator==(const PoleLines&) const = default;
};

/// What two lines have room for: the shop's name; the last line and the total; what to pay; change and thanks.
[[nodiscard]] PoleLines ComposePole(const checkout::CustomerView& view);

/// The bytes that show the lines: page, both lines, each of exactly the display's columns. Without the profile's init.
/// The page that loses the least is chosen. A name that no page can write is left out: a row of '?' tells nobody
/// anything.
[[nodiscard]] std::string EncodePole(const PoleLines& lines, const DisplayProfile& profile);

}  // namespace evertill::devices::display
