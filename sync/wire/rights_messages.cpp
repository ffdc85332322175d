#include "sync/wire/rights_messages.h"

#include "app/base/uuid.h"
#include "app/crypto/hash.h"
#include "sync/wire/limits.h"
#include "sync/wire/message_parts.h"

namespace evertill::wire {

namespace json = boost::json;

namespace {

constexpr size_t kPepperBytes = 32;
constexpr size_t kPhoneSecretBytes = 20;
constexpr size_t kSerialBytes = 8;

json::array Texts(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) out.push_back(json::string(text));
  return out;
}

/// A list of words (ids, serials), each printable and without blanks. Absent is empty.
base::Status ReadWords(const json::object& object, std::string_view key, size_t most, size_t most_bytes,
                       std::vector<std::string>& out) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  JsonFields fields(object, "message");
  const json::array* list = fields.Array(key, most);
  EVERTILL_TRY(fields.Check());
  for (const json::value& item : *list) {
    const json::string* text = item.if_string();
    if (text == nullptr || !IsWord({text->data(), text->size()}, most_bytes)) {
      return base::Fail(WireErrc::kMalformed, "an item of '" + std::string(key) + "' is not a short printable text");
    }
    out.emplace_back(text->data(), text->size());
  }
  return {};
}

/// What stands at the head of every message about one till's life.
template <typename Message>
base::Status ReadLife(JsonFields& fields, Message& message) {
  message.terminal = fields.String("terminal", 40);
  message.incarnation = fields.Integer("incarnation", 1, kMaxSafeInteger);
  EVERTILL_TRY(fields.Check());
  if (!IsTerminal(message.terminal)) return base::Fail(WireErrc::kMalformed, "'terminal' is not STORE/TILL");
  return {};
}

/// The same where a nonce and an epoch follow.
template <typename Message>
base::Status ReadPlace(JsonFields& fields, Message& message) {
  EVERTILL_TRY(ReadLife(fields, message));
  message.nonce = fields.String("nonce", 64);
  EVERTILL_ASSIGN(message.epoch, ReadEpoch(fields));
  EVERTILL_TRY(fields.Check());
  if (!IsNonce(message.nonce)) return base::Fail(WireErrc::kMalformed, "'nonce' is not printable");
  return {};
}

template <typename Message>
json::object PlaceJson(const Message& message) {
  return {{"terminal", message.terminal},
          {"incarnation", message.incarnation},
          {"epoch", EpochJson(message.epoch)},
          {"nonce", message.nonce}};
}

base::Status CheckUuid(const std::string& text, std::string_view key) {
  if (base::Uuid::Parse(text)) return {};
  return base::Fail(WireErrc::kMalformed, "'" + std::string(key) + "' is not a UUID");
}

json::array SignedTextsJson(const std::vector<SignedText>& texts) {
  json::array out;
  for (const SignedText& text : texts) {
    out.push_back(json::object{{"bytes", text.bytes}, {"signature", Base64(text.signature)}});
  }
  return out;
}

base::Expected<SignedText> ReadSignedText(const json::object& object, size_t most_bytes) {
  JsonFields fields(object, "signed text");
  SignedText text;
  text.bytes = fields.String("bytes", most_bytes);
  EVERTILL_ASSIGN(text.signature, Base64Field(fields, "signature", kSignatureBytes));
  return text;
}

base::Status ReadSignedTexts(const json::object& object, std::string_view key, std::vector<SignedText>& out) {
  JsonFields fields(object, "rights");
  const json::array* list = fields.Array(key, kMaxRights);
  EVERTILL_TRY(fields.Check());
  for (const json::value& item : *list) {
    if (!item.is_object()) return base::Fail(WireErrc::kMalformed, "rights: a signed text is not an object");
    EVERTILL_ASSIGN(SignedText text, ReadSignedText(item.get_object(), kMaxRightBytes));
    out.push_back(std::move(text));
  }
  return {};
}

