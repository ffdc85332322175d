#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "sync/server/store.h"
#include "sync/wire/messages.h"

namespace evertill::server {

/// SHA-256 of a secret's text: what is stored and looked up instead of it. Secrets here have at least 80 random bits,
/// so a plain hash cannot be tried backwards in the time that they live.
[[nodiscard]] wire::Digest SecretHash(std::string_view secret);

/// 256 random bits in letters that a shell and a header carry: "evt_…". Kept as SecretHash only.
[[nodiscard]] std::string NewSecretText(base::Random& random);

/// Who sends `Authorization: Bearer …`. kUnauthorised when nobody that is known.
[[nodiscard]] base::Expected<TokenRow> Authenticate(Store& store, std::string_view authorization_header);

/// A one-time enrolment code for a till, ten minutes good. kUnknownStore; kBadArgument for a till code that is none.
[[nodiscard]] base::Expected<std::string> MakeTillCode(Store& store, std::string_view store_code,
                                                       std::string_view till_code, std::string_view ca_pem,
                                                       base::Instant now, base::Random& random);

/// Lets a till in: uses up the code, gives the till an incarnation and a token. In the caller's transaction; whatever
/// fails leaves the code as it was. kCodeRefused, kTerminalInUse, kCurrencyDiffers.
/// A known till with the same key keeps its incarnation and gets a new token (the old one is revoked). With another key
/// it gets the next incarnation when it has no events yet, and is refused when it has: two machines under one code.
[[nodiscard]] base::Expected<wire::EnrolReply> EnrolTill(Store& store, const wire::EnrolRequest& request,
                                                         base::Instant now, base::Random& random);

/// The code of the first administrator's link, 24 hours good, and its use: gives an admin's token, once.
[[nodiscard]] base::Expected<std::string> MakeFirstAdminCode(Store& store, base::Instant now, base::Random& random);
[[nodiscard]] base::Expected<std::string> UseFirstAdminCode(Store& store, std::string_view code, base::Instant now,
                                                            base::Random& random);

/// A new bearer token for people and machines. Shown once, stored as its hash.
[[nodiscard]] base::Expected<std::string> MakeToken(Store& store, TokenRole role, base::Instant now,
                                                    base::Random& random);

/// Counts failed tries by address, over a minute; any thread. In memory: a restart forgets, which 80-bit codes can
/// bear.
class TryLimiter {
 public:
  TryLimiter(const base::Clock& clock, int most_each, int most_all)
      : clock_(clock), most_each_(most_each), most_all_(most_all) {}
  [[nodiscard]] bool MayTry(const std::string& peer);
  void CountFailure(const std::string& peer);

 private:
  void StartMinute();

  const base::Clock& clock_;
  const int most_each_;
  const int most_all_;
  std::mutex mutex_;
  std::chrono::milliseconds minute_start_{0};
  std::map<std::string, int> failures_;
  int all_ = 0;
};

/// People who have signed in with a token; in memory, twelve hours. Any thread.
class Sessions {
 public:
  Sessions(const base::Clock& clock, base::Random& random) : clock_(clock), random_(random) {}
  /// The new session's secret, for a cookie.
  [[nodiscard]] std::string Start(TokenRole role);
  [[nodiscard]] std::optional<TokenRole> Find(std::string_view secret);
  void End(std::string_view secret);

 private:
  struct Session {
    TokenRole role;
    std::chrono::milliseconds ends;
  };
  const base::Clock& clock_;
  base::Random& random_;
  std::mutex mutex_;
  std::map<wire::Digest, Session> sessions_;  ///< by hash: a look-up tells nothing about the secrets
};

}  // namespace evertill::server
