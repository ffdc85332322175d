#include "devices/record/record_table.h"

#include <algorithm>

#include "devices/record/control_text.h"
#include "devices/record/record_error.h"

namespace evertill::devices::record {

const toml::node* RecordTable::Take(std::string_view key) {
  taken_.emplace_back(key);
  return table_->get(key);
}

tl::unexpected<base::Error> RecordTable::Problem(std::string_view key, const std::string& words) const {
  const toml::node* node = table_->get(key);
  const auto line = node != nullptr ? node->source().begin.line : table_->source().begin.line;
  return base::Fail(RecordErrc::kInvalid,
                    where_ + " line " + std::to_string(line) + ": " + std::string(key) + ": " + words);
}

base::Expected<std::string> RecordTable::Text(std::string_view key, std::string fallback) {
  const toml::node* node = Take(key);
  if (node == nullptr) return fallback;
  if (auto text = node->value_exact<std::string>()) return std::move(*text);
  return Problem(key, "must be text");
}

base::Expected<std::string> RecordTable::Text(std::string_view key) {
  if (!table_->contains(key)) return Problem(key, "is missing");
  return Text(key, {});
}

base::Expected<std::string> RecordTable::Bytes(std::string_view key) {
  EVERTILL_ASSIGN(const std::string text, Text(key, {}));
  auto bytes = ParseControlText(text);
  if (!bytes) return Problem(key, bytes.error().Detail());
  return bytes;
}

base::Expected<std::vector<std::string>> RecordTable::Texts(std::string_view key) {
  std::vector<std::string> texts;
  const toml::node* node = Take(key);
  if (node == nullptr) return texts;
  const toml::array* array = node->as_array();
  if (array == nullptr) return Problem(key, "must be a list of texts");
  for (const toml::node& one : *array) {
    auto text = one.value_exact<std::string>();
    if (!text) return Problem(key, "must be a list of texts");
    texts.push_back(std::move(*text));
  }
  return texts;
}

base::Expected<int> RecordTable::Number(std::string_view key, int fallback, int least, int most) {
  const toml::node* node = Take(key);
  if (node == nullptr) return fallback;
  const auto number = node->value_exact<int64_t>();
  if (!number || *number < least || *number > most) {
    return Problem(key, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<int>(*number);
}

base::Expected<bool> RecordTable::Flag(std::string_view key, bool fallback) {
  const toml::node* node = Take(key);
  if (node == nullptr) return fallback;
  const auto flag = node->value_exact<bool>();
  if (!flag) return Problem(key, "must be true or false");
  return *flag;
}

base::Status RecordTable::Table(std::string_view key, const std::function<base::Status(RecordTable&)>& read) {
  const toml::node* node = Take(key);
  if (node == nullptr) return {};
  const toml::table* inner = node->as_table();
  if (inner == nullptr) return Problem(key, "must be a table");
  RecordTable table(*inner, where_);
  EVERTILL_TRY(read(table));
  return table.NothingElse();
}

base::Status RecordTable::Tables(std::string_view key, const std::function<base::Status(RecordTable&)>& read) {
  const toml::node* node = Take(key);
  if (node == nullptr) return {};
  const toml::array* array = node->as_array();
  if (array == nullptr) return Problem(key, "must be a list of tables");
  for (const toml::node& one : *array) {
    if (!one.is_table()) return Problem(key, "must be a list of tables");
    RecordTable table(*one.as_table(), where_);
    EVERTILL_TRY(read(table));
    EVERTILL_TRY(table.NothingElse());
  }
  return {};
}

base::Status RecordTable::NothingElse() const {
  for (const auto& [key, value] : *table_) {
    if (std::find(taken_.begin(), taken_.end(), key.str()) == taken_.end()) {
      return Problem(key.str(), "unknown key");
    }
  }
  return {};
}

base::Status ReadRecord(const RecordText& record, const std::function<base::Status(RecordTable&)>& read) {
  try {
    const toml::table parsed = toml::parse(record.text);
    RecordTable table(parsed, record.where);
    EVERTILL_TRY(read(table));
    return table.NothingElse();
  } catch (const toml::parse_error& problem) {
    return base::Fail(RecordErrc::kInvalid, record.where + " line " + std::to_string(problem.source().begin.line) +
                                                ": " + std::string(problem.description()));
  }
}

base::Status ReadSerial(RecordTable& record, SerialDefaults& serial) {
  return record.Table("serial", [&serial](RecordTable& table) -> base::Status {
    EVERTILL_ASSIGN(serial.baud, table.Number("baud", serial.baud, 300, 921600));
    EVERTILL_ASSIGN(serial.data_bits, table.Number("bits", serial.data_bits, 7, 8));
    EVERTILL_ASSIGN(serial.stop_bits, table.Number("stop", serial.stop_bits, 1, 2));
    EVERTILL_ASSIGN(const std::string parity, table.Text("parity", "none"));
    if (parity != "none" && parity != "even" && parity != "odd") return table.Problem("parity", "none, even or odd");
    serial.parity = parity == "even" ? link::Parity::kEven : parity == "odd" ? link::Parity::kOdd : link::Parity::kNone;
    EVERTILL_ASSIGN(const std::string flow, table.Text("flow", "none"));
    if (flow != "none" && flow != "hardware" && flow != "software") {
      return table.Problem("flow", "none, hardware or software");
    }
    serial.flow = flow == "hardware"   ? link::FlowControl::kHardware
                  : flow == "software" ? link::FlowControl::kSoftware
                                       : link::FlowControl::kNone;
    return {};
  });
}

base::Expected<link::Address> AddressWith(std::string_view text, const SerialDefaults& serial) {
  EVERTILL_ASSIGN(link::Address address, link::ParseAddress(text));
  auto* port = std::get_if<link::SerialAddress>(&address);
  if (port != nullptr && text.find('?') == std::string_view::npos) {
    port->baud = serial.baud;
    port->data_bits = serial.data_bits;
    port->parity = serial.parity;
    port->stop_bits = serial.stop_bits;
    port->flow = serial.flow;
  }
  return address;
}

}  // namespace evertill::devices::record