json::object SecretJson(const MemberSecret& secret) {
  json::array phones;
  for (const auto& [serial, shared] : secret.phones) {
    phones.push_back(json::object{{"serial", serial}, {"secret", Base64(shared)}});
  }
  return {{"member", secret.member},
          {"pin_hash", secret.pin_hash},
          {"pin_generation", secret.pin_generation},
          {"pin_locked", secret.pin_locked},
          {"phones", std::move(phones)}};
}

base::Expected<MemberSecret> ReadSecret(const json::value& value) {
  if (!value.is_object()) return base::Fail(WireErrc::kMalformed, "rights: a secret is not an object");
  JsonFields fields(value.get_object(), "secret");
  MemberSecret secret;
  secret.member = fields.String("member", 36);
  secret.pin_hash = fields.OptionalString("pin_hash").value_or("");
  secret.pin_generation = fields.IntegerOr("pin_generation", 0, 0, kMaxSafeInteger);
  secret.pin_locked = fields.BoolOr("pin_locked", false);
  const json::array* phones = fields.Array("phones", kMaxCardsOfMember);
  EVERTILL_TRY(fields.Check());
  EVERTILL_TRY(CheckUuid(secret.member, "member"));
  for (const json::value& item : *phones) {
    if (!item.is_object()) return base::Fail(WireErrc::kMalformed, "rights: a phone is not an object");
    JsonFields phone(item.get_object(), "phone");
    std::string serial = Hex(phone.Hex("serial", kSerialBytes));
    EVERTILL_ASSIGN(std::string shared, Base64Field(phone, "secret", kPhoneSecretBytes));
    secret.phones.emplace_back(std::move(serial), std::move(shared));
  }
  return secret;
}

}  // namespace

std::string HelloReply::SignedBytes() const {
  std::vector<std::string> lines{terminal,
                                 std::to_string(incarnation),
                                 nonce,
                                 epoch.ToString(),
                                 std::to_string(acked_seq),
                                 Hex(head),
                                 std::to_string(durable_seq),
                                 Hex(durable_hash),
                                 std::to_string(server_ms),
                                 fenced ? "1" : "0",
                                 behind ? "1" : "0",
                                 std::to_string(revocations_version)};
  for (const std::string& id : recall) lines.push_back("recall " + id);
  for (const std::string& id : recall_permits) lines.push_back("recall_permit " + id);
  for (const std::string& key : card_keys) lines.push_back("card_key " + key);
  if (!pepper.empty()) lines.push_back("pepper " + base::ToHex(crypto::Sha256(crypto::AsBytes(pepper))));
  return SignedLines("evertill-hello-1", lines);
}

std::string LifeRequest::SignedBytes() const {
  return SignedLines("evertill-life-1", {terminal, std::to_string(incarnation), request_id});
}

std::string LifeReply::SignedBytes() const {
  return SignedLines("evertill-new-life-1", {terminal, std::to_string(incarnation), request_id, epoch.ToString()});
}

std::string HoldReply::SignedBytes() const {
  std::vector<std::string> lines{
      terminal,         std::to_string(incarnation), nonce, epoch.ToString(), event_id, member, std::to_string(points),
      given ? "1" : "0"};
  for (const auto& [lot, share] : lots) lines.push_back(lot + " " + std::to_string(share));
  return SignedLines("evertill-hold-1", lines);
}

std::string RevocationsSignedBytes(std::string_view bytes) {
  return "evertill-revocations-1\n" + std::string(bytes);
}

std::string EncodeRevocations(const Revocations& list) {
  return json::serialize(json::object{{"version", list.version},
                                      {"issued_ms", list.issued_ms},
                                      {"epoch", list.epoch},
                                      {"serials", Texts(list.serials)},
                                      {"numbers", Texts(list.numbers)},
                                      {"erased", Texts(list.erased)}});
}

