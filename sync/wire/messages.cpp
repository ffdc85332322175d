#include "sync/wire/messages.h"

#include "app/base/uuid.h"
#include "app/domain/ids.h"
#include "sync/wire/json_fields.h"
#include "sync/wire/limits.h"
#include "sync/wire/message_parts.h"

namespace evertill::wire {

namespace json = boost::json;

namespace {

json::object AckJson(const Ack& ack) {
  return {{"terminal", ack.terminal},
          {"incarnation", ack.incarnation},
          {"nonce", ack.nonce},
          {"epoch", EpochJson(ack.epoch)},
          {"acked_seq", ack.acked_seq},
          {"head", Hex(ack.head)},
          {"durable_seq", ack.durable_seq},
          {"durable_hash", Hex(ack.durable_hash)},
          {"signature", Base64(ack.signature)}};
}

base::Expected<Ack> ReadAck(const json::object& object) {
  JsonFields fields(object, "acknowledgement");
  Ack ack;
  ack.terminal = fields.String("terminal", 40);
  ack.incarnation = fields.Integer("incarnation", 1, kMaxSafeInteger);
  ack.nonce = fields.String("nonce", 64);
  ack.acked_seq = fields.Integer("acked_seq", 0, kMaxSafeInteger);
  ack.head = fields.Hex("head", kDigestBytes);
  ack.durable_seq = fields.Integer("durable_seq", 0, kMaxSafeInteger);
  ack.durable_hash = fields.Hex("durable_hash", kDigestBytes);
  EVERTILL_ASSIGN(ack.epoch, ReadEpoch(fields));
  EVERTILL_ASSIGN(ack.signature, Base64Field(fields, "signature", kSignatureBytes));
  return ack;
}

/// The next line of NDJSON, without its end; false when there is none.
bool NextLine(std::string_view& rest, std::string_view& line) {
  if (rest.empty()) return false;
  const size_t end = rest.find('\n');
  line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return true;
}

base::Expected<BatchEvent> ReadEvent(std::string_view body, std::string_view beside) {
  if (body.size() > kMaxEventBytes) return base::Fail(WireErrc::kTooLarge, "an event's body");
  EVERTILL_ASSIGN(const json::object object, ParseObject(beside, "event"));
  JsonFields fields(object, "event");
  BatchEvent event;
  event.body = std::string(body);
  event.hash = fields.Hex("hash", kDigestBytes);
  event.side = fields.OptionalString("side", kMaxEventBytes);
  const auto salt = fields.OptionalString("salt", kSaltBytes * 2);
  if (salt && !salt->empty()) event.salt = fields.Hex("salt", kSaltBytes);
  EVERTILL_TRY(fields.Check());
  return event;
}

json::object ProductJson(const ProductChange& product) {
  json::object out{{"barcode", product.barcode},
                   {"name", product.name},
                   {"price", product.price_minor},
                   {"currency", product.currency}};
  if (product.deleted) out["deleted"] = true;
  if (!product.sku.empty()) out["sku"] = product.sku;
  if (!product.category.empty()) out["category"] = product.category;
  if (!product.tax_code.empty()) out["tax"] = product.tax_code;
  if (product.by_weight) out["unit"] = "kg";
  if (product.min_age > 0) out["min_age"] = product.min_age;
  if (!product.names.empty()) {
    json::object names;
    for (const auto& [language, name] : product.names) names[language] = name;
    out["names"] = std::move(names);
  }
  return out;
}

json::object MemberJson(const MemberChange& member) {
  json::array consents;
  for (const std::string& consent : member.consents) consents.push_back(json::string(consent));
  json::object out{{"id", member.id},
                   {"name", member.name},
                   {"phone", member.phone},
                   {"card", member.card},
                   {"language", member.language},
                   {"consents", std::move(consents)},
                   {"points", member.points},
                   {"as_of", member.as_of_ms},
                   {"included_seq", member.included_seq},
                   {"available", member.available},
                   {"pending", member.pending}};
  if (!member.merged_into.empty()) out["merged_into"] = member.merged_into;
  if (member.erased) out["erased"] = true;
  if (member.has_pin) out["pin"] = true;
  if (!member.cards.empty()) {
    json::array cards;
    for (const auto& [serial, level] : member.cards) {
      cards.push_back(json::object{{"serial", serial}, {"level", level}});
    }
    out["cards"] = std::move(cards);
  }
  return out;
}

base::Expected<ProductChange> ReadProduct(const json::value& value) {
  if (!value.is_object()) return base::Fail(WireErrc::kMalformed, "a product is not an object");
  JsonFields fields(value.get_object(), "product");
  ProductChange product;
  product.barcode = fields.String("barcode", 64);
  product.name = fields.String("name", 1024);
  product.price_minor = fields.Integer("price", 0, kMaxSafeInteger);
  product.currency = fields.String("currency", 3);
  product.deleted = fields.BoolOr("deleted", false);
  product.sku = fields.OptionalString("sku", 64).value_or("");
  product.category = fields.OptionalString("category", 200).value_or("");
  product.tax_code = fields.OptionalString("tax", 16).value_or("");
  product.by_weight = fields.OptionalString("unit", 8).value_or("each") == "kg";
  product.min_age = fields.IntegerOr("min_age", 0, 0, 150);
  EVERTILL_TRY(fields.Check());
  const json::value* names = value.get_object().if_contains("names");
  if (names == nullptr || !names->is_object()) return product;
  for (const auto& [language, name] : names->get_object()) {
    if (language.size() > 16 || !name.is_string() || name.get_string().size() > 1024) {
      return base::Fail(WireErrc::kMalformed, "product: 'names' is not a list of names");
    }
    product.names[std::string(language)] = std::string(name.get_string());
  }
  return product;
}

/// The signed cards of a member; none in an older head office's word.
base::Status ReadCards(const json::object& object, MemberChange& member) {
  if (!object.contains("cards")) return {};
  JsonFields fields(object, "member");
  const json::array* cards = fields.Array("cards", kMaxCardsOfMember);
  EVERTILL_TRY(fields.Check());
  for (const json::value& value : *cards) {
    if (!value.is_object()) return base::Fail(WireErrc::kMalformed, "member: a card is not an object");
    JsonFields card(value.get_object(), "member's card");
    const std::string serial = Hex(card.Hex("serial", 8));
    const int64_t level = card.Integer("level", 1, 2);
    EVERTILL_TRY(card.Check());
    member.cards.emplace_back(serial, level);
  }
  return {};
}

base::Expected<MemberChange> ReadMember(const json::value& value) {
  if (!value.is_object()) return base::Fail(WireErrc::kMalformed, "a member is not an object");
  JsonFields fields(value.get_object(), "member");
  MemberChange member;
  member.id = fields.String("id", 36);
  member.name = fields.String("name", 1024);
  member.phone = fields.String("phone", 64);
  member.card = fields.String("card", 256);
  member.language = fields.String("language", 16);
  const json::array* consents = fields.Array("consents", 20);
  member.points = fields.Integer("points", -kMaxSafeInteger, kMaxSafeInteger);
  member.as_of_ms = fields.Integer("as_of", 0, kMaxSafeInteger);
  member.included_seq = fields.Integer("included_seq", 0, kMaxSafeInteger);
  member.available = fields.IntegerOr("available", 0, -kMaxSafeInteger, kMaxSafeInteger);
  member.pending = fields.IntegerOr("pending", 0, -kMaxSafeInteger, kMaxSafeInteger);
  member.merged_into = fields.OptionalString("merged_into", 36).value_or("");
  member.erased = fields.BoolOr("erased", false);
  member.has_pin = fields.BoolOr("pin", false);
  EVERTILL_TRY(fields.Check());
  EVERTILL_TRY(ReadCards(value.get_object(), member));
  for (const json::value& consent : *consents) {
    if (!consent.is_string()) return base::Fail(WireErrc::kMalformed, "member: a consent is not a text");
    member.consents.emplace_back(consent.get_string());
  }
  if (!base::Uuid::Parse(member.id)) return base::Fail(WireErrc::kMalformed, "member: 'id' is not a UUID");
  if (!member.merged_into.empty() && !base::Uuid::Parse(member.merged_into)) {
    return base::Fail(WireErrc::kMalformed, "member: 'merged_into' is not a UUID");
  }
  return member;
}

}  // namespace

std::string Epoch::ToString() const {
  return std::to_string(counter) + "-" + Hex(random);
}

std::optional<Epoch> Epoch::Parse(std::string_view text) {
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos || dash == 0 || dash > 15) return std::nullopt;
  Epoch epoch;
  for (const char c : text.substr(0, dash)) {
    if (c < '0' || c > '9') return std::nullopt;
    epoch.counter = epoch.counter * 10 + (c - '0');
  }
  auto random = base::FromHex(text.substr(dash + 1));
  if (!random || random->size() != 16) return std::nullopt;
  epoch.random = *std::move(random);
  return epoch;
}

