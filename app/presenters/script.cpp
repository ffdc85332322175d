#include "app/presenters/script.h"

#include <boost/json.hpp>
#include <cmath>

#include "app/domain/decimal.h"

namespace evertill::presenters {
namespace {

namespace json = boost::json;

constexpr int kDeepest = 16;
constexpr int kMicroDecimals = 6;

tl::unexpected<base::Error> Bad(std::string why) {
  return base::Fail(ScriptErrc::kBadAct, std::move(why));
}

/// Text, or a number written as a decimal. JSON numbers with a point are binary on the way in; six decimals bring back
/// exactly what was written for any quantity or amount that a till accepts.
base::Expected<std::string> Decimal(const json::value& value, const char* what) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (value.is_double() && std::abs(value.get_double()) < 1e9) {
    const auto micro = static_cast<int64_t>(std::llround(value.get_double() * 1e6));
    std::string text = domain::FormatDecimal(micro, kMicroDecimals);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  }
  return Bad(std::string(what) + " must be a decimal");
}

base::Expected<std::string> Text(const json::object& object, const char* key, bool needed = true) {
  const auto* value = object.if_contains(key);
  if (value == nullptr && !needed) return std::string();
  if (value == nullptr || !value->is_string()) return Bad(std::string(key) + " must be text");
  return std::string(value->get_string());
}

base::Expected<int> LineNumber(const json::value& value) {
  if (!value.is_int64() || value.get_int64() < 1 || value.get_int64() > 1'000'000) {
    return Bad("line must be a number from 1");
  }
  return static_cast<int>(value.get_int64());
}

base::Expected<json::object> Object(const json::value& value, const char* what) {
  if (!value.is_object()) return Bad(std::string(what) + " must be an object");
  return value.get_object();
}

base::Expected<Act> ReadText(const json::object& object, const char* key) {
  EVERTILL_ASSIGN(std::string text, Text(object, key));
  if (std::string_view(key) == "scan") return act::Scan{std::move(text)};
  if (std::string_view(key) == "search") return act::Search{std::move(text)};
  if (std::string_view(key) == "pin") return act::MemberPin{std::move(text)};
  return act::Member{std::move(text)};
}

base::Expected<Act> ReadQuantity(const json::object& object) {
  act::Quantity result;
  EVERTILL_ASSIGN(result.quantity, Decimal(object.at("qty"), "qty"));
  if (const auto* line = object.if_contains("line")) {
    EVERTILL_ASSIGN(const int number, LineNumber(*line));
    result.line = number;
  }
  return result;
}

base::Expected<Act> ReadTender(const json::value& value) {
  EVERTILL_ASSIGN(const json::object tender, Object(value, "tender"));
  const auto* cash = tender.if_contains("cash");
  if (cash == nullptr || tender.size() != 1) {
    return base::Fail(ScriptErrc::kUnknownAct, "this version takes cash tenders only");
  }
  EVERTILL_ASSIGN(std::string amount, Decimal(*cash, "cash"));
  return act::CashTender{std::move(amount)};
}

base::Expected<Act> ReadSignIn(const json::value& value) {
  EVERTILL_ASSIGN(const json::object object, Object(value, "sign_in"));
  EVERTILL_ASSIGN(std::string cashier, Text(object, "cashier"));
  EVERTILL_ASSIGN(std::string pin, Text(object, "pin"));
  return act::SignIn{std::move(cashier), std::move(pin)};
}

base::Expected<Act> ReadOpenShift(const json::value& value) {
  EVERTILL_ASSIGN(const json::object object, Object(value, "open_shift"));
  const auto* counted = object.if_contains("float");
  if (counted == nullptr) return Bad("open_shift needs a float");
  EVERTILL_ASSIGN(std::string amount, Decimal(*counted, "float"));
  return act::OpenShift{std::move(amount)};
}

base::Expected<Act> ReadEnrol(const json::value& value) {
  EVERTILL_ASSIGN(const json::object object, Object(value, "enrol"));
  act::Enrol enrol;
  EVERTILL_ASSIGN(enrol.name, Text(object, "name", false));
  EVERTILL_ASSIGN(enrol.phone, Text(object, "phone", false));
  EVERTILL_ASSIGN(enrol.language, Text(object, "language", false));
  if (const auto* consents = object.if_contains("consent")) {
    if (!consents->is_array()) return Bad("consent must be a list");
    for (const auto& consent : consents->get_array()) {
      if (!consent.is_string()) return Bad("a consent must be text");
      enrol.consents.emplace_back(consent.get_string());
    }
  }
  return enrol;
}

/// What is no whole number is left to the counter to refuse, by its own name.
base::Expected<Act> ReadRedeem(const json::value& value) {
  if (value.is_string()) return act::Redeem{std::string(value.get_string())};
  if (value.is_number()) return act::Redeem{json::serialize(value)};
  return Bad("redeem must be a number of points or \"max\"");
}

base::Expected<Act> ReadRefund(const json::value& value) {
  EVERTILL_ASSIGN(const json::object object, Object(value, "refund"));
  act::Refund refund;
  EVERTILL_ASSIGN(refund.receipt, Text(object, "receipt"));
  const auto* lines = object.if_contains("lines");
  if (lines == nullptr) return refund;
  if (!lines->is_array()) return Bad("lines must be a list");
  for (const auto& item : lines->get_array()) {
    EVERTILL_ASSIGN(const json::object line, Object(item, "a line"));
    const auto* number = line.if_contains("line");
    if (number == nullptr) return Bad("a line of a refund needs its number");
    EVERTILL_ASSIGN(const int at, LineNumber(*number));
    std::string quantity;
    if (const auto* given = line.if_contains("qty")) {
      EVERTILL_ASSIGN(quantity, Decimal(*given, "qty"));
    }
    refund.lines.push_back({at, std::move(quantity)});
  }
  return refund;
}

base::Expected<Act> ReadVoidLine(const json::value& value) {
  EVERTILL_ASSIGN(const int line, LineNumber(value));
  return act::VoidLine{line};
}

/// {"state":true}, {"lock":true} and their like: the value must be true, so that a misspelt act is never done.
base::Expected<Act> IfTrue(const json::value& value, const char* key, Act act) {
  if (!value.is_bool() || !value.get_bool()) return Bad(std::string(key) + " must be true");
  return act;
}

base::Expected<Act> ReadMember(const json::value& value, const json::object& object) {
  if (value.is_bool() && !value.get_bool()) return act::DetachMember{};
  return ReadText(object, "member");
}

json::object WriteLine(const LineView& line) {
  json::object object{{"line", line.number},
                      {"sku", line.sku},
                      {"barcode", line.barcode},
                      {"name", line.name},
                      {"qty", line.quantity},
                      {"unit_price", line.unit_price.ToDecimal()},
                      {"total", line.total.ToDecimal()}};
  if (!line.saving.IsZero()) object["saving"] = line.saving.ToDecimal();
  if (line.weighed) object["unit"] = "kg";
  if (line.min_age > 0) object["min_age"] = line.min_age;
  return object;
}

json::value WriteMember(const std::optional<MemberView>& member) {
  if (!member) return nullptr;
  return json::object{{"id", member->id},
                      {"name", member->name},
                      {"card", "••• " + member->card_tail},
                      {"language", member->language},
                      {"points", member->points},
                      {"worth", member->worth.ToDecimal()},
                      {"level", member->level},
                      {"spendable", member->spendable},
                      {"elsewhere", member->elsewhere},
                      {"not_active", member->not_active},
                      {"debt", member->debt},
                      {"pin_needed", member->pin_needed},
                      {"why_not", member->why_not ? json::value(member->why_not->code) : json::value(nullptr)}};
}

}  // namespace

