#include "app/domain/sale_codec.h"

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>

#include "app/domain/errors.h"

namespace evertill::domain {
namespace {

namespace json = boost::json;

constexpr int kDeepest = 12;

std::string UnitCode(SellUnit unit) {
  return unit == SellUnit::kKilogram ? "kg" : "each";
}

json::object EncodeLine(const SaleLine& line) {
  json::object object{{"barcode", line.barcode},
                      {"sku", line.sku},
                      {"unit", UnitCode(line.unit)},
                      {"qty_micro", line.quantity.Micro()},
                      {"unit_price", line.unit_price.Minor()},
                      {"gross", line.gross.Minor()},
                      {"discount", line.discount.Minor()},
                      {"total", line.total.Minor()},
                      {"tax_code", line.tax_rate.code},
                      {"tax_millipercent", line.tax_rate.millipercent},
                      {"tax", line.tax.Minor()},
                      {"min_age", line.min_age}};
  // Only where the code on the goods said it: most do not, and an older version's sales have none of these.
  if (!line.trace.lot.empty()) object["lot"] = line.trace.lot;
  if (!line.trace.serial.empty()) object["serial"] = line.trace.serial;
  if (!line.trace.expiry.empty()) object["expiry"] = line.trace.expiry;
  return object;
}

/// Reads named values of one JSON object and remembers the first that is missing or of the wrong type.
class Reader {
 public:
  explicit Reader(const json::object& object) : object_(object) {}
  int64_t Integer(const char* key) {
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_int64()) return value->get_int64();
    Missing(key);
    return 0;
  }
  std::string Text(const char* key) {
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_string()) return std::string(value->get_string());
    Missing(key);
    return {};
  }
  bool Bool(const char* key) {
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_bool()) return value->get_bool();
    Missing(key);
    return false;
  }
  const json::array& Array(const char* key) {
    static const json::array kNone;
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_array()) return value->get_array();
    Missing(key);
    return kNone;
  }
  const json::object& Object(const char* key) {
    static const json::object kNone;
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_object()) return value->get_object();
    Missing(key);
    return kNone;
  }
  /// Empty where it is not there.
  std::string OptionalText(const char* key) { return object_.contains(key) ? Text(key) : std::string(); }
  [[nodiscard]] base::Status Done() const {
    if (missing_.empty()) return {};
    return base::Fail(DomainErrc::kBadEvent, "sale without a proper " + missing_);
  }

 private:
  void Missing(const char* key) {
    if (missing_.empty()) missing_ = key;
  }
  const json::object& object_;
  std::string missing_;
};

base::Expected<json::object> ParseObject(std::string_view text) {
  json::parse_options options;
  options.max_depth = kDeepest;
  boost::system::error_code error;
  auto value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error || !value.is_object()) return base::Fail(DomainErrc::kBadEvent, "not a JSON object");
  return std::move(value.get_object());
}

std::string TextAt(const json::object& side, const char* key, size_t index) {
  const auto* list = side.if_contains(key);
  if (list == nullptr || !list->is_array() || index >= list->get_array().size()) return {};
  const auto& value = list->get_array()[index];
  return value.is_string() ? std::string(value.get_string()) : std::string();
}

base::Expected<SaleLine> DecodeLine(const json::value& value, size_t index, Currency currency,
                                    const json::object& side) {
  if (!value.is_object()) return base::Fail(DomainErrc::kBadEvent, "a sale line is no object");
  Reader read(value.get_object());
  const auto money = [&](const char* key) { return Money(read.Integer(key), currency); };
  SaleLine line{.number = static_cast<int>(index) + 1,
                .barcode = read.Text("barcode"),
                .sku = read.Text("sku"),
                .name = TextAt(side, "names", index),
                .name_other = TextAt(side, "others", index),
                .unit = read.Text("unit") == "kg" ? SellUnit::kKilogram : SellUnit::kEach,
                .quantity = Quantity::FromMicro(read.Integer("qty_micro")),
                .unit_price = money("unit_price"),
                .gross = money("gross"),
                .discount = money("discount"),
                .total = money("total"),
                .tax_rate = {read.Text("tax_code"), static_cast<int32_t>(read.Integer("tax_millipercent"))},
                .tax = money("tax"),
                .min_age = static_cast<int32_t>(read.Integer("min_age")),
                .trace = {read.OptionalText("lot"), read.OptionalText("serial"), read.OptionalText("expiry")}};
  if (line.name.empty()) line.name = line.barcode;
  EVERTILL_TRY(read.Done());
  return line;
}

base::Expected<base::Uuid> ParseId(const std::string& text, const char* what) {
  if (text.empty()) return base::Uuid{};
  const auto id = base::Uuid::Parse(text);
  if (!id) return base::Fail(DomainErrc::kBadEvent, std::string(what) + " is no UUID");
  return *id;
}