std::string Ack::SignedBytes() const {
  return SignedLines("evertill-ack-1",
                     {terminal, std::to_string(incarnation), nonce, epoch.ToString(), std::to_string(acked_seq),
                      Hex(head), std::to_string(durable_seq), Hex(durable_hash)});
}

std::string Encode(const EnrolRequest& message) {
  return json::serialize(json::object{{"code_secret", Hex(message.code_secret)},
                                      {"store", message.store},
                                      {"till", message.till},
                                      {"incarnation", message.incarnation},
                                      {"head_seq", message.head_seq},
                                      {"public_key", Base64(message.public_key)},
                                      {"name", message.name},
                                      {"currency", message.currency}});
}

base::Expected<EnrolRequest> DecodeEnrolRequest(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "enrolment"));
  JsonFields fields(object, "enrolment");
  EnrolRequest message;
  message.code_secret = fields.Hex("code_secret", 10);
  message.store = fields.String("store", 16);
  message.till = fields.String("till", 16);
  message.incarnation = fields.IntegerOr("incarnation", 1, 1, kMaxSafeInteger);
  message.head_seq = fields.IntegerOr("head_seq", 0, 0, kMaxSafeInteger);
  message.name = fields.OptionalString("name", 200).value_or("");
  message.currency = fields.OptionalString("currency", 3).value_or("");
  EVERTILL_ASSIGN(message.public_key, Base64Field(fields, "public_key", kKeyBytes));
  EVERTILL_TRY(fields.Check());
  return message;
}

