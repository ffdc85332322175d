#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "devices/link/address.h"
#include "devices/record/record_file.h"

namespace evertill::devices::record {

/// One table of a record, read key by key. Every problem is device_record_invalid with file and line; keys that nobody
/// asked for are a problem too, since they are mostly misspelt ones.
class RecordTable {
 public:
  RecordTable(const toml::table& table, std::string where) : table_(&table), where_(std::move(where)) {}

  [[nodiscard]] bool Has(std::string_view key) const { return table_->contains(key); }
  /// Text; `fallback` when the key is absent.
  [[nodiscard]] base::Expected<std::string> Text(std::string_view key, std::string fallback);
  /// Text that must be there.
  [[nodiscard]] base::Expected<std::string> Text(std::string_view key);
  /// Text in the notation of ParseControlText(), as bytes; "" when absent.
  [[nodiscard]] base::Expected<std::string> Bytes(std::string_view key);
  [[nodiscard]] base::Expected<std::vector<std::string>> Texts(std::string_view key);
  [[nodiscard]] base::Expected<int> Number(std::string_view key, int fallback, int least, int most);
  [[nodiscard]] base::Expected<bool> Flag(std::string_view key, bool fallback);
  /// Calls `read` with the table under `key`, and refuses what it leaves unread; nothing when absent.
  [[nodiscard]] base::Status Table(std::string_view key, const std::function<base::Status(RecordTable&)>& read);
  /// The same for each table of an array of tables.
  [[nodiscard]] base::Status Tables(std::string_view key, const std::function<base::Status(RecordTable&)>& read);
  /// Fails when a key of this table was never asked for.
  [[nodiscard]] base::Status NothingElse() const;

  /// A problem with the value of `key`.
  [[nodiscard]] tl::unexpected<base::Error> Problem(std::string_view key, const std::string& words) const;

 private:
  const toml::node* Take(std::string_view key);

  const toml::table* table_;
  std::string where_;
  std::vector<std::string> taken_;
};

/// Parses a record and hands its top table to `read`; what `read` leaves unread is refused.
[[nodiscard]] base::Status ReadRecord(const RecordText& record, const std::function<base::Status(RecordTable&)>& read);

/// How a serial device talks unless its address says otherwise: the record's table `[serial]` with baud, bits, parity,
/// stop and flow, in the words of devices/link/address.h.
struct SerialDefaults {
  int baud = 9600;
  int data_bits = 8;
  link::Parity parity = link::Parity::kNone;
  int stop_bits = 1;
  link::FlowControl flow = link::FlowControl::kNone;
};
[[nodiscard]] base::Status ReadSerial(RecordTable& record, SerialDefaults& serial);

/// An address where a serial one without settings of its own gets the record's.
/// Errors: device_address_invalid.
[[nodiscard]] base::Expected<link::Address> AddressWith(std::string_view text, const SerialDefaults& serial);

}  // namespace evertill::devices::record
