#include <catch2/catch.hpp>
#include <functional>

#include "app/base/random.h"
#include "sync/wire/json_fields.h"
#include "sync/wire/limits.h"
#include "sync/wire/rights_messages.h"

namespace evertill::wire {

namespace {

const std::string kMember = "01990000-0000-7000-8000-000000000001";
const std::string kEvent = "01990000-0000-7000-8000-0000000000e1";
const std::string kLot = "01990000-0000-7000-8000-0000000000a1";
const Epoch kEpoch{3, std::string(16, '\x11')};

HelloRequest SampleHello() {
  HelloRequest message;
  message.terminal = "S01/L03";
  message.incarnation = 2;
  message.epoch = kEpoch;
  message.nonce = "n-1";
  message.head_seq = 17;
  message.head_hash = std::string(32, '\x33');
  message.revocations_version = 4;
  message.revocations = R"({"version":4})";
  message.revocations_signature = std::string(64, '\x44');
  message.pepper_known = 1;
  return message;
}

HelloReply SampleHelloReply() {
  HelloReply message;
  message.terminal = "S01/L03";
  message.incarnation = 2;
  message.nonce = "n-1";
  message.epoch = kEpoch;
  message.acked_seq = 12;
  message.head = std::string(32, '\x55');
  message.durable_seq = 11;
  message.durable_hash = std::string(32, '\x66');
  message.server_ms = 1'790'000'000'000;
  message.fenced = true;
  message.behind = true;
  message.revocations_version = 5;
  message.recall = {"3-11:g1", "3-11:g2"};
  message.recall_permits = {"p1"};
  message.card_keys = {"1:AAAA"};
  message.pepper = std::string(32, '\x77');
  message.signature = std::string(64, '\x22');
  return message;
}

HoldReply SampleHold() {
  HoldReply message;
  message.terminal = "S01/L03";
  message.incarnation = 2;
  message.nonce = "n-1";
  message.epoch = kEpoch;
  message.event_id = kEvent;
  message.member = kMember;
  message.points = 70;
  message.given = true;
  message.available = 90;
  message.lots = {{kLot, 50}, {"", 20}};
  message.signature = std::string(64, '\x22');
  return message;
}

RightsReply SampleRights() {
  RightsReply message;
  message.nonce = "n-1";
  message.grants = {{R"({"id":"g1"})", std::string(64, '\x01')}, {R"({"id":"g2"})", std::string(64, '\x02')}};
  message.permits = {{R"({"id":"p1"})", std::string(64, '\x03')}};
  message.secrets = {{kMember, "$argon2id$x", 3, true, {{"00112233445566aa", std::string(20, '\x04')}}}};
  message.more = true;
  return message;
}

}  // namespace

TEST_CASE("Hello: comes back as it went, with the lost cards and without", "[wire][rights]") {
  HelloRequest message = SampleHello();
  auto back = DecodeHelloRequest(Encode(message));
  REQUIRE(back);
  CHECK(back->terminal == "S01/L03");
  CHECK(back->incarnation == 2);
  CHECK(back->epoch == kEpoch);
  CHECK(back->nonce == "n-1");
  CHECK(back->head_seq == 17);
  CHECK(back->head_hash == message.head_hash);
  CHECK(back->revocations_version == 4);
  CHECK(back->revocations == message.revocations);
  CHECK(back->revocations_signature == message.revocations_signature);
  CHECK(back->pepper_known == 1);

  message.revocations.clear();
  message.revocations_signature.clear();
  back = DecodeHelloRequest(Encode(message));
  REQUIRE(back);
  CHECK(back->revocations.empty());

  message.revocations = "{}";  // with a signature that is none
  CHECK_FALSE(DecodeHelloRequest(Encode(message)));
}

TEST_CASE("Hello answer: comes back, and every field is under the signature", "[wire][rights]") {
  const HelloReply message = SampleHelloReply();
  const auto back = DecodeHelloReply(Encode(message));
  REQUIRE(back);
  CHECK(back->SignedBytes() == message.SignedBytes());
  CHECK(back->recall == message.recall);
  CHECK(back->recall_permits == message.recall_permits);
  CHECK(back->card_keys == message.card_keys);
  CHECK(back->pepper == message.pepper);
  CHECK(back->signature == message.signature);

  const std::vector<std::function<void(HelloReply&)>> changes{
      [](HelloReply& m) { m.terminal = "S01/L04"; },
      [](HelloReply& m) { m.incarnation = 3; },
      [](HelloReply& m) { m.nonce = "n-2"; },
      [](HelloReply& m) { m.epoch.counter = 4; },
      [](HelloReply& m) { m.epoch.random[0] = 'x'; },
      [](HelloReply& m) { m.acked_seq = 13; },
      [](HelloReply& m) { m.head[0] = 'x'; },
      [](HelloReply& m) { m.durable_seq = 12; },
      [](HelloReply& m) { m.durable_hash[0] = 'x'; },
      [](HelloReply& m) { m.server_ms += 1; },
      [](HelloReply& m) { m.fenced = false; },
      [](HelloReply& m) { m.behind = false; },
      [](HelloReply& m) { m.revocations_version = 6; },
      [](HelloReply& m) { m.recall.pop_back(); },
      [](HelloReply& m) { std::swap(m.recall, m.recall_permits); },
      [](HelloReply& m) { m.card_keys[0] = "1:BBBB"; },
      [](HelloReply& m) { m.pepper[0] = 'x'; },
      [](HelloReply& m) { m.pepper.clear(); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    INFO("change " << i);
    HelloReply other = message;
    changes[i](other);
    CHECK(other.SignedBytes() != message.SignedBytes());
  }
}

TEST_CASE("Hello answer: an id that could forge a line of what is signed is refused", "[wire][rights]") {
  for (const std::string& id : {std::string("g1\nrecall_permit p2"), std::string("g 1"), std::string(),
                                std::string(kMaxIdBytes + 1, 'g'), std::string("g\x7f")}) {
    HelloReply message = SampleHelloReply();
    message.recall = {id};
    CHECK_FALSE(DecodeHelloReply(Encode(message)));
    message = SampleHelloReply();
    message.card_keys = {id};
    CHECK_FALSE(DecodeHelloReply(Encode(message)));
  }
  HelloReply many = SampleHelloReply();
  many.recall.assign(kMaxRights + 1, "g");
  CHECK_FALSE(DecodeHelloReply(Encode(many)));
}

TEST_CASE("Life: request and answer come back, each signed over its own words", "[wire][rights]") {
  LifeRequest request{"S01/L03", 2, "r-1", 9, std::string(32, '\x01'), std::string(64, '\x02')};
  const auto request_back = DecodeLifeRequest(Encode(request));
  REQUIRE(request_back);
  CHECK(request_back->SignedBytes() == request.SignedBytes());
  CHECK(request_back->head_seq == 9);
  CHECK(request_back->head_hash == request.head_hash);
  CHECK(request_back->signature == request.signature);

  LifeReply reply{"S01/L03", 3, "evt_X", "r-1", kEpoch, std::string(64, '\x02')};
  const auto reply_back = DecodeLifeReply(Encode(reply));
  REQUIRE(reply_back);
  CHECK(reply_back->SignedBytes() == reply.SignedBytes());
  CHECK(reply_back->token == "evt_X");
  CHECK(request.SignedBytes().starts_with("evertill-life-1\n"));
  CHECK(reply.SignedBytes().starts_with("evertill-new-life-1\n"));

  request.request_id = "r\n1";
  CHECK_FALSE(DecodeLifeRequest(Encode(request)));
  request.request_id = "r-1";
  request.terminal = "S01";
  CHECK_FALSE(DecodeLifeRequest(Encode(request)));
  reply.token = "evt_X\r\nX-Other: header";
  CHECK_FALSE(DecodeLifeReply(Encode(reply)));
}

TEST_CASE("Rights: come back as they went", "[wire][rights]") {
  RightsRequest request{"S01/L03", 2, kEpoch, "n-1", 50};
  const auto request_back = DecodeRightsRequest(Encode(request));
  REQUIRE(request_back);
  CHECK(request_back->limit == 50);
  request.limit = kMaxRightsLimit + 1;
  CHECK_FALSE(DecodeRightsRequest(Encode(request)));
  request.limit = 0;
  CHECK_FALSE(DecodeRightsRequest(Encode(request)));

  const RightsReply message = SampleRights();
  const auto back = DecodeRightsReply(Encode(message));
  REQUIRE(back);
  CHECK(back->nonce == "n-1");
  CHECK(back->more);
  REQUIRE(back->grants.size() == 2);
  CHECK(back->grants[1].bytes == message.grants[1].bytes);
  CHECK(back->grants[1].signature == message.grants[1].signature);
  REQUIRE(back->permits.size() == 1);
  REQUIRE(back->secrets.size() == 1);
  CHECK(back->secrets[0].member == kMember);
  CHECK(back->secrets[0].pin_hash == "$argon2id$x");
  CHECK(back->secrets[0].pin_generation == 3);
  CHECK(back->secrets[0].pin_locked);
  CHECK(back->secrets[0].phones == message.secrets[0].phones);
}

TEST_CASE("Rights: what does not fit is refused", "[wire][rights]") {
  RightsReply message = SampleRights();
  SECTION("a signature too short") {
    message.grants[0].signature.pop_back();
  }
  SECTION("a grant too large") {
    message.grants[0].bytes = std::string(kMaxRightBytes + 1, 'x');
  }
  SECTION("too many") {
    message.permits.assign(kMaxRights + 1, message.permits[0]);
  }
  SECTION("a member that is none") {
    message.secrets[0].member = "somebody";
  }
  SECTION("a phone's secret too short") {
    message.secrets[0].phones[0].second.pop_back();
  }
  SECTION("a serial that is none") {
    message.secrets[0].phones[0].first = "xyz";
  }
  SECTION("a generation below zero") {
    message.secrets[0].pin_generation = -1;
  }
  CHECK_FALSE(DecodeRightsReply(Encode(message)));
}

TEST_CASE("Reserve: question and answer come back, and what is answered is under the signature", "[wire][rights]") {
  ReserveRequest request{"S01/L03", 2, kEpoch, "n-1", kEvent, kMember, 70};
  const auto request_back = DecodeReserveRequest(Encode(request));
  REQUIRE(request_back);
  CHECK(request_back->event_id == kEvent);
  CHECK(request_back->member == kMember);
  CHECK(request_back->points == 70);
  for (const int64_t points : {int64_t{0}, int64_t{-5}, INT64_MIN, INT64_MAX, kMaxSafeInteger + 1}) {
    request.points = points;
    CHECK_FALSE(DecodeReserveRequest(Encode(request)));
  }

  const HoldReply message = SampleHold();
  const auto back = DecodeHoldReply(Encode(message));
  REQUIRE(back);
  CHECK(back->SignedBytes() == message.SignedBytes());
  CHECK(back->lots == message.lots);
  CHECK(back->available == 90);
  const std::vector<std::function<void(HoldReply&)>> changes{
      [](HoldReply& m) { m.terminal = "S01/L04"; },  [](HoldReply& m) { m.incarnation = 3; },
      [](HoldReply& m) { m.nonce = "n-2"; },         [](HoldReply& m) { m.epoch.counter = 4; },
      [](HoldReply& m) { m.event_id = kLot; },       [](HoldReply& m) { m.member = kLot; },
      [](HoldReply& m) { m.points = 71; },           [](HoldReply& m) { m.given = false; },
      [](HoldReply& m) { m.lots[0].second = 51; },   [](HoldReply& m) { m.lots.pop_back(); },
      [](HoldReply& m) { m.lots[0].first = kEvent; }};
  for (size_t i = 0; i < changes.size(); ++i) {
    INFO("change " << i);
    HoldReply other = message;
    changes[i](other);
    CHECK(other.SignedBytes() != message.SignedBytes());
  }
  HoldReply bad = message;
  bad.lots[0].second = 0;
  CHECK_FALSE(DecodeHoldReply(Encode(bad)));
  bad = message;
  bad.lots[0].second = -50;
  CHECK_FALSE(DecodeHoldReply(Encode(bad)));
  bad = message;
  bad.lots[0].first = "a 50\nb";
  CHECK_FALSE(DecodeHoldReply(Encode(bad)));
}

TEST_CASE("Lost cards: exact bytes travel, and the list is read strictly", "[wire][rights]") {
  Revocations list;
  list.version = 7;
  list.issued_ms = 99;
  list.epoch = kEpoch.ToString();
  list.serials = {"00112233445566aa"};
  list.numbers = {"1000000000000001"};
  list.erased = {kMember};
  const std::string bytes = EncodeRevocations(list);
  const auto back = DecodeRevocations(bytes);
  REQUIRE(back);
  CHECK(back->version == 7);
  CHECK(back->issued_ms == 99);
  CHECK(back->epoch == list.epoch);
  CHECK(back->serials == list.serials);
  CHECK(back->numbers == list.numbers);
  CHECK(back->erased == list.erased);
  CHECK(RevocationsSignedBytes(bytes) == "evertill-revocations-1\n" + bytes);

  const auto text = DecodeSignedText(Encode(SignedText{bytes, std::string(64, '\x05')}));
  REQUIRE(text);
  CHECK(text->bytes == bytes);
  CHECK(text->signature == std::string(64, '\x05'));
  CHECK_FALSE(DecodeSignedText(Encode(SignedText{bytes, "short"})));

  list.serials = {"00112233445566aa77"};
  CHECK_FALSE(DecodeRevocations(EncodeRevocations(list)));
  const auto huge = DecodeRevocations(std::string(kMaxRevocationBytes + 1, ' '));
  REQUIRE_FALSE(huge);
  CHECK(huge.error().Is(WireErrc::kTooLarge));
}

TEST_CASE("Changes: a member's rights come along; an older head office says nothing of them", "[wire][rights]") {
  MemberChange member;
  member.id = kMember;
  member.points = 120;
  member.available = -30;
  member.pending = 20;
  member.merged_into = kLot;
  member.erased = true;
  member.cards = {{"00112233445566aa", 1}, {"00112233445566bb", 2}};
  member.has_pin = true;
  Changes changes;
  changes.cursor = "c";
  changes.members = {member};
  const auto back = DecodeChanges(Encode(changes));
  REQUIRE(back);
  CHECK(back->members == changes.members);

  const auto old = DecodeChanges(
      R"({"cursor":"c","more":false,"products":[],"members":[{"id":")" + kMember +
      R"(","name":"A","phone":"","card":"","language":"th","consents":[],"points":5,"as_of":1,"included_seq":2}]})");
  REQUIRE(old);
  CHECK(old->members[0].available == 0);
  CHECK(old->members[0].cards.empty());
  CHECK_FALSE(old->members[0].erased);
  CHECK_FALSE(old->members[0].has_pin);

  changes.members[0].cards[0].second = 3;
  CHECK_FALSE(DecodeChanges(Encode(changes)));
  changes.members[0].cards = {{"0011", 1}};
  CHECK_FALSE(DecodeChanges(Encode(changes)));
  changes.members[0].cards.clear();
  changes.members[0].merged_into = "another";
  CHECK_FALSE(DecodeChanges(Encode(changes)));
}

