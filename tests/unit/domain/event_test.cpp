#include "app/domain/event.h"

#include <catch2/catch.hpp>

#include "app/domain/errors.h"
#include "app/domain/sale_codec.h"

using namespace evertill;
using namespace evertill::domain;

namespace {

Event MakeEvent() {
  Event event;
  event.id = EventId(*base::Uuid::Parse("018bcfe5-6800-7000-8000-000000000001"));
  event.terminal = {StoreCode("S01"), TillCode("L03"), 2};
  event.seq = 7;
  event.t_wall = base::FromUnixMillis(1'700'000'000'123);
  event.t_business = base::FromUnixMillis(1'700'000'000'124);
  event.rules_version = 3;
  event.core = {"sale",
                MemberId(*base::Uuid::Parse("018bcfe5-6800-7000-8000-0000000000aa")),
                {{"ISSUED", "", "", -41}, {"LOCAL", "", "018bcfe5-6800-7000-8000-000000000001", 41}}};
  event.ext = R"({"total":104239})";
  return event;
}

Sale MakeSale() {
  const Currency thb = *Currency::Find("THB");
  const auto money = [&](int64_t minor) { return Money(minor, thb); };
  SaleLine line{1,
                "8850999320014",
                "FISH",
                "น้ำปลา \"แท้\"",
                "Fish sauce",
                SellUnit::kKilogram,
                *Quantity::Parse("0.842"),
                money(4500),
                money(3789),
                money(0),
                money(3789),
                {"VAT7", 7000},
                money(248),
                0};
  return {.id = MakeEvent().id,
          .terminal = MakeEvent().terminal,
          .seq = 7,
          .receipt = ReceiptNumber("L03-000001"),
          .at = base::FromUnixMillis(1'700'000'000'124),
          .cashier = {},
          .cashier_name = "Nok",
          .shift = ShiftId(MakeEvent().id.Value()),
          .lines = {line},
          .totals = {money(3789), money(0), money(248), money(3789), money(0)},
          .tax_rows = {},
          .tax_mode = TaxMode::kInclusive,
          .tenders = {{TenderKind::kCash, money(3789), money(5000)}},
          .change = money(1211),
          .member = SaleMember{*MakeEvent().core.member, "คุณสมชาย", "4417", "th"},
          .points = {100, 1, 0, 101, true},
          .training = false};
}

}  // namespace

TEST_CASE("Event: the bytes are exactly these, for ever", "[domain][event]") {
  CHECK(EncodeEvent(MakeEvent()) ==
        R"({"schema":1,"event_id":"018bcfe5-6800-7000-8000-000000000001","terminal":"S01/L03","incarnation":2,"seq":7,)"
        R"("t_wall":1700000000123,"t_business":1700000000124,"rules_version":3,"ledger_core":{"kind":"sale",)"
        R"("member":"018bcfe5-6800-7000-8000-0000000000aa","postings":[{"account":"ISSUED","source":"","lot":"",)"
        R"("amount":-41},{"account":"LOCAL","source":"","lot":"018bcfe5-6800-7000-8000-000000000001","amount":41}]},)"
        R"("ext":{"total":104239},"side":""})");
}

TEST_CASE("Event: read back as it was written", "[domain][event]") {
  const Event event = MakeEvent();
  const auto read = DecodeEvent(EncodeEvent(event));
  REQUIRE(read);
  CHECK(read->id == event.id);
  CHECK(read->terminal == event.terminal);
  CHECK(read->seq == 7);
  CHECK(read->core.member == event.core.member);
  CHECK(read->core.postings == event.core.postings);
  CHECK(EncodeEvent(*read) == EncodeEvent(event));
}

TEST_CASE("Event: a newer version's extra keys are let through, a broken one is not", "[domain][event]") {
  std::string bytes = EncodeEvent(MakeEvent());
  bytes.insert(1, R"("later":[1,2],)");
  CHECK(DecodeEvent(bytes));
  for (const std::string& bad : {std::string(), std::string("[]"), std::string("{}"), bytes.substr(0, bytes.size() - 1),
                                 std::string(R"({"schema":1,"event_id":"x"})"), std::string(10000, '[')}) {
    const auto read = DecodeEvent(bad);
    REQUIRE_FALSE(read);
    CHECK(read.error().Is(DomainErrc::kBadEvent));
  }
  const auto replace = [&](std::string what, std::string with) {
    std::string copy = EncodeEvent(MakeEvent());
    copy.replace(copy.find(what), what.size(), with);
    return DecodeEvent(copy);
  };
  CHECK_FALSE(replace("S01/L03", "s01/L03"));
  CHECK_FALSE(replace("\"seq\":7", "\"seq\":7.5"));
  CHECK_FALSE(replace("\"amount\":41", "\"amount\":\"41\""));
}

