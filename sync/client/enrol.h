#pragma once

#include <string>

#include "app/base/expected.h"
#include "app/checkout/sync_port.h"
#include "sync/client/errors.h"

namespace evertill::client {

struct EnrolOptions {
  std::string server_url;  ///< https://host[:port]
  std::string code;        ///< EV1-…, as head office printed it
  std::string ca_pem;      ///< of `--ca FILE`; empty: fetched from head office and checked against the code
  std::string name;        ///< of this machine, for people at head office; may be empty
  /// Also where this till is enrolled already, at the same head office: that has fenced it, and lets it in again.
  bool anew = false;
};

/// Makes this till known to head office: checks that it is the head office of the code (by the authority's
/// fingerprint), pins that authority, uses up the code and keeps what it gets in the store. Nothing is kept when it
/// fails. kBadUrl, kWrongAuthority, kRefused (with head office's reason), kUnreachable, `bad_enrol_code`,
/// kAlreadyEnrolled.
[[nodiscard]] base::Expected<checkout::Enrolment> Enrol(checkout::SyncStore& store, const EnrolOptions& options);

}  // namespace evertill::client