/// What a line of a refund says beside what a line of a sale says.
void EncodeRefundLine(json::object& object, const RefundOf::Line& line) {
  object["line"] = line.line;
  object["quantity_micro"] = line.quantity_micro;
  object["reversed"] = line.reversed;
  object["restored"] = line.restored;
}

base::Status DecodeRefund(Sale& sale, Reader& read) {
  RefundOf refund;
  EVERTILL_ASSIGN(const base::Uuid of, ParseId(read.Text("sale"), "refunded sale"));
  refund.sale = EventId(of);
  refund.receipt = ReceiptNumber(read.Text("sale_receipt"));
  for (const auto& value : read.Array("lines")) {
    Reader line(value.get_object());  // DecodeLine has seen that it is one
    refund.lines.push_back({static_cast<int>(line.Integer("line")), line.Integer("quantity_micro"),
                            line.Integer("reversed"), line.Integer("restored")});
    EVERTILL_TRY(line.Done());
  }
  sale.refund = std::move(refund);
  return {};
}

base::Status DecodeTenders(Sale& sale, const json::array& tenders, Currency currency) {
  for (const auto& value : tenders) {
    if (!value.is_object()) return base::Fail(DomainErrc::kBadEvent, "a tender is no object");
    Reader read(value.get_object());
    const auto kind = ParseTender(read.Text("kind"));
    if (!kind) return base::Fail(DomainErrc::kBadEvent, "a tender of no known kind");
    sale.tenders.push_back(
        Tender{*kind, Money(read.Integer("amount"), currency), Money(read.Integer("given"), currency)});
    EVERTILL_TRY(read.Done());
  }
  return {};
}

json::array ToArray(const std::vector<int64_t>& numbers) {
  json::array array;
  for (const int64_t number : numbers) array.emplace_back(number);
  return array;
}

json::object EncodePoints(const PointsSummary& points) {
  json::object object{{"before", points.before},
                      {"earned", points.earned},
                      {"spent", points.spent},
                      {"after", points.after},
                      {"provisional", points.provisional}};
  if (!points.line_earned.empty()) object["line_earned"] = ToArray(points.line_earned);
  if (!points.line_spent.empty()) object["line_spent"] = ToArray(points.line_spent);
  if (points.active_ms != 0) object["active_ms"] = points.active_ms;
  if (points.expires_ms != 0) object["expires_ms"] = points.expires_ms;
  if (points.stand_in != 0) object["stand_in"] = points.stand_in;
  if (points.withheld != 0) object["withheld"] = points.withheld;
  return object;
}

/// Keys that came later, or are only there where they apply.
int64_t IntegerOrZero(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

base::Expected<std::vector<int64_t>> IntegersOrNone(const json::object& object, const char* key) {
  std::vector<int64_t> numbers;
  const auto* value = object.if_contains(key);
  if (value == nullptr) return numbers;
  if (!value->is_array()) return base::Fail(DomainErrc::kBadEvent, std::string(key) + " is no list");
  for (const auto& number : value->get_array()) {
    if (!number.is_int64()) return base::Fail(DomainErrc::kBadEvent, std::string(key) + " has no whole numbers");
    numbers.push_back(number.get_int64());
  }
  return numbers;
}

base::Expected<PointsSummary> DecodePoints(const json::object& object) {
  Reader read(object);
  PointsSummary points{read.Integer("before"), read.Integer("earned"), read.Integer("spent"), read.Integer("after"),
                       read.Bool("provisional")};
  EVERTILL_TRY(read.Done());
  EVERTILL_ASSIGN(points.line_earned, IntegersOrNone(object, "line_earned"));
  EVERTILL_ASSIGN(points.line_spent, IntegersOrNone(object, "line_spent"));
  points.active_ms = IntegerOrZero(object, "active_ms");
  points.expires_ms = IntegerOrZero(object, "expires_ms");
  points.stand_in = IntegerOrZero(object, "stand_in");
  points.withheld = IntegerOrZero(object, "withheld");
  return points;
}

}  // namespace

