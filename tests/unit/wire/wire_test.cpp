#include <catch2/catch.hpp>

#include "app/base/random.h"
#include "sync/wire/enrol_code.h"
#include "sync/wire/json_fields.h"
#include "sync/wire/limits.h"
#include "sync/wire/messages.h"

namespace evertill::wire {

namespace {

Batch SampleBatch() {
  Batch batch;
  batch.terminal = "S01/L03";
  batch.incarnation = 2;
  batch.epoch = {1, std::string(16, '\x11')};
  batch.nonce = "n-1";
  batch.first_seq = 7;
  batch.head_signature = std::string(64, '\x22');
  batch.events.push_back({R"({"seq":7})", std::string(32, '\x33'), std::string(16, '\x44'), R"({"name":"ก \"x\"\n"})"});
  batch.events.push_back({R"({"seq":8})", std::string(32, '\x55'), "", std::nullopt});
  return batch;
}

Ack SampleAck() {
  return {"S01/L03",
          2,
          "n-1",
          {1, std::string(16, '\x11')},
          8,
          std::string(32, '\x55'),
          7,
          std::string(32, '\x33'),
          std::string(64, '\x66')};
}

}  // namespace

TEST_CASE("Enrolment code: survives how people copy it, and nothing else", "[wire]") {
  const EnrolCode code{"0123456789", "abcdefghijklmnopqrst"};
  const std::string text = code.ToString();
  CHECK(text.size() == 4 + 16 + 1 + 32);
  CHECK(text.starts_with("EV1-"));
  std::string lower = text;
  for (char& c : lower) c = static_cast<char>(std::tolower(c));
  std::string spaced = " " + text.substr(0, 9) + " " + text.substr(9) + "\r\n";
  for (const std::string& form : {text, lower, spaced}) {
    const auto parsed = EnrolCode::Parse(form);
    REQUIRE(parsed);
    CHECK(parsed->secret == code.secret);
    CHECK(parsed->ca_fingerprint == code.ca_fingerprint);
  }
  for (const std::string& form :
       {std::string(), std::string("EV1"), text.substr(1), text + "A", text.substr(0, text.size() - 1),
        "EV2" + text.substr(3), text.substr(0, 5) + "0" + text.substr(6)}) {
    INFO(form);
    CHECK_FALSE(EnrolCode::Parse(form));
  }
}

TEST_CASE("Batch: comes back byte for byte", "[wire]") {
  const Batch batch = SampleBatch();
  const auto back = DecodeBatch(Encode(batch));
  REQUIRE(back);
  CHECK(back->terminal == batch.terminal);
  CHECK(back->incarnation == 2);
  CHECK(back->epoch == batch.epoch);
  CHECK(back->nonce == batch.nonce);
  CHECK(back->first_seq == 7);
  CHECK(back->head_signature == batch.head_signature);
  REQUIRE(back->events.size() == 2);
  CHECK(back->events[0].body == batch.events[0].body);
  CHECK(back->events[0].side == batch.events[0].side);
  CHECK(back->events[0].salt == batch.events[0].salt);
  CHECK(back->events[1].hash == batch.events[1].hash);
  CHECK_FALSE(back->events[1].side);
}

TEST_CASE("Batch: a cut at any byte is refused, never half read", "[wire]") {
  const std::string text = Encode(SampleBatch());
  for (size_t size = 0; size + 1 < text.size(); ++size) {  // the last line's end may be missing
    INFO(size);
    CHECK_FALSE(DecodeBatch(text.substr(0, size)));
  }
  CHECK(DecodeBatch(text.substr(0, text.size() - 1)));
  CHECK_FALSE(DecodeBatch(text + "{}\n"));
}

TEST_CASE("Batch: limits hold", "[wire]") {
  Batch batch = SampleBatch();
  SECTION("count") {
    batch.events.resize(kMaxBatchEvents + 1, batch.events[1]);
    CHECK_FALSE(DecodeBatch(Encode(batch)));
  }
  SECTION("no events") {
    batch.events.clear();
    CHECK_FALSE(DecodeBatch(Encode(batch)));
  }
  SECTION("one event") {
    batch.events[0].body = std::string(kMaxEventBytes + 1, 'x');
    const auto decoded = DecodeBatch(Encode(batch));
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().Is(WireErrc::kTooLarge));
  }
  SECTION("nonce") {
    batch.nonce = std::string(65, 'n');
    CHECK_FALSE(DecodeBatch(Encode(batch)));
  }
  SECTION("nonce that could forge a line of what is signed") {
    batch.nonce = "n\nS02/L01";
    CHECK_FALSE(DecodeBatch(Encode(batch)));
  }
  SECTION("terminal") {
    batch.terminal = "S01";
    CHECK_FALSE(DecodeBatch(Encode(batch)));
  }
  SECTION("place") {
    batch.first_seq = 0;
    CHECK_FALSE(DecodeBatch(Encode(batch)));
  }
}

TEST_CASE("Acknowledgement: every field is under the signature", "[wire]") {
  const Ack ack = SampleAck();
  const auto back = DecodeAck(Encode(ack));
  REQUIRE(back);
  CHECK(back->SignedBytes() == ack.SignedBytes());
  CHECK(back->signature == ack.signature);
  std::vector<Ack> changed(9, ack);
  changed[0].terminal = "S01/L04";
  changed[1].incarnation = 3;
  changed[2].nonce = "n-2";
  changed[3].epoch.counter = 2;
  changed[4].epoch.random[0] = 'x';
  changed[5].acked_seq = 9;
  changed[6].head[0] = 'x';
  changed[7].durable_seq = 8;
  changed[8].durable_hash[0] = 'x';
  for (const Ack& other : changed) CHECK(other.SignedBytes() != ack.SignedBytes());
}

