#include "app/loyalty/programme.h"

#include <boost/json.hpp>
#include <limits>

#include "app/domain/errors.h"
#include "app/loyalty/ledger.h"

namespace evertill::loyalty {
namespace {

namespace json = boost::json;
using domain::DomainErrc;

using Wide = __int128;

constexpr int64_t kMostOfRule = 1'000'000;
constexpr int64_t kMostHours = 20 * 366 * 24;
constexpr int64_t kMostDays = 20 * 366;

base::Expected<int64_t> Count(const json::object& object, const char* key, const char* where) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 1 || value->get_int64() > kMostOfRule) {
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

/// A whole number that may be left out, or `otherwise`.
base::Expected<int64_t> CountOr(const json::object& object, const char* key, const char* where, int64_t least,
                                int64_t most, int64_t otherwise) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return otherwise;
  if (!value->is_int64() || value->get_int64() < least || value->get_int64() > most) {
    return base::Fail(DomainErrc::kBadRules, std::string(where) + key + " must be a whole number from " +
                                                 std::to_string(least) + " to " + std::to_string(most));
  }
  return value->get_int64();
}

base::Expected<LotPolicy> ReadLots(const json::object& object) {
  LotPolicy lots;
  if (object.if_contains("lots") == nullptr) return lots;
  EVERTILL_ASSIGN(const json::object section, Section(object, "lots"));
  EVERTILL_TRY(OnlyKeys(section, {"activation_hours", "expiry_days"}));
  EVERTILL_ASSIGN(lots.activation_hours, CountOr(section, "activation_hours", "lots.", 0, kMostHours, 0));
  EVERTILL_ASSIGN(lots.expiry_days, CountOr(section, "expiry_days", "lots.", 0, kMostDays, 0));
  return lots;
}

base::Expected<RedeemPolicy> ReadRedeem(const json::object& object) {
  RedeemPolicy redeem;
  if (object.if_contains("redeem") == nullptr) return redeem;
  EVERTILL_ASSIGN(const json::object section, Section(object, "redeem"));
  EVERTILL_TRY(OnlyKeys(section, {"stand_in", "denylist_hours", "day_limit", "grant_days", "pin"}));
  if (section.if_contains("stand_in") != nullptr) {
    EVERTILL_ASSIGN(const json::object stand_in, Section(section, "stand_in"));
    EVERTILL_TRY(OnlyKeys(stand_in, {"member", "till"}));
    const auto* where = "redeem.stand_in.";
    EVERTILL_ASSIGN(redeem.stand_in_member, CountOr(stand_in, "member", where, 0, kMostOfRule, 0));
    EVERTILL_ASSIGN(redeem.stand_in_till, CountOr(stand_in, "till", where, 0, 100 * kMostOfRule, 0));
  }
  const auto count = [&](const char* key, int64_t least, int64_t most, int64_t otherwise) {
    return CountOr(section, key, "redeem.", least, most, otherwise);
  };
  EVERTILL_ASSIGN(redeem.denylist_hours, count("denylist_hours", 1, kMostHours, redeem.denylist_hours));
  EVERTILL_ASSIGN(redeem.day_limit, count("day_limit", 0, kMostPoints, redeem.day_limit));
  EVERTILL_ASSIGN(redeem.grant_days, count("grant_days", 1, kMostDays, redeem.grant_days));
  if (const auto* pin = section.if_contains("pin"); pin != nullptr) {
    if (*pin != "always" && *pin != "when_set") {
      return base::Fail(DomainErrc::kBadRules, "redeem.pin must be \"when_set\" or \"always\"");
    }
    redeem.pin_always = *pin == "always";
  }
  return redeem;
}

}  // namespace

base::Expected<Programme> ParseProgramme(std::string_view text, domain::Currency currency) {
  boost::system::error_code error;
  const auto value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return base::Fail(DomainErrc::kBadRules, "not a JSON object");
  const auto& object = value.get_object();
  EVERTILL_TRY(OnlyKeys(object, {"version", "currency", "earn", "worth", "lots", "redeem"}));
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
  EVERTILL_ASSIGN(const LotPolicy lots, ReadLots(object));
  EVERTILL_ASSIGN(const RedeemPolicy redeem, ReadRedeem(object));
  return Programme{version, earn_points, earn_per, worth_points, worth_amount, lots, redeem};
}

std::string FormatProgramme(const Programme& programme) {
  json::object object{{"version", programme.version},
                      {"currency", std::string(programme.earn_per.GetCurrency().Code())},
                      {"earn", {{"points", programme.earn_points}, {"per", programme.earn_per.ToDecimal()}}},
                      {"worth", {{"points", programme.worth_points}, {"amount", programme.worth_amount.ToDecimal()}}}};
  if (const auto& lots = programme.lots; lots != LotPolicy{}) {
    object["lots"] = {{"activation_hours", lots.activation_hours}, {"expiry_days", lots.expiry_days}};
  }
  if (const auto& redeem = programme.redeem; redeem != RedeemPolicy{}) {
    object["redeem"] = {{"stand_in", {{"member", redeem.stand_in_member}, {"till", redeem.stand_in_till}}},
                        {"denylist_hours", redeem.denylist_hours},
                        {"day_limit", redeem.day_limit},
                        {"grant_days", redeem.grant_days},
                        {"pin", redeem.pin_always ? "always" : "when_set"}};
  }
  return json::serialize(object);
}

Programme DefaultProgramme(domain::Currency currency) {
  int64_t unit = 1;
  for (int i = 0; i < currency.Exponent(); ++i) unit *= 10;
  if (currency.Exponent() == 0) unit = 1000;
  return {1, 1, domain::Money(25 * unit, currency), 10, domain::Money(unit, currency), {}, {}};
}

int64_t PointsEarned(const Programme& programme, domain::Money net) {
  if (net.Minor() <= 0) return 0;
  const Wide points = Wide{net.Minor() / programme.earn_per.Minor()} * programme.earn_points;
  return points > kMostPoints ? kMostPoints : static_cast<int64_t>(points);
}

domain::Money WorthOf(const Programme& programme, int64_t points) {
  const auto currency = programme.worth_amount.GetCurrency();
  if (points <= 0) return domain::Money::Zero(currency);
  const Wide worth = Wide{programme.worth_amount.Minor()} * points / programme.worth_points;
  return {worth > domain::Money::kLargestAmount ? domain::Money::kLargestAmount : static_cast<int64_t>(worth),
          currency};
}

int64_t PointsFor(const Programme& programme, domain::Money amount) {
  if (amount.Minor() <= 0) return 0;
  const Wide worth = programme.worth_amount.Minor();
  const Wide points = (Wide{amount.Minor()} * programme.worth_points + worth - 1) / worth;
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  return points > kMost ? kMost : static_cast<int64_t>(points);
}

}  // namespace evertill::loyalty