std::string EncodeSaleExt(const Sale& sale) {
  json::array lines;
  for (size_t i = 0; i < sale.lines.size(); ++i) {
    json::object line = EncodeLine(sale.lines[i]);
    if (sale.refund && i < sale.refund->lines.size()) EncodeRefundLine(line, sale.refund->lines[i]);
    lines.push_back(std::move(line));
  }
  json::array tenders;
  for (const auto& tender : sale.tenders) {
    tenders.push_back({{"kind", std::string(TenderName(tender.kind))},
                       {"amount", tender.amount.Minor()},
                       {"given", tender.given.Minor()}});
  }
  json::object ext{{"receipt", sale.receipt.Value()},
                   {"currency", std::string(sale.totals.total.GetCurrency().Code())},
                   {"cashier", sale.cashier.Value().IsNil() ? std::string() : sale.cashier.ToString()},
                   {"shift", sale.shift.ToString()},
                   {"training", sale.training},
                   {"lines", std::move(lines)},
                   {"subtotal", sale.totals.subtotal.Minor()},
                   {"savings", sale.totals.savings.Minor()},
                   {"tax", sale.totals.tax.Minor()},
                   {"tax_inclusive", sale.tax_mode == TaxMode::kInclusive},
                   {"total", sale.totals.total.Minor()},
                   {"rounding", sale.totals.rounding.Minor()},
                   {"tenders", std::move(tenders)},
                   {"change", sale.change.Minor()},
                   {"member_language", sale.member ? sale.member->language : std::string()},
                   {"points", EncodePoints(sale.points)}};
  if (sale.refund) {
    ext["sale"] = sale.refund->sale.ToString();
    ext["sale_receipt"] = sale.refund->receipt.Value();
  }
  return json::serialize(ext);
}

std::string EncodeSaleSide(const Sale& sale) {
  json::array names;
  json::array others;
  for (const auto& line : sale.lines) {
    names.push_back(json::string(line.name));
    others.push_back(json::string(line.name_other));
  }
  return json::serialize(
      json::object{{"names", std::move(names)}, {"others", std::move(others)}, {"cashier", sale.cashier_name}});
}

base::Expected<Sale> DecodeSale(const Event& event, std::string_view side_text) {
  if (event.core.kind != "sale" && event.core.kind != "refund")
    return base::Fail(DomainErrc::kBadEvent, "a " + event.core.kind + " is no sale");
  EVERTILL_ASSIGN(const json::object ext, ParseObject(event.ext));
  json::object side;
  if (!side_text.empty()) {
    EVERTILL_ASSIGN(side, ParseObject(side_text));
  }
  Reader read(ext);
  EVERTILL_ASSIGN(const Currency currency, Currency::Find(read.Text("currency")));
  const auto money = [&](const char* key) { return Money(read.Integer(key), currency); };
  Sale sale{.id = event.id,
            .terminal = event.terminal,
            .seq = event.seq,
            .receipt = ReceiptNumber(read.Text("receipt")),
            .at = event.t_business,
            .cashier = {},
            .cashier_name = {},
            .shift = {},
            .lines = {},
            .totals = {money("subtotal"), money("savings"), money("tax"), money("total"), money("rounding")},
            .tax_rows = {},
            .tax_mode = read.Bool("tax_inclusive") ? TaxMode::kInclusive : TaxMode::kExclusive,
            .tenders = {},
            .change = money("change"),
            .member = {},
            .points = {},
            .training = read.Bool("training")};
  EVERTILL_ASSIGN(const base::Uuid cashier, ParseId(read.Text("cashier"), "cashier"));
  EVERTILL_ASSIGN(const base::Uuid shift, ParseId(read.Text("shift"), "shift"));
  sale.cashier = CashierId(cashier);
  sale.shift = ShiftId(shift);
  if (const auto* name = side.if_contains("cashier"); name != nullptr && name->is_string()) {
    sale.cashier_name = std::string(name->get_string());
  }
  std::vector<TaxableLine> taxable;
  std::vector<Money> taxes;
  for (const auto& value : read.Array("lines")) {
    EVERTILL_ASSIGN(SaleLine line, DecodeLine(value, sale.lines.size(), currency, side));
    taxable.push_back({line.total, line.tax_rate});
    taxes.push_back(line.tax);
    sale.lines.push_back(std::move(line));
  }
  TaxScheme scheme;
  scheme.mode = sale.tax_mode;
  sale.tax_rows = SummariseTax(taxable, taxes, scheme);
  EVERTILL_TRY(DecodeTenders(sale, read.Array("tenders"), currency));
  if (event.core.member) sale.member = SaleMember{*event.core.member, {}, {}, read.Text("member_language")};
  EVERTILL_ASSIGN(sale.points, DecodePoints(read.Object("points")));
  if (event.core.kind == "refund") {
    EVERTILL_TRY(DecodeRefund(sale, read));
  } else {
    std::copy_if(event.core.postings.begin(), event.core.postings.end(), std::back_inserter(sale.points.redemption),
                 [](const Posting& posting) { return posting.amount < 0 && posting.account != "ISSUED"; });
  }
  EVERTILL_TRY(read.Done());
  return sale;
}

}  // namespace evertill::domain