TEST_CASE("Messages about rights: a cut or random damage never does more than be refused", "[wire][rights][fuzz]") {
  const auto random = base::MakeSeededRandom(20261123);
  const std::vector<std::string> good{Encode(SampleHello()), Encode(SampleHelloReply()), Encode(SampleHold()),
                                      Encode(SampleRights())};
  const auto read_all = [](const std::string& text) {
    (void)DecodeHelloRequest(text);
    (void)DecodeHelloReply(text);
    (void)DecodeLifeRequest(text);
    (void)DecodeLifeReply(text);
    (void)DecodeRightsRequest(text);
    (void)DecodeRightsReply(text);
    (void)DecodeReserveRequest(text);
    (void)DecodeHoldReply(text);
    (void)DecodeSignedText(text);
    (void)DecodeRevocations(text);
  };
  for (const std::string& text : good) {
    for (size_t size = 0; size < text.size(); size += 3) {
      CHECK_FALSE(ParseObject(text.substr(0, size), "cut"));
      read_all(text.substr(0, size));
    }
  }
  for (int round = 0; round < 2000; ++round) {
    std::string text = good[random->Below(good.size())];
    for (uint64_t i = 0; i <= random->Below(4); ++i) {
      text[random->Below(text.size())] = static_cast<char>(random->Below(256));
    }
    read_all(text);
    if (const auto hello = DecodeHelloReply(text)) {
      CHECK(hello->signature.size() == 64);
      CHECK(hello->head.size() == 32);
    }
  }
}

}  // namespace evertill::wire
