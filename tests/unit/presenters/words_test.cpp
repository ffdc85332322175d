#include "app/presenters/words.h"

#include <catch2/catch.hpp>

using namespace evertill;
using presenters::SyncView;
using presenters::Words;

namespace {
domain::Money Amount(const char* text, const char* code) {
  return *domain::Money::Parse(text, *domain::Currency::Find(code));
}
}  // namespace

TEST_CASE("Words: amounts as each language writes them", "[presenters][words]") {
  CHECK(Words::For("en")->Amount(Amount("1042.39", "THB")) == "฿1,042.39");
  CHECK(Words::For("th")->Amount(Amount("-28.00", "THB")) == "−฿28.00");
  CHECK(Words::For("vi")->Amount(Amount("15000", "VND")) == "15.000 ₫");
  CHECK(Words::For("vi")->Amount(Amount("1042.39", "THB")) == "1.042,39 ฿");
  CHECK(Words::For("en")->Amount(Amount("5.00", "CHF")) == "CHF 5.00");
  CHECK(Words::For("en")->Count(1240) == "1,240");
  CHECK(Words::For("vi")->Count(1240) == "1.240");
}

TEST_CASE("Words: the pill counts what is safe here", "[presenters][words]") {
  const auto words = Words::For("en");
  CHECK(words->SyncPill({SyncView::State::kOffline, 3, 4}) == "Offline 3 min — 4 sales safe here");
  CHECK(words->SyncPill({SyncView::State::kOffline, 3, 1}) == "Offline 3 min — 1 sale safe here");
  CHECK(words->SyncPill({SyncView::State::kOffline, 180, 0}) == "Offline 3 h");
  CHECK(words->SyncPill({SyncView::State::kOnline, 0, 0}) == "Online");
}

TEST_CASE("Words: an unknown language is English", "[presenters][words]") {
  CHECK(Words::For("xx")->Language() == "en");
  CHECK(Words::For("en")->Tr("No %1 of %2", {"a", "b"}) == "No a of b");
}
