#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/domain/event.h"
#include "sync/wire/messages.h"

namespace evertill::server {

/// Who a bearer token is. A till's token is good for its own journal and nothing else.
enum class TokenRole { kTill, kPuller, kAdmin, kAuditor };
[[nodiscard]] std::string_view RoleName(TokenRole role);
[[nodiscard]] std::optional<TokenRole> ParseRole(std::string_view text);

struct TokenRow {
  TokenRole role = TokenRole::kPuller;
  std::string terminal = {};  ///< of a till's token
  int64_t incarnation = 0;
};

enum class CodePurpose { kTill, kFirstAdmin };

/// A one-time code, by its hash.
struct CodeRow {
  CodePurpose purpose = CodePurpose::kTill;
  std::string store = {};
  std::string till = {};
  base::Instant expires = {};
  bool used = false;
};

struct StoreRow {
  std::string code = {};
  std::string name = {};
  std::string currency = {};  ///< empty until its first till enrols
};

/// One life of a till.
struct TerminalRow {
  std::string terminal = {};  ///< "S01/L03"
  int64_t incarnation = 1;
  std::string store = {};
  std::string till = {};
  std::string public_key = {};  ///< 32 raw bytes
  std::string name = {};
  int64_t head_seq = 0;
  wire::Digest head_hash = wire::Digest(32, '\0');
  base::Instant last_seen = {};
  std::string fenced = {};  ///< why it gets no rights; empty when it does
  bool reclaimed = false;   ///< its LOCAL points were taken back by force
  int64_t due_seq = 0;      ///< how far its members' rights were looked at
};

/// An event as it is kept.
struct EventRow {
  int64_t commit_seq = 0;  ///< given by the store
  std::string event_id = {};
  std::string terminal = {};
  int64_t incarnation = 1;
  int64_t seq = 0;
  std::string store = {};
  std::string till = {};
  std::string kind = {};
  std::string member = {};   ///< empty where there is none
  std::string receipt = {};  ///< empty where there is none
  std::string currency = {};
  std::optional<int64_t> total_minor = {};
  base::Instant t_business = {};
  base::Instant received = {};
  std::string parked = {};  ///< why its postings were not made; empty when they were
  wire::Digest hash = {};
  std::string body = {};
  int64_t branch = 0;  ///< 0: the chain as it came first
};

struct MemberRow {
  std::string id = {};
  std::string name = {};
  std::string phone = {};
  std::string card = {};
  std::string language = {};
  std::vector<std::string> consents = {};  ///< words of a-z 0-9 _
  int64_t points = 0;
  base::Instant as_of = {};
  std::string merged_into = {};  ///< the canonical id; empty: this one
  bool erased = false;
};

struct LogQuery {
  int64_t after = 0;
  int64_t limit = 500;
  std::string store = {};  ///< empty: any
  std::string till = {};
  bool gap_safe = true;
};

/// One page of changes for tills.
struct ChangePage {
  std::vector<wire::ProductChange> products = {};
  std::vector<wire::MemberChange> members = {};  ///< included_seq not filled in
  int64_t last = 0;                              ///< change_seq of the last row, or what was asked for
  bool more = false;
  std::string programme = {};  ///< JSON; empty when it has not changed
};

/// For /metrics and the page.
struct Totals {
  int64_t events = 0;  ///< commit_seq has no gap: also the last one
  int64_t sales = 0;
  int64_t parked = 0;
  int64_t branches = 0;  ///< events of second histories
  int64_t members = 0;
  int64_t products = 0;
};

}  // namespace evertill::server
