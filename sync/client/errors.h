#pragma once

#include <string_view>

#include "app/base/expected.h"

namespace evertill::client {

/// How talking to head office fails.
enum class ClientErrc {
  kBadUrl,           ///< not https (or http on this very machine)
  kUnreachable,      ///< no connection, or it broke, or took too long
  kNotTrusted,       ///< TLS: not the head office that was pinned
  kWrongAuthority,   ///< the certificate authority is not the one in the enrolment code
  kRefused,          ///< head office said no; the detail says why
  kBadAnswer,        ///< an answer that cannot be believed or understood
  kAlreadyEnrolled,  ///< this till has a head office; the detail says which
  kForked,           ///< head office has another history of this till: a copied or restored disk
  kCancelled,        ///< the program is ending
};

[[nodiscard]] std::string_view ErrorName(ClientErrc code);

}  // namespace evertill::client