std::string Encode(const EnrolReply& message) {
  return json::serialize(json::object{{"store", message.store},
                                      {"till", message.till},
                                      {"terminal", message.terminal},
                                      {"incarnation", message.incarnation},
                                      {"token", message.token},
                                      {"epoch", EpochJson(message.epoch)},
                                      {"server_key", Base64(message.server_key)},
                                      {"store_name", message.store_name}});
}

base::Expected<EnrolReply> DecodeEnrolReply(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "enrolment answer"));
  JsonFields fields(object, "enrolment answer");
  EnrolReply message;
  message.store = fields.String("store", 16);
  message.till = fields.String("till", 16);
  message.terminal = fields.String("terminal", 40);
  message.incarnation = fields.Integer("incarnation", 1, kMaxSafeInteger);
  message.token = fields.String("token", 200);
  message.store_name = fields.OptionalString("store_name", 200).value_or("");
  EVERTILL_ASSIGN(message.epoch, ReadEpoch(fields));
  EVERTILL_ASSIGN(message.server_key, Base64Field(fields, "server_key", kKeyBytes));
  EVERTILL_TRY(fields.Check());
  if (!IsNonce(message.token)) return base::Fail(WireErrc::kMalformed, "enrolment answer: 'token' is not printable");
  return message;
}

std::string Encode(const Batch& message) {
  std::string out = json::serialize(json::object{{"terminal", message.terminal},
                                                 {"incarnation", message.incarnation},
                                                 {"epoch", EpochJson(message.epoch)},
                                                 {"nonce", message.nonce},
                                                 {"first_seq", message.first_seq},
                                                 {"count", static_cast<int64_t>(message.events.size())},
                                                 {"head_signature", Base64(message.head_signature)}});
  out += '\n';
  for (const BatchEvent& event : message.events) {
    out += event.body;
    out += '\n';
    json::object beside{{"hash", Hex(event.hash)}, {"salt", Hex(event.salt)}, {"side", nullptr}};
    if (event.side) beside["side"] = *event.side;
    out += json::serialize(beside);
    out += '\n';
  }
  return out;
}