TEST_CASE("Enrolment and changes: come back as they went", "[wire]") {
  EnrolRequest request{std::string(10, '\x01'), "S01", "L03", 2, 5, std::string(32, '\x02'), "counter 3", "THB"};
  const auto request_back = DecodeEnrolRequest(Encode(request));
  REQUIRE(request_back);
  CHECK(request_back->code_secret == request.code_secret);
  CHECK(request_back->public_key == request.public_key);
  CHECK(request_back->head_seq == 5);

  EnrolReply reply{"S01", "L03", "S01/L03", 2, "evt_X", {1, std::string(16, '\x03')}, std::string(32, '\x04'), "สยาม"};
  const auto reply_back = DecodeEnrolReply(Encode(reply));
  REQUIRE(reply_back);
  CHECK(reply_back->token == "evt_X");
  CHECK(reply_back->server_key == reply.server_key);
  CHECK(reply_back->store_name == "สยาม");
  reply.token = "evt_X\r\nX-Other: header";
  CHECK_FALSE(DecodeEnrolReply(Encode(reply)));

  Changes changes;
  changes.cursor = "1-00-5";
  changes.more = true;
  ProductChange rice;
  rice.barcode = "885";
  rice.name = "ข้าว";
  rice.price_minor = 4975;
  rice.currency = "THB";
  rice.by_weight = true;
  rice.min_age = 20;
  rice.tax_code = "EXEMPT";
  rice.names = {{"en", "Rice"}, {"vi", "gạo"}};
  ProductChange gone = rice;
  gone.deleted = true;
  changes.products = {rice, gone};
  changes.members = {
      {"01990000-0000-7000-8000-000000000001", "A", "081", "4417", "th", {"points", "offers"}, -3, 99, 12}};
  const auto changes_back = DecodeChanges(Encode(changes));
  REQUIRE(changes_back);
  CHECK(changes_back->products == changes.products);
  CHECK(changes_back->members == changes.members);
  CHECK(changes_back->more);
}

TEST_CASE("Error answer: with and without the acknowledgement that lets a till go on", "[wire]") {
  const auto plain = DecodeErrorReply(Encode(ErrorReply{"gap", "words", std::nullopt}));
  REQUIRE(plain);
  CHECK(plain->code == "gap");
  CHECK_FALSE(plain->ack);
  const auto with_ack = DecodeErrorReply(Encode(ErrorReply{"gap", "words", SampleAck()}));
  REQUIRE(with_ack);
  CHECK(with_ack->ack->SignedBytes() == SampleAck().SignedBytes());
}

TEST_CASE("JSON from outside: depth, types and ranges are bounded", "[wire]") {
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "{\"a\":";
  CHECK_FALSE(ParseObject(deep, "x"));
  CHECK_FALSE(ParseObject("[]", "x"));
  CHECK_FALSE(ParseObject("{} {}", "x"));
  CHECK_FALSE(ParseObject("", "x"));
  const auto object = ParseObject(R"({"n":1.0,"big":9007199254740993,"t":5,"h":"0g","neg":-1,"null":null})", "x");
  REQUIRE(object);
  const auto fails = [&](auto read) {
    JsonFields fields(*object, "x");
    read(fields);
    return !fields.Check().has_value();
  };
  CHECK(fails([](JsonFields& f) { (void)f.Integer("n", 0, 9); }));
  CHECK(fails([](JsonFields& f) { (void)f.Integer("big", 0, kMaxSafeInteger); }));
  CHECK(fails([](JsonFields& f) { (void)f.Integer("neg", 0, 9); }));
  CHECK(fails([](JsonFields& f) { (void)f.Integer("absent", 0, 9); }));
  CHECK(fails([](JsonFields& f) { (void)f.String("t"); }));
  CHECK(fails([](JsonFields& f) { (void)f.Hex("h", 1); }));
  CHECK(fails([](JsonFields& f) { (void)f.Object("t"); }));
  CHECK_FALSE(fails([](JsonFields& f) { (void)f.OptionalString("null"); }));
}

TEST_CASE("Decoders: random damage never does more than be refused", "[wire][fuzz]") {
  const auto random = base::MakeSeededRandom(20261122);
  const std::string good = Encode(SampleBatch());
  const std::string ack = Encode(SampleAck());
  for (int round = 0; round < 3000; ++round) {
    std::string text = round % 2 == 0 ? good : ack;
    for (uint64_t i = 0; i <= random->Below(4); ++i) {
      text[random->Below(text.size())] = static_cast<char>(random->Below(256));
    }
    const auto batch = DecodeBatch(text);
    if (batch) CHECK(batch->events.size() == 2);
    (void)DecodeAck(text);
    (void)DecodeChanges(text);
    (void)DecodeEnrolReply(text);
    (void)DecodeErrorReply(text);
  }
}

TEST_CASE("Epoch: its text is read strictly", "[wire]") {
  const Epoch epoch{12, std::string(16, '\xab')};
  CHECK(*Epoch::Parse(epoch.ToString()) == epoch);
  for (const char* bad : {"", "12", "12-", "-abababababababababababababababab", "x-abababababababababababababababab",
                          "12-ab", "9999999999999999-abababababababababababababababab"}) {
    CHECK_FALSE(Epoch::Parse(bad));
  }
}

}  // namespace evertill::wire