base::Expected<Revocations> DecodeRevocations(std::string_view bytes) {
  if (bytes.size() > kMaxRevocationBytes) return base::Fail(WireErrc::kTooLarge, "revocations");
  EVERTILL_ASSIGN(const json::object object, ParseObject(bytes, "revocations"));
  JsonFields fields(object, "revocations");
  Revocations list;
  list.version = fields.Integer("version", 0, kMaxSafeInteger);
  list.issued_ms = fields.Integer("issued_ms", 0, kMaxSafeInteger);
  list.epoch = fields.String("epoch", 64);
  EVERTILL_TRY(fields.Check());
  EVERTILL_TRY(ReadWords(object, "serials", kMaxRevocations, kSerialBytes * 2, list.serials));
  EVERTILL_TRY(ReadWords(object, "numbers", kMaxRevocations, 64, list.numbers));
  EVERTILL_TRY(ReadWords(object, "erased", kMaxRevocations, 36, list.erased));
  return list;
}

std::string Encode(const HelloRequest& message) {
  json::object out = PlaceJson(message);
  out["head_seq"] = message.head_seq;
  out["head_hash"] = Hex(message.head_hash);
  out["revocations_version"] = message.revocations_version;
  if (!message.revocations.empty()) {
    out["revocations"] = message.revocations;
    out["revocations_signature"] = Base64(message.revocations_signature);
  }
  out["pepper_known"] = message.pepper_known;
  return json::serialize(out);
}

base::Expected<HelloRequest> DecodeHelloRequest(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "hello"));
  JsonFields fields(object, "hello");
  HelloRequest message;
  EVERTILL_TRY(ReadPlace(fields, message));
  message.head_seq = fields.Integer("head_seq", 0, kMaxSafeInteger);
  message.head_hash = fields.Hex("head_hash", kDigestBytes);
  message.revocations_version = fields.IntegerOr("revocations_version", 0, 0, kMaxSafeInteger);
  message.revocations = fields.OptionalString("revocations", kMaxRevocationBytes).value_or("");
  message.pepper_known = fields.IntegerOr("pepper_known", 0, 0, 1);
  EVERTILL_TRY(fields.Check());
  if (!message.revocations.empty()) {
    EVERTILL_ASSIGN(message.revocations_signature, Base64Field(fields, "revocations_signature", kSignatureBytes));
  }
  return message;
}

std::string Encode(const HelloReply& message) {
  json::object out = PlaceJson(message);
  out["acked_seq"] = message.acked_seq;
  out["head"] = Hex(message.head);
  out["durable_seq"] = message.durable_seq;
  out["durable_hash"] = Hex(message.durable_hash);
  out["server_ms"] = message.server_ms;
  out["fenced"] = message.fenced;
  out["behind"] = message.behind;
  out["revocations_version"] = message.revocations_version;
  out["recall"] = Texts(message.recall);
  out["recall_permits"] = Texts(message.recall_permits);
  out["card_keys"] = Texts(message.card_keys);
  if (!message.pepper.empty()) out["pepper"] = Base64(message.pepper);
  out["signature"] = Base64(message.signature);
  return json::serialize(out);
}

base::Expected<HelloReply> DecodeHelloReply(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "hello answer"));
  JsonFields fields(object, "hello answer");
  HelloReply message;
  EVERTILL_TRY(ReadPlace(fields, message));
  message.acked_seq = fields.Integer("acked_seq", 0, kMaxSafeInteger);
  message.head = fields.Hex("head", kDigestBytes);
  message.durable_seq = fields.Integer("durable_seq", 0, kMaxSafeInteger);
  message.durable_hash = fields.Hex("durable_hash", kDigestBytes);
  message.server_ms = fields.Integer("server_ms", 0, kMaxSafeInteger);
  message.fenced = fields.BoolOr("fenced", false);
  message.behind = fields.BoolOr("behind", false);
  message.revocations_version = fields.IntegerOr("revocations_version", 0, 0, kMaxSafeInteger);
  EVERTILL_ASSIGN(message.pepper, OptionalBase64Field(fields, "pepper", kPepperBytes));
  EVERTILL_ASSIGN(message.signature, Base64Field(fields, "signature", kSignatureBytes));
  EVERTILL_TRY(ReadWords(object, "recall", kMaxRights, kMaxIdBytes, message.recall));
  EVERTILL_TRY(ReadWords(object, "recall_permits", kMaxRights, kMaxIdBytes, message.recall_permits));
  EVERTILL_TRY(ReadWords(object, "card_keys", 256, kMaxIdBytes, message.card_keys));
  return message;
}

