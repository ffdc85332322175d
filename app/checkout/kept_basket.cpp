#include "app/checkout/kept_basket.h"

#include <algorithm>
#include <boost/json.hpp>

#include "app/domain/errors.h"

namespace evertill::checkout {
namespace {

namespace json = boost::json;
using domain::DomainErrc;

json::object EncodeLine(const KeptBasket::Line& line) {
  json::object names;
  for (const auto& [language, name] : line.product.names) names[language] = name;
  return {{"barcode", line.product.barcode},
          {"sku", line.product.sku},
          {"name", line.product.name},
          {"names", std::move(names)},
          {"price", line.product.price.Minor()},
          {"tax", line.product.tax_code},
          {"kg", line.product.unit == domain::SellUnit::kKilogram},
          {"min_age", line.product.min_age},
          {"qty_micro", line.quantity.Micro()},
          {"trace", {line.trace.lot, line.trace.serial, line.trace.expiry}}};
}

KeptBasket::Line DecodeLine(const json::object& object, domain::Currency currency) {
  // Throws on a missing key or wrong type; DecodeBasket catches.
  const auto text = [&object](const char* key) { return std::string(object.at(key).as_string()); };
  domain::Product product{.row = 0,
                          .barcode = text("barcode"),
                          .sku = text("sku"),
                          .name = text("name"),
                          .names = {},
                          .price = domain::Money(object.at("price").as_int64(), currency),
                          .tax_code = text("tax"),
                          .category = {},
                          .unit = object.at("kg").as_bool() ? domain::SellUnit::kKilogram : domain::SellUnit::kEach,
                          .min_age = static_cast<int32_t>(object.at("min_age").as_int64()),
                          .price_derived = false};
  for (const auto& item : object.at("names").as_object()) {
    product.names[std::string(item.key())] = std::string(item.value().as_string());
  }
  domain::GoodsTrace trace;
  if (object.contains("trace")) {  // an older version did not write it
    const auto& parts = object.at("trace").as_array();
    const auto part = [&parts](size_t i) { return std::string(parts.at(i).as_string()); };
    trace = {part(0), part(1), part(2)};
  }
  return {std::move(product), domain::Quantity::FromMicro(object.at("qty_micro").as_int64()), std::move(trace)};
}

json::value EncodeHold(const std::optional<HoldAnswer>& hold) {
  if (!hold) return nullptr;
  json::array lots;
  for (const auto& lot : hold->lots) {
    lots.push_back({{"account", lot.account}, {"source", lot.source}, {"lot", lot.lot}, {"amount", lot.amount}});
  }
  return lots;
}

/// Keys that an older version did not write.
void DecodePoints(const json::object& object, KeptBasket& basket) {
  if (!object.contains("level")) return;
  basket.level = static_cast<CardLevel>(std::clamp<int64_t>(object.at("level").as_int64(), 0, 3));
  basket.points = object.at("points").as_int64();
  basket.reserving = object.at("reserving").as_bool();
  if (object.at("hold").is_null()) return;
  basket.hold = HoldAnswer{true, {}, 0};
  for (const auto& lot : object.at("hold").as_array()) {
    const auto text = [&lot](const char* key) { return std::string(lot.at(key).as_string()); };
    basket.hold->lots.push_back({text("account"), text("source"), text("lot"), lot.at("amount").as_int64()});
  }
}

}  // namespace

std::string EncodeBasket(const KeptBasket& basket) {
  json::array lines;
  for (const auto& line : basket.lines) lines.push_back(EncodeLine(line));
  json::array tenders;
  for (const auto& tender : basket.tenders) {
    tenders.push_back({{"amount", tender.amount.Minor()}, {"given", tender.given.Minor()}});
  }
  return json::serialize(json::object{{"sale", basket.sale_id.ToString()},
                                      {"lines", std::move(lines)},
                                      {"tenders", std::move(tenders)},
                                      {"member", basket.member ? basket.member->ToString() : std::string()},
                                      {"age_confirmed", basket.age_confirmed},
                                      {"level", static_cast<int64_t>(basket.level)},
                                      {"points", basket.points},
                                      {"hold", EncodeHold(basket.hold)},
                                      {"reserving", basket.reserving}});
}

base::Expected<KeptBasket> DecodeBasket(std::string_view text, domain::Currency currency) try {
  const auto value = json::parse(json::string_view(text.data(), text.size()));
  const auto& object = value.as_object();
  KeptBasket basket;
  const auto id = base::Uuid::Parse(std::string(object.at("sale").as_string()));
  if (!id) return base::Fail(DomainErrc::kBadEvent, "kept basket without a sale id");
  basket.sale_id = domain::EventId(*id);
  for (const auto& line : object.at("lines").as_array()) {
    basket.lines.push_back(DecodeLine(line.as_object(), currency));
  }
  for (const auto& tender : object.at("tenders").as_array()) {
    basket.tenders.push_back({domain::TenderKind::kCash, domain::Money(tender.at("amount").as_int64(), currency),
                              domain::Money(tender.at("given").as_int64(), currency)});
  }
  if (const auto member = base::Uuid::Parse(std::string(object.at("member").as_string()))) {
    basket.member = domain::MemberId(*member);
  }
  basket.age_confirmed = static_cast<int32_t>(object.at("age_confirmed").as_int64());
  DecodePoints(object, basket);
  return basket;
} catch (const boost::system::system_error& problem) {
  return base::Fail(DomainErrc::kBadEvent, "kept basket: " + problem.code().message());
} catch (const std::exception&) {
  return base::Fail(DomainErrc::kBadEvent, "kept basket: a value is missing or of the wrong type");
}

}  // namespace evertill::checkout
