#pragma once

#include <optional>
#include <string_view>

#include "app/base/expected.h"
#include "app/checkout/devices.h"
#include "devices/scale/scale_protocol.h"

namespace evertill::devices::scale {

/// What one answer says.
struct ScaleAnswer {
  checkout::Weighing weighing;
  bool has_weight = false;  ///< Some scales answer with their status alone while there is no weight at rest.
  bool at_zero = false;
  bool refused = false;
};

/// Reads a whole answer, its end included. Pure. `unit` goes before the record's where the answer has none.
/// Errors: scale_unreadable: none of the record's forms, a wrong check character, a fault, or two things at odds.
[[nodiscard]] base::Expected<ScaleAnswer> ReadAnswer(const ScaleProtocol& protocol, std::string_view answer,
                                                     std::optional<WeightUnit> unit = std::nullopt);

}  // namespace evertill::devices::scale
