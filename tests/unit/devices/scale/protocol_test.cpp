#include <catch2/catch.hpp>

#include "devices/record/control_text.h"
#include "devices/record/record_error.h"
#include "devices/scale/scale_answer.h"
#include "devices/scale/scale_error.h"
#include "devices/scale/scale_protocol.h"

namespace evertill::devices::scale {
namespace {

ScaleProtocol Protocol(std::string_view name) {
  auto protocol = LoadScaleProtocol(name);
  INFO((protocol ? "" : protocol.error().ToString()));
  REQUIRE(protocol);
  return std::move(*protocol);
}

/// Reads an answer in the notation of manuals.
base::Expected<ScaleAnswer> Read(std::string_view protocol, std::string_view answer,
                                 std::optional<WeightUnit> unit = std::nullopt) {
  auto bytes = record::ParseControlText(answer);
  REQUIRE(bytes);
  return ReadAnswer(Protocol(protocol), *bytes, unit);
}

TEST_CASE("Weight: grams and kilograms are exact milligrams, pounds and ounces rounded once", "[devices][scale]") {
  CHECK(ToMilligrams("0.512", WeightUnit::kKilogram) == 512'000);
  CHECK(ToMilligrams("  12,345", WeightUnit::kKilogram) == 12'345'000);
  CHECK(ToMilligrams("- 0.005", WeightUnit::kKilogram) == -5'000);
  CHECK(ToMilligrams("99999.999", WeightUnit::kGram) == 99'999'999);
  CHECK(ToMilligrams("1", WeightUnit::kPound) == 453'592);                 // 453,592.37
  CHECK(ToMilligrams("0.01", WeightUnit::kPound) == 4'536);                // 4,535.9237
  CHECK(ToMilligrams("16", WeightUnit::kOunce) == 453'592);                // 453,592.37
  CHECK(ToMilligrams("999999.99", WeightUnit::kOunce) == 28'349'522'842);  // 28,349,522,841.50…
  for (const char* bad : {"", " ", "-", ".", "1.2.3", "1 2", "12x", "123456789", "1e3", "0.1234567", "--1", "٣"}) {
    INFO(bad);
    CHECK_FALSE(ToMilligrams(bad, WeightUnit::kKilogram));
  }
  CHECK_FALSE(ToMilligrams("0.0005", WeightUnit::kGram));  // half a milligram
  CHECK(ToMilligrams("0.0010", WeightUnit::kGram) == 1);
}

TEST_CASE("Scale records: each one that comes with the program is whole", "[devices][scale]") {
  const auto names = record::RecordNames({}, BuiltInScales());
  CHECK(names == std::vector<std::string>{"cas", "cas-22", "mt-sics", "nci", "st-gs", "toledo-8217"});
  for (const std::string& name : names) CHECK_FALSE(Protocol(name).name.empty());
}

TEST_CASE("Scale records: what is wrong with one is told by file and line", "[devices][scale]") {
  const auto problem = [](std::string text) {
    auto read = ParseScaleProtocol({std::move(text), "mine.toml"});
    REQUIRE_FALSE(read);
    return read.error().ToString();
  };
  CHECK(problem("name = ").starts_with("device_record_invalid: mine.toml line 1: "));
  CHECK(problem("name = \"x\"\nend = \"<CR>\"\nanswers = [\"{weight}<CR>\"]\n[[weigh]]\nsend = \"W\"\n") ==
        "device_record_invalid: mine.toml line 3: answers: {weight}<CR>: no {unit}, and none told by \"unit\"");
  CHECK(problem("name = \"x\"\nend = \"<CR>\"\nunit = \"stone\"\n") ==
        "device_record_invalid: mine.toml line 3: unit: g, kg, lb or oz");
  CHECK(problem("name = \"x\"\nend = \"<CR>\"\nunit = \"g\"\nanswers = [\"{weight\"]\n") ==
        "device_record_invalid: mine.toml line 4: answers: {weight: { without }");
  CHECK(problem("name = \"x\"\nend = \"<CR>\"\nunit = \"g\"\nanswers = [\"{weight}<CR>\"]\n")
            .find("a scale is asked, or streams = true") != std::string::npos);
  const auto unknown = LoadScaleProtocol("toledo");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().Is(record::RecordErrc::kUnknown));
  CHECK(unknown.error().Detail().find("toledo-8217") != std::string::npos);
}

TEST_CASE("Toledo 8217: a weight at rest, and each state of its status byte", "[devices][scale]") {
  const auto weighed = Read("toledo-8217", "<STX>00.512<CR>");
  REQUIRE(weighed);
  CHECK(weighed->weighing == checkout::Weighing{512'000, true, false, false});
  CHECK(Read("toledo-8217", "<STX>01.00<CR>", WeightUnit::kPound)->weighing.milligrams == 453'592);
  CHECK(Read("toledo-8217", "<STX>00.250N<CR>")->weighing.milligrams == 250'000);
  const auto status = [](unsigned bits) {
    return *Read("toledo-8217", "<STX>?" + record::ToControlText(std::string(1, static_cast<char>(bits))) + "<CR>");
  };
  CHECK_FALSE(status(0x41).has_weight);
  CHECK_FALSE(status(0x41).weighing.at_rest);
  CHECK(status(0x42).weighing.overload);
  CHECK(status(0x44).weighing.under_zero);
  CHECK(status(0x50).at_zero);
}

TEST_CASE("NCI: weight with unit and status", "[devices][scale]") {
  CHECK(Read("nci", "<LF>0000.51kg<CR><LF>00<CR><ETX>")->weighing == checkout::Weighing{510'000, true, false, false});
  CHECK(Read("nci", "<LF> 512g <CR><LF>00<CR><ETX>")->weighing.milligrams == 512'000);
  CHECK_FALSE(Read("nci", "<LF>0000.51kg<CR><LF>10<CR><ETX>")->weighing.at_rest);
  CHECK(Read("nci", "<LF>02<CR><ETX>")->weighing.overload);
  CHECK(Read("nci", "<LF>-000.02kg<CR><LF>01<CR><ETX>")->weighing == checkout::Weighing{-20'000, true, false, true});
  CHECK(Read("nci", "<LF>20<CR><ETX>")->at_zero);
  CHECK(Read("nci", "<LF>40<CR><ETX>").error().Detail() == "the scale reports a fault");
  CHECK(Read("nci", "<LF>?<CR><ETX>").error().Is(ScaleErrc::kUnreadable));
}

TEST_CASE("CAS: the check character decides", "[devices][scale]") {
  // 53 ^ 20 ^ 30 30 2E 35 31 32 ^ 6B 67
  const std::string good = std::string("\x01\x02S 00.512kg") + '\x57' + "\x03\x04";
  const auto protocol = Protocol("cas");
  char bcc = 0;
  for (const char c : std::string("S 00.512kg")) bcc = static_cast<char>(bcc ^ c);
  std::string frame = good;
  frame[12] = bcc;
  REQUIRE(ReadAnswer(protocol, frame));
  CHECK(ReadAnswer(protocol, frame)->weighing == checkout::Weighing{512'000, true, false, false});
  // Each single bit that the line may turn over is found.
  for (size_t at = 0; at < frame.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string broken = frame;
      broken[at] = static_cast<char>(broken[at] ^ (1 << bit));
      INFO(record::ToControlText(broken));
      REQUIRE_FALSE(ReadAnswer(protocol, broken));
    }
  }
}

std::string CasFrame(const std::string& block) {
  char bcc = 0;
  for (const char c : block) bcc = static_cast<char>(bcc ^ c);
  return "\x01\x02" + block + bcc + "\x03\x04";
}

TEST_CASE("CAS: motion, below zero, overload, and a state that no scale has", "[devices][scale]") {
  const auto protocol = Protocol("cas");
  CHECK(ReadAnswer(protocol, CasFrame("U 01.250Kg"))->weighing == checkout::Weighing{1'250'000, false, false, false});
  CHECK(ReadAnswer(protocol, CasFrame("S-00.020kg"))->weighing == checkout::Weighing{-20'000, true, false, true});
  CHECK(ReadAnswer(protocol, CasFrame("SFFFFFFFkg"))->weighing.overload);
  CHECK_FALSE(ReadAnswer(protocol, CasFrame("X 01.250kg")));
  CHECK_FALSE(ReadAnswer(protocol, CasFrame("S 01.250xx")));
}

TEST_CASE("MT-SICS and the continuous texts", "[devices][scale]") {
  CHECK(Read("mt-sics", "S S     512.30 g<CR><LF>")->weighing == checkout::Weighing{512'300, true, false, false});
  CHECK_FALSE(Read("mt-sics", "S D     512.30 g<CR><LF>")->weighing.at_rest);
  CHECK(Read("mt-sics", "S +<CR><LF>")->weighing.overload);
  CHECK(Read("mt-sics", "S -<CR><LF>")->weighing.under_zero);
  CHECK(Read("mt-sics", "Z A<CR><LF>")->at_zero);
  CHECK(Read("mt-sics", "Z I<CR><LF>")->refused);
  CHECK_FALSE(Read("mt-sics", "ES<CR><LF>"));
  CHECK(Read("cas-22", "ST,GS,1<xC0>,   0.512 kg<CR><LF>")->weighing ==
        checkout::Weighing{512'000, true, false, false});
  CHECK(Read("cas-22", "OL,GS,1<x80>,         kg<CR><LF>")->weighing.overload);
  CHECK(Read("st-gs", "ST,GS,+  0.512kg<CR><LF>")->weighing.milligrams == 512'000);
  CHECK(Read("st-gs", "US,NT,-  0.004kg<CR><LF>")->weighing == checkout::Weighing{-4'000, false, false, true});
  CHECK(Read("st-gs", "OL,GS,+ ------kg<CR><LF>")->weighing.overload);
  CHECK_FALSE(Read("st-gs", "ST,GS,+ 0.5?2kg<CR><LF>"));
  CHECK_FALSE(Read("st-gs", "XX,GS,+  0.512kg<CR><LF>"));
}

TEST_CASE("Scale answers: no rubbish is a weight at rest, and none crashes", "[devices][scale]") {
  uint32_t state = 20261122;
  const auto next = [&state] { return state = state * 1664525U + 1013904223U, state >> 16; };
  for (const std::string& name : record::RecordNames({}, BuiltInScales())) {
    const ScaleProtocol protocol = Protocol(name);
    int accepted = 0;
    for (int i = 0; i < 3000; ++i) {
      std::string rubbish;
      for (unsigned n = next() % 40; n > 0; --n) rubbish += static_cast<char>(next() & 0xFF);
      const auto answer = ReadAnswer(protocol, rubbish + protocol.end);
      if (answer && answer->weighing.at_rest) ++accepted;
    }
    CHECK(accepted == 0);
  }
}

}  // namespace
}  // namespace evertill::devices::scale
