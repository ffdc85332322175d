#include "app/store/identity.h"

#include <boost/json.hpp>
#include <charconv>

#include "app/store/errors.h"
#include "app/store/json_text.h"

namespace evertill::store {
namespace {

namespace json = boost::json;

constexpr size_t kNumberWidth = 6;

}  // namespace

std::string FormatIdentity(const checkout::TillIdentity& identity) {
  return json::serialize(json::object{
      {"store", identity.terminal.store.Value()},
      {"till", identity.terminal.till.Value()},
      {"incarnation", identity.terminal.incarnation},
      {"currency", std::string(identity.currency.Code())},
      {"language", identity.language},
      {"store_name", identity.store_name},
      {"unattended", identity.unattended ? std::string(checkout::RoleName(*identity.unattended)) : std::string()}});
}

base::Expected<checkout::TillIdentity> ParseIdentity(std::string_view text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "identity"));
  EVERTILL_ASSIGN(const domain::Currency currency, domain::Currency::Find(TextOf(object, "currency")));
  checkout::TillIdentity identity{
      .terminal = {domain::StoreCode(TextOf(object, "store")), domain::TillCode(TextOf(object, "till")),
                   IntegerOf(object, "incarnation")},
      .currency = currency,
      .language = TextOf(object, "language"),
      .store_name = TextOf(object, "store_name"),
      .unattended = checkout::ParseRole(TextOf(object, "unattended"))};
  if (!domain::IsPlaceCode(identity.terminal.store.Value()) || !domain::IsPlaceCode(identity.terminal.till.Value()) ||
      identity.terminal.incarnation < 1) {
    return base::Fail(StoreErrc::kBadStored, "identity");
  }
  return identity;
}

base::Expected<domain::Terminal> TerminalOfIdentity(std::string_view text) {
  EVERTILL_ASSIGN(auto identity, ParseIdentity(text));
  return std::move(identity.terminal);
}

domain::ReceiptNumber FormatReceipt(const domain::Terminal& terminal, int64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < kNumberWidth) digits.insert(0, kNumberWidth - digits.size(), '0');
  const std::string life = terminal.incarnation > 1 ? "-" + std::to_string(terminal.incarnation) : std::string();
  return domain::ReceiptNumber(terminal.till.Value() + life + "-" + digits);
}

std::optional<int64_t> ParseReceipt(const domain::Terminal& terminal, std::string_view text) {
  const size_t dash = text.rfind('-');
  if (dash == std::string_view::npos) return std::nullopt;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + dash + 1, text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1) return std::nullopt;
  if (FormatReceipt(terminal, number).Value() != text) return std::nullopt;
  return number;
}

}  // namespace evertill::store
