#pragma once

#include <string_view>

#include "app/base/expected.h"

namespace evertill::wire {

/// What can be wrong with a message.
enum class WireErrc {
  kMalformed,     ///< not JSON, a field missing, of another type or out of range
  kTooLarge,      ///< beyond a limit of limits.h
  kBadEnrolCode,  ///< not the text of an enrolment code
};

[[nodiscard]] std::string_view ErrorName(WireErrc code);

}  // namespace evertill::wire
