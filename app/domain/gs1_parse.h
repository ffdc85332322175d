#pragma once

#include "app/base/expected.h"
#include "app/domain/gs1.h"

namespace evertill::domain {

/// Checks an element and puts it and what it says into `data`: for the parsers of gs1.h only. bad_gs1.
[[nodiscard]] base::Status AddElement(Gs1Data& data, Gs1Element element, int year_now);

}  // namespace evertill::domain