TEST_CASE("Sale: survives its event with every number; names travel beside", "[domain][event]") {
  const Sale sale = MakeSale();
  Event event = MakeEvent();
  event.ext = EncodeSaleExt(sale);
  const auto parsed = DecodeEvent(EncodeEvent(event));
  REQUIRE(parsed);
  const auto back = DecodeSale(*parsed, EncodeSaleSide(sale));
  REQUIRE(back);
  CHECK(EncodeSaleExt(*back) == EncodeSaleExt(sale));
  CHECK(back->lines.front().name == sale.lines.front().name);
  CHECK(back->cashier_name == "Nok");
  CHECK(back->change.ToDecimal() == "12.11");
  CHECK(back->points.after == 101);
  CHECK(back->tax_rows.front().tax.Minor() == 248);
}

TEST_CASE("Sale: no name and nothing about the member stands in the hashed bytes", "[domain][event]") {
  const Sale sale = MakeSale();
  const std::string ext = EncodeSaleExt(sale);
  CHECK(ext.find("น้ำปลา") == std::string::npos);
  CHECK(ext.find("Nok") == std::string::npos);
  CHECK(ext.find("สมชาย") == std::string::npos);
  CHECK(EncodeSaleSide(sale).find("สมชาย") == std::string::npos);
  const Sale without_side = *DecodeSale(
      [&] {
        Event event = MakeEvent();
        event.ext = ext;
        return event;
      }(),
      "");
  CHECK(without_side.lines.front().name == "8850999320014");
}

TEST_CASE("Sale: points by line and a tender in points are kept; a sale of before they were known reads on",
          "[domain][event]") {
  Sale sale = MakeSale();
  const Currency thb = sale.change.GetCurrency();
  sale.points = {100, 1, 120, -19, true, {1}, {120}, 1'700'000'100'000, 1'800'000'000'000, 20};
  sale.tenders = {{TenderKind::kPoints, Money(1200, thb), Money(1200, thb)},
                  {TenderKind::kCash, Money(2589, thb), Money(3000, thb)}};
  Event event = MakeEvent();
  event.ext = EncodeSaleExt(sale);
  const auto back = DecodeSale(event, "");
  REQUIRE(back);
  CHECK(back->points == sale.points);
  CHECK(back->tenders[0].kind == TenderKind::kPoints);
  CHECK(back->tenders[1].kind == TenderKind::kCash);

  const std::string plain = EncodeSaleExt(MakeSale());
  for (const char* key : {"line_earned", "line_spent", "active_ms", "expires_ms", "stand_in", "sale_receipt"}) {
    CHECK(plain.find(key) == std::string::npos);
  }
  event.ext = plain;
  REQUIRE(DecodeSale(event, ""));
  CHECK(DecodeSale(event, "")->points.line_earned.empty());

  event.ext.replace(event.ext.find("\"kind\":\"cash\""), 13, "\"kind\":\"gold\"");
  CHECK_FALSE(DecodeSale(event, ""));
}

TEST_CASE("Sale: a refund says which sale and lines it is of, in negative money", "[domain][event]") {
  Sale refund = MakeSale();
  refund.lines.front().quantity = Quantity::FromMicro(-842'000);
  refund.lines.front().total = -refund.lines.front().total;
  refund.totals.total = -refund.totals.total;
  refund.points = {101, -1, -120, 220, false};
  refund.refund = RefundOf{MakeEvent().id, ReceiptNumber("L03-000001"), {{1, 842'000, 1, 120}}};
  CHECK(SaleKind(refund) == "refund");
  Event event = MakeEvent();
  event.core.kind = "refund";
  event.ext = EncodeSaleExt(refund);
  const auto back = DecodeSale(event, "");
  REQUIRE(back);
  REQUIRE(back->refund);
  CHECK(back->refund->sale == MakeEvent().id);
  CHECK(back->refund->receipt.Value() == "L03-000001");
  CHECK(back->refund->lines == refund.refund->lines);
  CHECK(back->totals.total.Minor() == -3789);
  event.core.kind = "sale";
  CHECK_FALSE(DecodeSale(event, "")->refund);
}