base::Expected<Act> ReadAct(std::string_view line) {
  if (line.size() > kLongestScriptLine) return Bad("the line is longer than 64 KiB");
  json::parse_options options;
  options.max_depth = kDeepest;
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(line.data(), line.size()), error, {}, options);
  if (error) return Bad("not JSON: " + error.message());
  EVERTILL_ASSIGN(const json::object object, Object(value, "an act"));
  const auto has = [&object](const char* key) { return object.if_contains(key); };
  if (has("scan") != nullptr) return ReadText(object, "scan");
  if (has("search") != nullptr) return ReadText(object, "search");
  if (has("qty") != nullptr) return ReadQuantity(object);
  if (const auto* v = has("redeem")) return ReadRedeem(*v);
  if (const auto* v = has("refund")) return ReadRefund(*v);
  if (has("pin") != nullptr) return ReadText(object, "pin");
  if (const auto* v = has("member")) return ReadMember(*v, object);
  if (const auto* v = has("tender")) return ReadTender(*v);
  if (const auto* v = has("void_line")) return ReadVoidLine(*v);
  if (const auto* v = has("void_basket")) return IfTrue(*v, "void_basket", act::VoidBasket{});
  if (const auto* v = has("confirm_age")) return IfTrue(*v, "confirm_age", act::ConfirmAge{});
  if (const auto* v = has("sign_in")) return ReadSignIn(*v);
  if (const auto* v = has("lock")) return IfTrue(*v, "lock", act::Lock{});
  if (const auto* v = has("open_shift")) return ReadOpenShift(*v);
  if (const auto* v = has("enrol")) return ReadEnrol(*v);
  if (const auto* v = has("state")) return IfTrue(*v, "state", act::State{});
  return base::Fail(ScriptErrc::kUnknownAct, object.empty()
                                                 ? "an empty object"
                                                 : "\"" + std::string(object.begin()->key()).substr(0, 40) + "\"");
}