std::string Encode(const LifeRequest& message) {
  return json::serialize(json::object{{"terminal", message.terminal},
                                      {"incarnation", message.incarnation},
                                      {"request_id", message.request_id},
                                      {"head_seq", message.head_seq},
                                      {"head_hash", Hex(message.head_hash)},
                                      {"signature", Base64(message.signature)}});
}

base::Expected<LifeRequest> DecodeLifeRequest(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "life"));
  JsonFields fields(object, "life");
  LifeRequest message;
  EVERTILL_TRY(ReadLife(fields, message));
  message.request_id = fields.String("request_id", kMaxIdBytes);
  message.head_seq = fields.Integer("head_seq", 0, kMaxSafeInteger);
  message.head_hash = fields.Hex("head_hash", kDigestBytes);
  EVERTILL_ASSIGN(message.signature, Base64Field(fields, "signature", kSignatureBytes));
  if (!IsWord(message.request_id, kMaxIdBytes)) {
    return base::Fail(WireErrc::kMalformed, "life: 'request_id' is not printable");
  }
  return message;
}

std::string Encode(const LifeReply& message) {
  return json::serialize(json::object{{"terminal", message.terminal},
                                      {"incarnation", message.incarnation},
                                      {"token", message.token},
                                      {"request_id", message.request_id},
                                      {"epoch", EpochJson(message.epoch)},
                                      {"signature", Base64(message.signature)}});
}

base::Expected<LifeReply> DecodeLifeReply(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "life answer"));
  JsonFields fields(object, "life answer");
  LifeReply message;
  EVERTILL_TRY(ReadLife(fields, message));
  message.token = fields.String("token", 200);
  message.request_id = fields.String("request_id", kMaxIdBytes);
  EVERTILL_ASSIGN(message.epoch, ReadEpoch(fields));
  EVERTILL_ASSIGN(message.signature, Base64Field(fields, "signature", kSignatureBytes));
  if (!IsWord(message.token, 200) || !IsWord(message.request_id, kMaxIdBytes)) {
    return base::Fail(WireErrc::kMalformed, "life answer: 'token' or 'request_id' is not printable");
  }
  return message;
}

std::string Encode(const RightsRequest& message) {
  json::object out = PlaceJson(message);
  out["limit"] = message.limit;
  return json::serialize(out);
}

base::Expected<RightsRequest> DecodeRightsRequest(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "rights request"));
  JsonFields fields(object, "rights request");
  RightsRequest message;
  EVERTILL_TRY(ReadPlace(fields, message));
  message.limit = fields.IntegerOr("limit", message.limit, 1, kMaxRightsLimit);
  EVERTILL_TRY(fields.Check());
  return message;
}

std::string Encode(const RightsReply& message) {
  json::array secrets;
  for (const MemberSecret& secret : message.secrets) secrets.push_back(SecretJson(secret));
  return json::serialize(json::object{{"nonce", message.nonce},
                                      {"grants", SignedTextsJson(message.grants)},
                                      {"permits", SignedTextsJson(message.permits)},
                                      {"secrets", std::move(secrets)},
                                      {"more", message.more}});
}

