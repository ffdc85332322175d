#include "app/loyalty/programme.h"

#include <boost/json.hpp>

#include "app/domain/errors.h"

namespace evertill::loyalty {
namespace {

namespace json = boost::json;
using domain::DomainErrc;

constexpr int64_t kMostPoints = 1'000'000;

base::Expected<int64_t> Count(const json::object& object, const char* key, const char* where) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 1 || value->get_int64() > kMostPoints) {
    return base::Fail(DomainErrc::kBadRules, std::string(where) + key + " must be a whole number from 1 to 1000000");
  }
  return value->get_int64();
}

base::Expected<domain::Money> Amount(const json::object& object, const char* key, domain::Currency currency) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) {
    return base::Fail(DomainErrc::kBadRules, std::string(key) + " must be an amount in quotes");
  }
  auto amount = domain::Money::Parse(std::string(value->get_string()), currency);
  if (!amount) return base::Fail(DomainErrc::kBadRules, std::string(key) + ": " + amount.error().Detail());
  if (amount->Minor() <= 0) return base::Fail(DomainErrc::kBadRules, std::string(key) + " must be more than nothing");
  return *amount;
}

base::Expected<json::object> Section(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_object()) {
    return base::Fail(DomainErrc::kBadRules, std::string("no section \"") + key + "\"");
  }
  return value->get_object();
}

base::Status OnlyKeys(const json::object& object, std::initializer_list<std::string_view> known) {
  for (const auto& item : object) {
    bool found = false;
    for (const auto key : known) found = found || key == std::string_view(item.key().data(), item.key().size());
    if (!found) return base::Fail(DomainErrc::kBadRules, "unknown key \"" + std::string(item.key()) + "\"");
  }
  return {};
}

}  // namespace

base::Expected<Programme> ParseProgramme(std::string_view text, domain::Currency currency) {
  boost::system::error_code error;
  const auto value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return base::Fail(DomainErrc::kBadRules, "not a JSON object");
  const auto& object = value.get_object();
  EVERTILL_TRY(OnlyKeys(object, {"version", "currency", "earn", "worth"}));
  EVERTILL_ASSIGN(const int64_t version, Count(object, "version", ""));
  const auto* code = object.if_contains("currency");
  if (code == nullptr || !code->is_string() || std::string(code->get_string()) != currency.Code()) {
    return base::Fail(DomainErrc::kBadRules, "currency must be \"" + std::string(currency.Code()) + "\"");
  }
  EVERTILL_ASSIGN(const json::object earn, Section(object, "earn"));
  EVERTILL_TRY(OnlyKeys(earn, {"points", "per"}));
  EVERTILL_ASSIGN(const int64_t earn_points, Count(earn, "points", "earn."));
  EVERTILL_ASSIGN(const domain::Money earn_per, Amount(earn, "per", currency));
  EVERTILL_ASSIGN(const json::object worth, Section(object, "worth"));
  EVERTILL_TRY(OnlyKeys(worth, {"points", "amount"}));
  EVERTILL_ASSIGN(const int64_t worth_points, Count(worth, "points", "worth."));
  EVERTILL_ASSIGN(const domain::Money worth_amount, Amount(worth, "amount", currency));
  return Programme{version, earn_points, earn_per, worth_points, worth_amount};
}

std::string FormatProgramme(const Programme& programme) {
  return json::serialize(
      json::object{{"version", programme.version},
                   {"currency", std::string(programme.earn_per.GetCurrency().Code())},
                   {"earn", {{"points", programme.earn_points}, {"per", programme.earn_per.ToDecimal()}}},
                   {"worth", {{"points", programme.worth_points}, {"amount", programme.worth_amount.ToDecimal()}}}});
}

Programme DefaultProgramme(domain::Currency currency) {
  int64_t unit = 1;
  for (int i = 0; i < currency.Exponent(); ++i) unit *= 10;
  if (currency.Exponent() == 0) unit = 1000;
  return {1, 1, domain::Money(25 * unit, currency), 10, domain::Money(unit, currency)};
}

int64_t PointsEarned(const Programme& programme, domain::Money net) {
  if (net.Minor() <= 0) return 0;
  return net.Minor() / programme.earn_per.Minor() * programme.earn_points;
}

domain::Money WorthOf(const Programme& programme, int64_t points) {
  if (points <= 0) return domain::Money::Zero(programme.worth_amount.GetCurrency());
  return programme.worth_amount.Scaled(points, programme.worth_points, domain::Rounding::kDown);
}

}  // namespace evertill::loyalty