std::string WriteView(const View& view) {
  json::object out{{"ok", !view.refused.has_value()}};
  if (view.refused) {
    out["error"] = json::object{
        {"code", view.refused->code}, {"message", view.refused->message}, {"detail", view.refused->subject}};
    return json::serialize(out);
  }
  json::array lines;
  for (const auto& line : view.lines) lines.push_back(WriteLine(line));
  out["lines"] = std::move(lines);
  out["subtotal"] = view.totals.subtotal.ToDecimal();
  out["savings"] = view.totals.savings.ToDecimal();
  out["tax"] = view.totals.tax.ToDecimal();
  out["total"] = view.totals.total.ToDecimal();
  out["rounding"] = view.totals.rounding.ToDecimal();
  out["paid"] = view.paid.ToDecimal();
  out["due"] = view.due.ToDecimal();
  out["change"] = view.change.ToDecimal();
  if (!view.tenders.empty()) {
    json::array tenders;
    for (const auto& tender : view.tenders) {
      tenders.push_back(
          {{"kind", std::string(domain::TenderName(tender.kind))}, {"amount", tender.amount.ToDecimal()}});
    }
    out["tenders"] = std::move(tenders);
  }
  if (view.refund) out["refund"] = true;
  out["member"] = WriteMember(view.member);
  out["points"] = json::object{{"before", view.points.before},
                               {"earned", view.points.earned},
                               {"spent", view.points.spent},
                               {"after", view.points.after},
                               {"provisional", view.points.provisional}};
  if (view.points.withheld != 0) out["points"].as_object()["withheld"] = view.points.withheld;
  out["receipt"] = view.phase == Phase::kPaid ? json::value(view.receipt) : json::value(nullptr);
  if (view.age_check > 0) out["age_check"] = view.age_check;
  if (view.searched) {
    json::array found;
    for (const auto& product : view.found) {
      found.push_back({{"barcode", product.barcode}, {"name", product.name}, {"price", product.price.ToDecimal()}});
    }
    out["found"] = std::move(found);
  }
  return json::serialize(out);
}

}  // namespace evertill::presenters
