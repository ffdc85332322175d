#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/checkout/sync_port.h"

/// What synchronising needs of a till's rights to spend points. Implemented by store/, used by sync/client.
namespace evertill::checkout {

/// Bytes that head office signed, as they came: journalled before they count.
struct SignedText {
  std::string bytes;
  std::string signature;  ///< 64 raw bytes
};

/// How this till checks a member's PIN and phone codes: only for members whose points it holds.
struct MemberSecret {
  domain::MemberId member;
  std::string pin_hash;        ///< Argon2id with the chain's pepper; empty: no PIN
  int64_t pin_generation = 0;  ///< grows with each new or reset PIN; the count of tries belongs to one generation
  bool pin_locked = false;     ///< head office has summed up too many failures
  struct Phone {
    std::string serial;  ///< 16 hex digits
    std::string secret;  ///< 20 raw bytes, RFC 6238
  };
  std::vector<Phone> phones;
};

/// A signed hello's word, believed by the caller.
struct HelloFacts {
  int64_t server_ms = 0;               ///< head office's clock
  int64_t revocations_version = 0;     ///< the list of lost cards as of server_ms
  bool fenced = false;                 ///< this life of the till gets no rights any more
  std::string pepper;                  ///< of PINs, 32 raw bytes; empty: unchanged
  std::vector<std::string> card_keys;  ///< "<id>:<base64 Ed25519>": what cards are signed with
};

/// A new life of this till, given by head office.
struct NewLife {
  int64_t incarnation = 0;
  std::string token;
  std::string why;  ///< "behind", "fenced"
};

/// Any thread. Each call is one transaction, on the disk before it returns.
class RightsSync {
 public:
  virtual ~RightsSync() = default;
  [[nodiscard]] virtual base::Status RecordHello(const HelloFacts& facts) = 0;

  /// Journals one RETURN for each member concerned: all of LOCAL, and the grants that head office asks back or that are
  /// past their time; never what an open basket has reserved. From then on those rights are gone here. Called only
  /// after a believed hello in the same round. Answers how many events it wrote.
  [[nodiscard]] virtual base::Expected<int64_t> GiveBack(const std::vector<std::string>& recalled_grants) = 0;

  /// Checks signature, holder and epoch, and journals "grants_accepted" with the exact bytes. An id that was ever
  /// accepted before is passed over, whatever became of it. Answers how many were new.
  [[nodiscard]] virtual base::Expected<int64_t> AcceptGrants(const std::vector<SignedText>& grants) = 0;
  [[nodiscard]] virtual base::Expected<int64_t> AcceptPermits(const std::vector<SignedText>& permits) = 0;
  /// Journals "permit_returned" for each that is held; from then on no stand-in under it.
  [[nodiscard]] virtual base::Status ReturnPermits(const std::vector<std::string>& ids) = 0;
  [[nodiscard]] virtual base::Status PutSecrets(const std::vector<MemberSecret>& secrets) = 0;

  /// The signed list of lost cards and erased members; an older version than the one here is passed over.
  [[nodiscard]] virtual base::Status PutRevocations(const SignedText& list) = 0;
  /// The list as it stands here, to be handed back to a head office that was restored. Empty bytes: none.
  [[nodiscard]] virtual base::Expected<SignedText> Revocations() = 0;
  [[nodiscard]] virtual base::Expected<int64_t> RevocationsVersion() = 0;

  /// The same text until BeginLife has succeeded: so that a lost answer does not make two lives.
  [[nodiscard]] virtual base::Expected<std::string> LifeRequestId() = 0;
  /// A new incarnation with no rights (rule kNewIncarnation): all grants, LOCAL and permits here are dropped unspent,
  /// the chain starts anew with "life" as its first event, which names the end of the one before.
  [[nodiscard]] virtual base::Status BeginLife(const NewLife& life) = 0;
};

}  // namespace evertill::checkout
