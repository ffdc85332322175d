#include "devices/printer/status_demux.h"

#include <catch2/catch.hpp>
#include <random>

namespace evertill::devices::printer {
namespace {

using namespace std::string_literals;

std::vector<StatusEvent> AllAtOnce(const std::string& bytes) {
  StatusDemux demux;
  return demux.Take(bytes);
}

}  // namespace

TEST_CASE("Status demux: each kind of answer is known by its bits", "[devices][printer]") {
  CHECK(AllAtOnce("\x10\x00\x00\x0F"s) == std::vector<StatusEvent>{AsbEvent{{0x10, 0, 0, 0x0F}}});
  CHECK(AllAtOnce("\x3C\x08\x0C\x0F"s) == std::vector<StatusEvent>{AsbEvent{{0x3C, 0x08, 0x0C, 0x0F}}});
  CHECK(AllAtOnce("\x12") == std::vector<StatusEvent>{RealTimeEvent{0x12}});
  CHECK(AllAtOnce("\x7E") == std::vector<StatusEvent>{RealTimeEvent{0x7E}});
  CHECK(AllAtOnce("\x00\x0C"s) == std::vector<StatusEvent>{ReplyEvent{0, false}, ReplyEvent{0x0C, false}});
  CHECK(AllAtOnce("\x11\x13") == std::vector<StatusEvent>{FlowEvent{false}, FlowEvent{true}});
  CHECK(AllAtOnce("\x37\x22"
                  "AB~ \0"s) == std::vector<StatusEvent>{CompletionEvent{"AB~ "}});
  CHECK(AllAtOnce("_TM-T88V\0"s) == std::vector<StatusEvent>{BlockEvent{'_', "TM-T88V"}});
  CHECK(AllAtOnce("\x37!ab\0"s) == std::vector<StatusEvent>{BlockEvent{0x37, "!ab"}});
  CHECK(AllAtOnce("\xFF") == std::vector<StatusEvent>{GarbageEvent{0xFF}});
}

TEST_CASE("Status demux: an answer to GS I is told from one to GS r by who asked first", "[devices][printer]") {
  StatusDemux demux;
  demux.ExpectId();
  CHECK(demux.Take("\x02\x00"s) == std::vector<StatusEvent>{ReplyEvent{2, true}, ReplyEvent{0, false}});
}

TEST_CASE("Status demux: a real-time answer and flow control may come amid automatic status", "[devices][printer]") {
  CHECK(AllAtOnce("\x14\x00\x16\x11\x00\x0F"s) ==
        std::vector<StatusEvent>{RealTimeEvent{0x16}, FlowEvent{false}, AsbEvent{{0x14, 0, 0, 0x0F}}});
  CHECK(AllAtOnce("\x37\x22\x13"
                  "ABCD\0"s) == std::vector<StatusEvent>{FlowEvent{true}, CompletionEvent{"ABCD"}});
}

TEST_CASE("Status demux: after garbage the next whole answer is understood", "[devices][printer]") {
  for (const std::string& noise : {"\x10\x00"s, "\xFE\x81\x93"s,
                                   "\x37\x22"
                                   "AB"s,
                                   "_noise"s, "\x18\x01\x02"s, "\x37"s}) {
    for (const std::string& answer : {"\x10\x00\x00\x0F"s, "\x14\x00\x00\x0F"s}) {
      const auto events = AllAtOnce(noise + answer);
      CAPTURE(noise);
      REQUIRE_FALSE(events.empty());
      CHECK(std::holds_alternative<AsbEvent>(events.back()));
    }
  }
}

TEST_CASE("Status demux: noise before a completion does not swallow it", "[devices][printer]") {
  CHECK(AllAtOnce("\x57noise\x37\x22"
                  "AB7\x22\0"s) == std::vector<StatusEvent>{GarbageEvent{0x57}, CompletionEvent{"AB7\x22"}});
}

TEST_CASE("Status demux: what had begun is forgotten after a pause", "[devices][printer]") {
  StatusDemux demux;
  CHECK(demux.Take("\x10\x00"s).empty());
  demux.Pause();
  CHECK(demux.Take("\x00"s) == std::vector<StatusEvent>{ReplyEvent{0, false}});
  CHECK(demux.Take("_abc").empty());
  demux.Pause();
  CHECK(demux.Take("\x30\x00\x00\x0F"s) == std::vector<StatusEvent>{AsbEvent{{0x30, 0, 0, 0x0F}}});
}

TEST_CASE("Status demux: an endless block does not fill memory", "[devices][printer]") {
  StatusDemux demux;
  size_t garbage = 0;
  for (int i = 0; i < 1000; ++i) garbage += demux.Take("_" + std::string(1000, 'a')).size();
  CHECK(garbage > 0);
}

TEST_CASE("Status demux: any portions give the same events", "[devices][printer][property]") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::vector<std::string> answers{"\x10\x00\x00\x0F"s,
                                         "\x3C\x28\x0F\x0F"s,
                                         "\x12"s,
                                         "\x00"s,
                                         "\x11"s,
                                         "\x13"s,
                                         "\x37\x22zzzz\0"s,
                                         "_X\0"s,
                                         "\x7F"s,
                                         "\xA5"s};
  for (int round = 0; round < 300; ++round) {
    std::string stream;
    for (int i = 0; i < 40; ++i) {
      if (random() % 4 == 0) {
        stream += static_cast<char>(random() & 0xFF);
      } else {
        const std::string& answer = answers[random() % answers.size()];
        stream += answer.substr(0, random() % 5 == 0 ? random() % (answer.size() + 1) : answer.size());
      }
    }
    StatusDemux one_by_one;
    StatusDemux in_parts;
    std::vector<StatusEvent> single;
    std::vector<StatusEvent> parts;
    for (const char byte : stream) {
      for (auto& event : one_by_one.Take({&byte, 1})) single.push_back(event);
    }
    for (size_t at = 0; at < stream.size();) {
      const size_t length = 1 + random() % 9;
      for (auto& event : in_parts.Take(std::string_view(stream).substr(at, length))) parts.push_back(event);
      at += length;
    }
    const auto whole = AllAtOnce(stream);
    REQUIRE(single == whole);
    REQUIRE(parts == whole);
  }
}

}  // namespace evertill::devices::printer
