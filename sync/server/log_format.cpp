#include "sync/server/log_format.h"

#include <boost/json.hpp>
#include <charconv>

#include "app/base/uuid.h"
#include "app/crypto/bytes.h"
#include "app/domain/money.h"
#include "sync/server/errors.h"
#include "sync/wire/json_fields.h"

namespace evertill::server {

namespace {

std::string Quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

void AppendJsonRow(std::string& out, const EventRow& row, const std::string& epoch) {
  const auto text = [&](std::string_view key, std::string_view value) {
    out += ",\"";
    out += key;
    out += "\":";
    out += value.empty() ? "null" : Quoted(value);
  };
  out += "{\"commit_seq\":" + std::to_string(row.commit_seq);
  text("epoch", epoch);
  text("event", row.event_id);
  text("kind", row.kind);
  text("receipt", row.receipt);
  text("store", row.store);
  text("till", row.till);
  out += ",\"incarnation\":" + std::to_string(row.incarnation) + ",\"seq\":" + std::to_string(row.seq);
  text("t_business", base::FormatUtc(row.t_business));
  text("received", base::FormatUtc(row.received));
  text("member", row.member);
  text("total", TotalText(row));
  text("currency", row.currency);
  text("parked", row.parked);
  text("hash", base::ToHex(crypto::AsBytes(row.hash)));
  // As it was hashed, so that a reader can check the chain; a body that is not JSON goes as a text.
  out += ",\"body\":";
  out += wire::ParseObject(row.body, "body") ? row.body : Quoted(row.body);
  out += "}\n";
}

}  // namespace

std::string TotalText(const EventRow& row) {
  if (!row.total_minor) return {};
  const auto currency = domain::Currency::Find(row.currency);
  return currency ? domain::Money(*row.total_minor, *currency).ToDecimal() : std::string();
}

std::string FormatCursor(const wire::Epoch& epoch, int64_t position) {
  return epoch.ToString() + "-" + std::to_string(position);
}

base::Expected<int64_t> ParseCursor(std::string_view text, const wire::Epoch& epoch) {
  if (text.empty()) return 0;
  const auto bad = [&] {
    return base::Fail(ServerErrc::kBadCursor, "not a cursor of this log; give back Next-Cursor as it came, or nothing");
  };
  const size_t dash = text.rfind('-');
  if (dash == std::string_view::npos || text.size() > 100) return bad();
  const auto of = wire::Epoch::Parse(text.substr(0, dash));
  const std::string_view digits = text.substr(dash + 1);
  int64_t position = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), position);
  if (!of || digits.empty() || error != std::errc() || end != digits.data() + digits.size() || position < 0)
    return bad();
  if (*of != epoch) {
    return base::Fail(ServerErrc::kOtherEpoch,
                      "this head office has been restored since; start over without a cursor (epoch is now " +
                          epoch.ToString() + ")");
  }
  return position;
}

std::string FormatJsonLines(const std::vector<EventRow>& rows, const wire::Epoch& epoch) {
  std::string out;
  const std::string epoch_text = epoch.ToString();
  for (const EventRow& row : rows) AppendJsonRow(out, row, epoch_text);
  return out;
}

std::string CsvField(std::string_view text) {
  std::string field(text);
  if (!field.empty() && std::string_view("=+-@\t\r\n").find(field[0]) != std::string_view::npos)
    field.insert(0, 1, '\'');
  if (field.find_first_of("\",\r\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string FormatCsv(const std::vector<EventRow>& rows, const wire::Epoch& epoch) {
  std::string out =
      "commit_seq,epoch,event,kind,receipt,store,till,incarnation,seq,t_business,received,member,total,currency,parked,"
      "hash\r\n";
  const std::string epoch_text = epoch.ToString();
  for (const EventRow& row : rows) {
    out += std::to_string(row.commit_seq) + ',' + epoch_text + ',';
    for (const std::string& text : {row.event_id, row.kind, row.receipt, row.store, row.till})
      out += CsvField(text) + ',';
    out += std::to_string(row.incarnation) + ',' + std::to_string(row.seq) + ',' + base::FormatUtc(row.t_business) +
           ',' + base::FormatUtc(row.received) + ',' + CsvField(row.member) + ',';
    // A number made here from an integer: a refund's minus is no formula.
    out += TotalText(row) + ',' + CsvField(row.currency) + ',' + CsvField(row.parked) + ',' +
           base::ToHex(crypto::AsBytes(row.hash)) + "\r\n";
  }
  return out;
}

}  // namespace evertill::server
