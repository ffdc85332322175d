#include "app/domain/event.h"

#include <boost/json.hpp>

#include "app/domain/errors.h"

namespace evertill::domain {
namespace {

namespace json = boost::json;

constexpr int kDeepest = 12;

void AppendText(std::string& out, std::string_view text) {
  out += json::serialize(json::string_view(text.data(), text.size()));
}

void AppendField(std::string& out, std::string_view key, int64_t value) {
  out += ",\"";
  out += key;
  out += "\":";
  out += std::to_string(value);
}

void AppendPosting(std::string& out, const Posting& posting) {
  out += "{\"account\":";
  AppendText(out, posting.account);
  out += ",\"source\":";
  AppendText(out, posting.source);
  out += ",\"lot\":";
  AppendText(out, posting.lot);
  AppendField(out, "amount", posting.amount);
  out += '}';
}

base::Expected<int64_t> Integer(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64())
    return base::Fail(DomainErrc::kBadEvent, std::string(key) + " is no integer");
  return value->get_int64();
}

base::Expected<std::string> Text(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string())
    return base::Fail(DomainErrc::kBadEvent, std::string(key) + " is no text");
  return std::string(value->get_string());
}

base::Expected<Terminal> ReadTerminal(const json::object& object) {
  EVERTILL_ASSIGN(const std::string name, Text(object, "terminal"));
  EVERTILL_ASSIGN(const int64_t incarnation, Integer(object, "incarnation"));
  const size_t slash = name.find('/');
  if (slash == std::string::npos || !IsPlaceCode(name.substr(0, slash)) || !IsPlaceCode(name.substr(slash + 1)) ||
      incarnation < 1) {
    return base::Fail(DomainErrc::kBadEvent, "terminal is not STORE/TILL with an incarnation from 1");
  }
  return Terminal{StoreCode(name.substr(0, slash)), TillCode(name.substr(slash + 1)), incarnation};
}

base::Expected<LedgerCore> ReadCore(const json::object& object) {
  const auto* value = object.if_contains("ledger_core");
  if (value == nullptr || !value->is_object()) return base::Fail(DomainErrc::kBadEvent, "no ledger_core");
  const auto& core = value->get_object();
  LedgerCore result;
  EVERTILL_ASSIGN(result.kind, Text(core, "kind"));
  if (const auto* member = core.if_contains("member"); member != nullptr && !member->is_null()) {
    EVERTILL_ASSIGN(const std::string text, Text(core, "member"));
    const auto id = base::Uuid::Parse(text);
    if (!id) return base::Fail(DomainErrc::kBadEvent, "member is no UUID");
    result.member = MemberId(*id);
  }
  const auto* postings = core.if_contains("postings");
  if (postings == nullptr || !postings->is_array()) return base::Fail(DomainErrc::kBadEvent, "no postings");
  for (const auto& row : postings->get_array()) {
    if (!row.is_object()) return base::Fail(DomainErrc::kBadEvent, "a posting is no object");
    Posting posting;
    EVERTILL_ASSIGN(posting.account, Text(row.get_object(), "account"));
    EVERTILL_ASSIGN(posting.source, Text(row.get_object(), "source"));
    EVERTILL_ASSIGN(posting.lot, Text(row.get_object(), "lot"));
    EVERTILL_ASSIGN(posting.amount, Integer(row.get_object(), "amount"));
    result.postings.push_back(std::move(posting));
  }
  return result;
}

base::Expected<Event> ReadEvent(const json::object& object) {
  Event event;
  EVERTILL_ASSIGN(event.schema, Integer(object, "schema"));
  EVERTILL_ASSIGN(const std::string id, Text(object, "event_id"));
  const auto uuid = base::Uuid::Parse(id);
  if (!uuid) return base::Fail(DomainErrc::kBadEvent, "event_id is no UUID");
  event.id = EventId(*uuid);
  EVERTILL_ASSIGN(event.terminal, ReadTerminal(object));
  EVERTILL_ASSIGN(event.seq, Integer(object, "seq"));
  EVERTILL_ASSIGN(const int64_t wall, Integer(object, "t_wall"));
  EVERTILL_ASSIGN(const int64_t business, Integer(object, "t_business"));
  event.t_wall = base::FromUnixMillis(wall);
  event.t_business = base::FromUnixMillis(business);
  EVERTILL_ASSIGN(event.rules_version, Integer(object, "rules_version"));
  EVERTILL_ASSIGN(event.core, ReadCore(object));
  const auto* ext = object.if_contains("ext");
  if (ext == nullptr || !ext->is_object()) return base::Fail(DomainErrc::kBadEvent, "no ext");
  event.ext = json::serialize(*ext);
  EVERTILL_ASSIGN(event.side_digest, Text(object, "side"));
  return event;
}

}  // namespace

std::string EncodeEvent(const Event& event) {
  std::string out;
  out.reserve(512 + event.ext.size());
  out += "{\"schema\":" + std::to_string(event.schema) + ",\"event_id\":\"" + event.id.ToString() + "\",\"terminal\":";
  AppendText(out, event.terminal.Name());
  AppendField(out, "incarnation", event.terminal.incarnation);
  AppendField(out, "seq", event.seq);
  AppendField(out, "t_wall", base::ToUnixMillis(event.t_wall));
  AppendField(out, "t_business", base::ToUnixMillis(event.t_business));
  AppendField(out, "rules_version", event.rules_version);
  out += ",\"ledger_core\":{\"kind\":";
  AppendText(out, event.core.kind);
  out += ",\"member\":";
  out += event.core.member ? "\"" + event.core.member->ToString() + "\"" : std::string("null");
  out += ",\"postings\":[";
  for (size_t i = 0; i < event.core.postings.size(); ++i) {
    if (i > 0) out += ',';
    AppendPosting(out, event.core.postings[i]);
  }
  out += "]},\"ext\":";
  out += event.ext;
  out += ",\"side\":\"" + event.side_digest + "\"}";
  return out;
}

base::Expected<Event> DecodeEvent(std::string_view bytes) {
  json::parse_options options;
  options.max_depth = kDeepest;
  boost::system::error_code error;
  const auto value = json::parse(json::string_view(bytes.data(), bytes.size()), error, {}, options);
  if (error || !value.is_object()) return base::Fail(DomainErrc::kBadEvent, "not a JSON object");
  return ReadEvent(value.get_object());
}

}  // namespace evertill::domain
