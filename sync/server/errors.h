#pragma once

#include <string_view>

#include "app/base/expected.h"

namespace evertill::server {

/// Everything head office refuses or fails at.
enum class ServerErrc {
  kListen,          ///< the address cannot be listened on
  kTls,             ///< certificate or key unusable
  kKeys,            ///< a key file cannot be read or written
  kNotInitialised,  ///< `init` was never run on this database
  kAlreadyInitialised,
  kAlreadyServed,  ///< another process serves this database
  kBadArgument,
  kUnknownStore,
  kStoreExists,
  kUnauthorised,   ///< no token, or not one that is known
  kForbidden,      ///< a token of another role
  kCodeRefused,    ///< enrolment code unknown, used or expired
  kTerminalInUse,  ///< another machine has this till's code, with events
  kCurrencyDiffers,
  kFork,         ///< same place in the chain, another hash
  kGap,          ///< the batch starts after what is known
  kChainBroken,  ///< a hash does not follow from the one before it
  kBadSignature,
  kOtherEpoch,  ///< a cursor or batch of another life of this head office
  kBadCursor,
  kMemberUnknown,
  kTooManyTries,
  kTillFenced,   ///< an operator has fenced this till: no new life without a new code
  kBadReceipt,   ///< not what a receipt's QR says
  kImport,       ///< a catalogue file that cannot be used
  kDataDamaged,  ///< verify found something wrong
};

[[nodiscard]] std::string_view ErrorName(ServerErrc code);

}  // namespace evertill::server