base::Expected<Batch> DecodeBatch(std::string_view text) {
  if (text.size() > kMaxBodyBytes) return base::Fail(WireErrc::kTooLarge, "batch");
  std::string_view header;
  if (!NextLine(text, header)) return base::Fail(WireErrc::kMalformed, "batch: empty");
  EVERTILL_ASSIGN(const json::object object, ParseObject(header, "batch header"));
  JsonFields fields(object, "batch header");
  Batch batch;
  batch.terminal = fields.String("terminal", 40);
  batch.incarnation = fields.Integer("incarnation", 1, kMaxSafeInteger);
  batch.nonce = fields.String("nonce", 64);
  batch.first_seq = fields.Integer("first_seq", 1, kMaxSafeInteger);
  const int64_t count = fields.Integer("count", 1, static_cast<int64_t>(kMaxBatchEvents));
  EVERTILL_ASSIGN(batch.epoch, ReadEpoch(fields));
  EVERTILL_ASSIGN(batch.head_signature, Base64Field(fields, "head_signature", kSignatureBytes));
  EVERTILL_TRY(fields.Check());
  if (!IsNonce(batch.nonce)) return base::Fail(WireErrc::kMalformed, "batch header: 'nonce' is not printable");
  if (!IsTerminal(batch.terminal))
    return base::Fail(WireErrc::kMalformed, "batch header: 'terminal' is not STORE/TILL");
  batch.events.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    std::string_view body;
    std::string_view beside;
    if (!NextLine(text, body) || !NextLine(text, beside)) {
      return base::Fail(WireErrc::kMalformed, "batch: fewer events than its header says");
    }
    EVERTILL_ASSIGN(BatchEvent event, ReadEvent(body, beside));
    batch.events.push_back(std::move(event));
  }
  if (!text.empty()) return base::Fail(WireErrc::kMalformed, "batch: more lines than its header says");
  return batch;
}

std::string Encode(const Ack& message) {
  return json::serialize(AckJson(message));
}

base::Expected<Ack> DecodeAck(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "acknowledgement"));
  return ReadAck(object);
}

std::string Encode(const Changes& message) {
  json::array products;
  for (const ProductChange& product : message.products) products.push_back(ProductJson(product));
  json::array members;
  for (const MemberChange& member : message.members) members.push_back(MemberJson(member));
  json::object out{{"cursor", message.cursor},
                   {"more", message.more},
                   {"products", std::move(products)},
                   {"members", std::move(members)}};
  if (!message.epoch.empty()) out["epoch"] = message.epoch;
  if (message.incarnation > 0) out["incarnation"] = message.incarnation;
  if (!message.programme.empty()) out["programme"] = message.programme;
  return json::serialize(out);
}

base::Expected<Changes> DecodeChanges(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "changes"));
  JsonFields fields(object, "changes");
  Changes message;
  message.cursor = fields.String("cursor", 200);
  message.more = fields.BoolOr("more", false);
  message.epoch = fields.OptionalString("epoch", 64).value_or("");
  message.incarnation = fields.IntegerOr("incarnation", 0, 0, kMaxSafeInteger);
  message.programme = fields.OptionalString("programme", kMaxSmallBodyBytes).value_or("");
  const json::array* products = fields.Array("products", kMaxChangesLimit);
  const json::array* members = fields.Array("members", kMaxChangesLimit);
  EVERTILL_TRY(fields.Check());
  for (const json::value& value : *products) {
    EVERTILL_ASSIGN(ProductChange product, ReadProduct(value));
    message.products.push_back(std::move(product));
  }
  for (const json::value& value : *members) {
    EVERTILL_ASSIGN(MemberChange member, ReadMember(value));
    message.members.push_back(std::move(member));
  }
  return message;
}

std::string Encode(const ProductChange& product) {
  return json::serialize(ProductJson(product));
}

base::Expected<ProductChange> DecodeProduct(std::string_view text) {
  EVERTILL_ASSIGN(json::object object, ParseObject(text, "product"));
  return ReadProduct(json::value(std::move(object)));
}

std::string Encode(const ErrorReply& message) {
  json::object out{{"error", json::object{{"code", message.code}, {"message", message.message}}}};
  if (message.ack) out["ack"] = AckJson(*message.ack);
  return json::serialize(out);
}

base::Expected<ErrorReply> DecodeErrorReply(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "error answer"));
  JsonFields fields(object, "error answer");
  const json::object* error = fields.Object("error");
  EVERTILL_TRY(fields.Check());
  JsonFields inner(*error, "error answer");
  ErrorReply message;
  message.code = inner.String("code", 64);
  message.message = inner.String("message", 1024);
  EVERTILL_TRY(inner.Check());
  if (const json::value* ack = object.if_contains("ack"); ack != nullptr && ack->is_object()) {
    EVERTILL_ASSIGN(message.ack, ReadAck(ack->get_object()));
  }
  return message;
}

}  // namespace evertill::wire
