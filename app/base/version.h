#pragma once

namespace evertill::base {

/// The version that all programs say, from the build's project version.
inline constexpr char kVersion[] = EVERTILL_VERSION;

}  // namespace evertill::base
