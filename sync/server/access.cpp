#include "sync/server/access.h"

#include <array>

#include "app/crypto/encoding.h"
#include "app/crypto/hash.h"
#include "app/crypto/x509.h"
#include "app/domain/ids.h"
#include "app/domain/money.h"
#include "sync/server/errors.h"
#include "sync/server/till_desk.h"
#include "sync/wire/enrol_code.h"

namespace evertill::server {

namespace {

constexpr std::chrono::minutes kTillCodeLife{10};
constexpr std::chrono::hours kFirstAdminLife{24};
constexpr std::chrono::hours kSessionLife{12};
constexpr size_t kMostSessions = 10'000;

std::string RandomBytes(base::Random& random, size_t size) {
  std::string bytes(size, '\0');
  random.Fill({reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

/// One answer for unknown, used, expired and other purpose: a guesser learns nothing.
tl::unexpected<base::Error> RefuseCode() {
  return base::Fail(ServerErrc::kCodeRefused, "this code is unknown, used or expired; make a new one at head office");
}

base::Expected<CodeRow> UseCode(Store& store, std::string_view secret, CodePurpose purpose, base::Instant now) {
  const wire::Digest hash = SecretHash(secret);
  EVERTILL_ASSIGN(const auto code, store.FindCode(hash));
  if (!code || code->purpose != purpose || code->used || now >= code->expires) return RefuseCode();
  EVERTILL_TRY(store.MarkCodeUsed(hash, now));
  return *code;
}

/// The store's currency is that of its first till.
base::Status CheckCurrency(Store& store, const StoreRow& where, const std::string& currency) {
  if (currency.empty() || currency == where.currency) return {};
  if (!domain::Currency::Find(currency)) return base::Fail(ServerErrc::kBadArgument, "unknown currency " + currency);
  if (where.currency.empty()) return store.SetStoreCurrency(where.code, currency);
  return base::Fail(ServerErrc::kCurrencyDiffers,
                    "store " + where.code + " sells in " + where.currency + ", this till in " + currency);
}

/// Which life this till is now. Adds it where it is new.
base::Expected<int64_t> Admit(Store& store, const wire::EnrolRequest& request, base::Instant now) {
  TerminalRow life;
  life.terminal = request.store + "/" + request.till;
  life.incarnation = request.incarnation;
  life.store = request.store;
  life.till = request.till;
  life.public_key = request.public_key;
  life.name = request.name;
  life.last_seen = now;
  EVERTILL_ASSIGN(const auto lives, store.LivesOf(life.terminal));
  for (const TerminalRow& known : lives) {
    if (known.public_key != request.public_key) continue;
    // The same machine again: it may have lost its token. Its events stay in the chain that they began.
    if (request.head_seq > 0 && known.incarnation != request.incarnation) continue;
    EVERTILL_TRY(store.RevokeTillTokens(known.terminal, known.incarnation, now));
    // Somebody at head office made the code: this machine may go on, in a new life. Copies of its disk may not.
    if (known.fenced == kFencedByHand) {
      EVERTILL_TRY(store.ChangeFence(known.terminal, known.incarnation, "enrolled_anew"));
    }
    return known.incarnation;
  }
  if (!lives.empty()) {
    const bool free_place = request.incarnation > lives.back().incarnation;
    if (request.head_seq > 0 && !free_place) {
      return base::Fail(ServerErrc::kTerminalInUse,
                        life.terminal +
                            " is another machine already, and this one has sales of its own; give it "
                            "another till code");
    }
    if (!free_place) life.incarnation = lives.back().incarnation + 1;
  }
  EVERTILL_TRY(store.AddTerminal(life));
  // Another machine has this till's place: those before it get no rights any more.
  for (const TerminalRow& known : lives) {
    EVERTILL_TRY(store.FenceLife(known.terminal, known.incarnation, "replaced"));
  }
  return life.incarnation;
}

}  // namespace

wire::Digest SecretHash(std::string_view secret) {
  return wire::Digest(crypto::AsText(crypto::Sha256(crypto::AsBytes(secret))));
}

std::string NewSecretText(base::Random& random) {
  return "evt_" + crypto::ToBase32(crypto::AsBytes(RandomBytes(random, 32)));
}

base::Expected<TokenRow> Authenticate(Store& store, std::string_view authorization_header) {
  constexpr std::string_view kBearer = "Bearer ";
  if (!authorization_header.starts_with(kBearer)) {
    return base::Fail(ServerErrc::kUnauthorised, "send: Authorization: Bearer TOKEN");
  }
  EVERTILL_ASSIGN(const auto token, store.FindToken(SecretHash(authorization_header.substr(kBearer.size()))));
  if (!token) return base::Fail(ServerErrc::kUnauthorised, "this token is not known here");
  return *token;
}

base::Expected<std::string> MakeTillCode(Store& store, std::string_view store_code, std::string_view till_code,
                                         std::string_view ca_pem, base::Instant now, base::Random& random) {
  if (!domain::IsPlaceCode(till_code)) {
    return base::Fail(ServerErrc::kBadArgument, "--till " + std::string(till_code) + ": 1 to 8 of A-Z and 0-9");
  }
  EVERTILL_ASSIGN(const auto where, store.FindStore(store_code));
  if (!where) {
    return base::Fail(ServerErrc::kUnknownStore, std::string(store_code) + "; add it with: evertill-hq store add");
  }
  EVERTILL_ASSIGN(const crypto::Digest fingerprint, crypto::CertificateFingerprint(ca_pem));
  const wire::EnrolCode code{RandomBytes(random, wire::kCodeSecretBytes),
                             std::string(crypto::AsText(fingerprint).substr(0, wire::kCodeFingerprintBytes))};
  EVERTILL_TRY(store.AddCode(SecretHash(code.secret), {.purpose = CodePurpose::kTill,
                                                       .store = std::string(store_code),
                                                       .till = std::string(till_code),
                                                       .expires = now + kTillCodeLife}));
  EVERTILL_TRY(store.Audit(now, "operator", "till_code", std::string(store_code) + "/" + std::string(till_code)));
  return code.ToString();
}

base::Expected<wire::EnrolReply> EnrolTill(Store& store, const wire::EnrolRequest& request, base::Instant now,
                                           base::Random& random) {
  EVERTILL_ASSIGN(const CodeRow code, UseCode(store, request.code_secret, CodePurpose::kTill, now));
  if (code.store != request.store || code.till != request.till) {
    return base::Fail(ServerErrc::kCodeRefused, "this code is for " + code.store + "/" + code.till + ", this till is " +
                                                    request.store + "/" + request.till);
  }
  EVERTILL_ASSIGN(const auto where, store.FindStore(code.store));
  if (!where) return base::Fail(ServerErrc::kUnknownStore, code.store);
  EVERTILL_TRY(CheckCurrency(store, *where, request.currency));
  wire::EnrolReply reply;
  EVERTILL_ASSIGN(reply.incarnation, Admit(store, request, now));
  reply.store = request.store;
  reply.till = request.till;
  reply.terminal = request.store + "/" + request.till;
  reply.store_name = where->name;
  reply.token = NewSecretText(random);
  EVERTILL_TRY(store.AddToken(SecretHash(reply.token), {TokenRole::kTill, reply.terminal, reply.incarnation}, now));
  EVERTILL_TRY(store.Audit(now, reply.terminal, "enrolled", "incarnation " + std::to_string(reply.incarnation)));
  return reply;
}

base::Expected<std::string> MakeFirstAdminCode(Store& store, base::Instant now, base::Random& random) {
  std::string code = crypto::ToBase32(crypto::AsBytes(RandomBytes(random, 20)));
  EVERTILL_TRY(
      store.AddCode(SecretHash(code),
                    {.purpose = CodePurpose::kFirstAdmin, .store = {}, .till = {}, .expires = now + kFirstAdminLife}));
  return code;
}

base::Expected<std::string> UseFirstAdminCode(Store& store, std::string_view code, base::Instant now,
                                              base::Random& random) {
  EVERTILL_TRY(UseCode(store, code, CodePurpose::kFirstAdmin, now));
  return MakeToken(store, TokenRole::kAdmin, now, random);
}

base::Expected<std::string> MakeToken(Store& store, TokenRole role, base::Instant now, base::Random& random) {
  std::string token = NewSecretText(random);
  EVERTILL_TRY(store.AddToken(SecretHash(token), {role, {}, 0}, now));
  EVERTILL_TRY(store.Audit(now, "operator", "token_create", RoleName(role)));
  return token;
}

void TryLimiter::StartMinute() {
  const auto now = clock_.Uptime();
  if (now - minute_start_ < std::chrono::minutes(1)) return;
  minute_start_ = now;
  failures_.clear();
  all_ = 0;
}

bool TryLimiter::MayTry(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  StartMinute();
  const auto found = failures_.find(peer);
  return all_ < most_all_ && (found == failures_.end() || found->second < most_each_);
}

void TryLimiter::CountFailure(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  StartMinute();
  ++failures_[peer];
  ++all_;
}

std::string Sessions::Start(TokenRole role) {
  std::string secret = NewSecretText(random_);
  const std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [now = clock_.Uptime()](const auto& entry) { return entry.second.ends <= now; });
  if (sessions_.size() >= kMostSessions) sessions_.erase(sessions_.begin());
  sessions_[SecretHash(secret)] = {role, clock_.Uptime() + kSessionLife};
  return secret;
}

std::optional<TokenRole> Sessions::Find(std::string_view secret) {
  if (secret.empty()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(SecretHash(secret));
  if (found == sessions_.end() || found->second.ends <= clock_.Uptime()) return std::nullopt;
  return found->second.role;
}

void Sessions::End(std::string_view secret) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(SecretHash(secret));
}

}  // namespace evertill::server
