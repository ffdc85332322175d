#pragma once

namespace evertill::ui {

/// How the screen is coloured.
enum class Look { kLight, kDark, kHighContrast };

}  // namespace evertill::ui
