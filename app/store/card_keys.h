#pragma once

namespace evertill::store {

/// Where meta keeps what head office told: lines of "<id>:<base64>", and the sealed pepper of members' PINs.
inline constexpr const char* kCardKeysMeta = "card_keys";
inline constexpr const char* kPepperMeta = "pin_pepper";
/// "1" while head office has said that this life gets no rights and no new life has begun.
inline constexpr const char* kFencedMeta = "fenced";

}  // namespace evertill::store
