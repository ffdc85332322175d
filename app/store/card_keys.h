#pragma once

namespace evertill::store {

/// Where meta keeps what head office told: lines of "<id>:<base64>", and the sealed pepper of members' PINs.
inline constexpr const char* kCardKeysMeta = "card_keys";
inline constexpr const char* kPepperMeta = "pin_pepper";

}  // namespace evertill::store
