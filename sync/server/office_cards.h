#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sync/server/card_print.h"
#include "sync/server/office_support.h"

/// What head office does about cards and PINs. In the caller's transaction.
namespace evertill::server {

struct IssuedCard {
  std::string text;    ///< "EV1…": what the card says
  std::string serial;  ///< 16 hex digits
  int level = 1;
  std::string otpauth;  ///< level 2: what the phone's authenticator takes in; it holds a secret. Else empty
  MemberRow member;
};

/// A signed card, level 1 (printed) or 2 (on a phone). kBadArgument for another level.
[[nodiscard]] base::Expected<IssuedCard> IssueMemberCard(Store& store, const DeskParts& desk, std::string_view member,
                                                         int level);

/// What is printed on it.
[[nodiscard]] base::Expected<render::Bitmap> DrawMemberCard(const IssuedCard& card);

enum class Denial {
  kDenied,
  kDeniedUnknown,  ///< on the list, though head office knows no such card: a restored copy may have forgotten it
  kBefore,         ///< it stood there already
};
/// Puts a card on the list of lost cards, by its serial or by the number that a member's plain card has. kMemberUnknown
/// for what is neither known nor a serial.
[[nodiscard]] base::Expected<Denial> DenyMemberCard(Store& store, const DeskParts& desk,
                                                    std::string_view serial_or_number, std::string_view reason);

/// A PIN's hash, which takes time and so is made before the transaction. kBadArgument: not 4 to 8 digits.
[[nodiscard]] base::Expected<std::string> HashMemberPin(const DeskParts& desk, std::string_view pin);

/// A new PIN in a new generation: every till starts to count anew. Returns the generation.
[[nodiscard]] base::Expected<int64_t> SetMemberPin(Store& store, const DeskParts& desk, std::string_view member,
                                                   std::string_view pin_hash);

/// The same PIN may be tried again: a new generation. kBadArgument when the member has no PIN.
[[nodiscard]] base::Expected<int64_t> UnlockMember(Store& store, const DeskParts& desk, std::string_view member);

}  // namespace evertill::server