base::Expected<RightsReply> DecodeRightsReply(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "rights"));
  JsonFields fields(object, "rights");
  RightsReply message;
  message.nonce = fields.String("nonce", 64);
  message.more = fields.BoolOr("more", false);
  const json::array* secrets = fields.Array("secrets", kMaxRights);
  EVERTILL_TRY(fields.Check());
  EVERTILL_TRY(ReadSignedTexts(object, "grants", message.grants));
  EVERTILL_TRY(ReadSignedTexts(object, "permits", message.permits));
  for (const json::value& item : *secrets) {
    EVERTILL_ASSIGN(MemberSecret secret, ReadSecret(item));
    message.secrets.push_back(std::move(secret));
  }
  return message;
}

std::string Encode(const ReserveRequest& message) {
  json::object out = PlaceJson(message);
  out["event_id"] = message.event_id;
  out["member"] = message.member;
  out["points"] = message.points;
  return json::serialize(out);
}

base::Expected<ReserveRequest> DecodeReserveRequest(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "reserve"));
  JsonFields fields(object, "reserve");
  ReserveRequest message;
  EVERTILL_TRY(ReadPlace(fields, message));
  message.event_id = fields.String("event_id", 36);
  message.member = fields.String("member", 36);
  message.points = fields.Integer("points", 1, kMaxSafeInteger);
  EVERTILL_TRY(fields.Check());
  EVERTILL_TRY(CheckUuid(message.event_id, "event_id"));
  EVERTILL_TRY(CheckUuid(message.member, "member"));
  return message;
}

std::string Encode(const HoldReply& message) {
  json::object out = PlaceJson(message);
  json::array lots;
  for (const auto& [lot, points] : message.lots) lots.push_back(json::object{{"lot", lot}, {"points", points}});
  out["event_id"] = message.event_id;
  out["member"] = message.member;
  out["points"] = message.points;
  out["given"] = message.given;
  if (!message.reason.empty()) out["reason"] = message.reason;
  out["available"] = message.available;
  out["lots"] = std::move(lots);
  out["signature"] = Base64(message.signature);
  return json::serialize(out);
}

base::Expected<HoldReply> DecodeHoldReply(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "hold"));
  JsonFields fields(object, "hold");
  HoldReply message;
  EVERTILL_TRY(ReadPlace(fields, message));
  message.event_id = fields.String("event_id", 36);
  message.member = fields.String("member", 36);
  message.points = fields.Integer("points", 1, kMaxSafeInteger);
  message.given = fields.BoolOr("given", false);
  message.reason = fields.OptionalString("reason", 64).value_or("");
  message.available = fields.IntegerOr("available", 0, 0, kMaxSafeInteger);
  const json::array* lots = fields.Array("lots", kMaxLots);
  EVERTILL_ASSIGN(message.signature, Base64Field(fields, "signature", kSignatureBytes));
  EVERTILL_TRY(CheckUuid(message.event_id, "event_id"));
  EVERTILL_TRY(CheckUuid(message.member, "member"));
  for (const json::value& item : *lots) {
    if (!item.is_object()) return base::Fail(WireErrc::kMalformed, "hold: a lot is not an object");
    JsonFields lot(item.get_object(), "lot");
    const std::string id = lot.String("lot", 64);
    const int64_t points = lot.Integer("points", 1, kMaxSafeInteger);
    EVERTILL_TRY(lot.Check());
    if (!id.empty() && !IsWord(id, 64)) return base::Fail(WireErrc::kMalformed, "hold: 'lot' is not printable");
    message.lots.emplace_back(id, points);
  }
  return message;
}

std::string Encode(const SignedText& message) {
  return json::serialize(json::object{{"bytes", message.bytes}, {"signature", Base64(message.signature)}});
}

base::Expected<SignedText> DecodeSignedText(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "signed text"));
  return ReadSignedText(object, kMaxRevocationBytes);
}

}  // namespace evertill::wire
