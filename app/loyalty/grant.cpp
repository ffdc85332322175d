#include "app/loyalty/grant.h"

#include <algorithm>
#include <boost/json.hpp>

#include "app/base/check.h"
#include "app/loyalty/errors.h"

namespace evertill::loyalty {
namespace {

namespace json = boost::json;

/// More than head office ever makes: lots of one member, and letters of one id.
constexpr size_t kMostLots = 10'000;
constexpr size_t kLongestId = 120;

tl::unexpected<base::Error> Bad(std::string detail) {
  return base::Fail(LoyaltyErrc::kBadGrant, std::move(detail));
}

void AppendText(std::string& out, std::string_view key, std::string_view text) {
  out += '"';
  out += key;
  out += "\":";
  out += json::serialize(json::string_view(text.data(), text.size()));
}

void AppendNumber(std::string& out, std::string_view key, int64_t value) {
  out += ",\"";
  out += key;
  out += "\":";
  out += std::to_string(value);
}

base::Expected<int64_t> Number(const json::object& object, const char* key, int64_t least) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64()) return Bad(std::string(key) + " is no integer");
  if (value->get_int64() < least) return Bad(std::string(key) + " is below " + std::to_string(least));
  return value->get_int64();
}

base::Expected<std::string> Text(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return Bad(std::string(key) + " is no text");
  if (value->get_string().size() > kLongestId) return Bad(std::string(key) + " is too long");
  return std::string(value->get_string());
}

base::Expected<json::object> Parse(std::string_view bytes) {
  json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code error;
  auto value = json::parse(json::string_view(bytes.data(), bytes.size()), error, {}, options);
  if (error || !value.is_object()) return Bad("not a JSON object");
  return std::move(value.get_object());
}

/// What grants and permits have in common: who may spend whose points, in which history.
template <typename Right>
base::Status ReadHolder(const json::object& object, const char* id_key, Right& right) {
  EVERTILL_ASSIGN(right.id, Text(object, id_key));
  if (right.id.empty()) return Bad(std::string("no ") + id_key);
  EVERTILL_ASSIGN(const std::string member, Text(object, "member"));
  const auto uuid = base::Uuid::Parse(member);
  if (!uuid) return Bad("member is no UUID");
  right.member = domain::MemberId(*uuid);
  EVERTILL_ASSIGN(right.terminal, Text(object, "terminal"));
  const size_t slash = right.terminal.find('/');
  if (slash == std::string::npos || !domain::IsPlaceCode(right.terminal.substr(0, slash)) ||
      !domain::IsPlaceCode(right.terminal.substr(slash + 1))) {
    return Bad("terminal is not STORE/TILL");
  }
  EVERTILL_ASSIGN(right.incarnation, Number(object, "incarnation", 1));
  EVERTILL_ASSIGN(right.epoch, Text(object, "epoch"));
  return {};
}

template <typename Right>
std::string EncodeHolder(std::string_view id_key, const Right& right) {
  std::string out = "{";
  AppendText(out, id_key, right.id);
  out += ",\"member\":\"" + right.member.ToString() + "\",";
  AppendText(out, "terminal", right.terminal);
  AppendNumber(out, "incarnation", right.incarnation);
  out += ',';
  AppendText(out, "epoch", right.epoch);
  return out;
}

base::Expected<std::vector<LotShare>> ReadLots(const json::object& object) {
  const auto* value = object.if_contains("lots");
  if (value == nullptr || !value->is_array()) return Bad("no lots");
  const auto& rows = value->get_array();
  if (rows.empty() || rows.size() > kMostLots) return Bad(std::to_string(rows.size()) + " lots");
  std::vector<LotShare> lots;
  lots.reserve(rows.size());
  int64_t sum = 0;
  for (const auto& row : rows) {
    if (!row.is_object()) return Bad("a lot is no object");
    LotShare share;
    EVERTILL_ASSIGN(share.lot, Text(row.get_object(), "lot"));
    EVERTILL_ASSIGN(share.points, Number(row.get_object(), "points", 1));
    EVERTILL_ASSIGN(share.expires_ms, Number(row.get_object(), "expires", 0));
    if (__builtin_add_overflow(sum, share.points, &sum)) return Bad("points past 64 bits");
    lots.push_back(std::move(share));
  }
  std::vector<std::string_view> ids;
  for (const auto& share : lots) ids.push_back(share.lot);
  std::sort(ids.begin(), ids.end());
  if (std::adjacent_find(ids.begin(), ids.end()) != ids.end()) return Bad("a lot is there twice");
  return lots;
}

}  // namespace

int64_t Grant::Cap() const {
  int64_t cap = 0;
  for (const auto& share : lots) EVERTILL_CHECK(!__builtin_add_overflow(cap, share.points, &cap));
  return cap;
}

std::string EncodeGrant(const Grant& grant) {
  std::string out = EncodeHolder("grant", grant);
  AppendNumber(out, "not_after", grant.not_after_ms);
  out += ",\"lots\":[";
  for (size_t i = 0; i < grant.lots.size(); ++i) {
    out += i > 0 ? ",{" : "{";
    AppendText(out, "lot", grant.lots[i].lot);
    AppendNumber(out, "points", grant.lots[i].points);
    AppendNumber(out, "expires", grant.lots[i].expires_ms);
    out += '}';
  }
  out += "]}";
  return out;
}

std::string EncodePermit(const Permit& permit) {
  std::string out = EncodeHolder("permit", permit);
  AppendNumber(out, "cap", permit.cap);
  AppendNumber(out, "till_cap", permit.till_cap);
  out += '}';
  return out;
}

base::Expected<Grant> DecodeGrant(std::string_view bytes) {
  EVERTILL_ASSIGN(const json::object object, Parse(bytes));
  Grant grant;
  EVERTILL_TRY(ReadHolder(object, "grant", grant));
  EVERTILL_ASSIGN(grant.not_after_ms, Number(object, "not_after", 0));
  EVERTILL_ASSIGN(grant.lots, ReadLots(object));
  // A key that this version does not know could narrow the right: what is not understood whole is not used.
  if (EncodeGrant(grant) != bytes) return Bad("not the form that is signed");
  return grant;
}

base::Expected<Permit> DecodePermit(std::string_view bytes) {
  EVERTILL_ASSIGN(const json::object object, Parse(bytes));
  Permit permit;
  EVERTILL_TRY(ReadHolder(object, "permit", permit));
  EVERTILL_ASSIGN(permit.cap, Number(object, "cap", 1));
  EVERTILL_ASSIGN(permit.till_cap, Number(object, "till_cap", 1));
  if (EncodePermit(permit) != bytes) return Bad("not the form that is signed");
  return permit;
}

std::string GrantSignedBytes(std::string_view bytes) {
  return "evertill-grant-1\n" + std::string(bytes);
}

std::string PermitSignedBytes(std::string_view bytes) {
  return "evertill-permit-1\n" + std::string(bytes);
}

}  // namespace evertill::loyalty
