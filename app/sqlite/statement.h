#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "app/base/expected.h"
#include "app/sqlite/error.h"

struct sqlite3_stmt;

namespace evertill::sqlite {

class Connection;

/// A prepared statement, borrowed from its connection's cache and given back, reset and unbound, when this goes away.
/// Must not outlive the connection; same thread. Parameters count from 1, columns from 0.
///
///     EVERTILL_ASSIGN(auto find, db.Prepare("SELECT name FROM product WHERE barcode = ?1"));
///     EVERTILL_ASSIGN(const bool found, find.Bind(barcode).Step());
///     if (found) return find.Text(0);
class Statement {
 public:
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Binding copies text and bytes. A failure (no such parameter) is kept and told by the next Step() or Run().
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Statement& BindAt(int index, T value) {
    return BindInt(index, static_cast<int64_t>(value));
  }
  Statement& BindAt(int index, bool value) { return BindInt(index, value ? 1 : 0); }
  Statement& BindAt(int index, std::string_view text) { return BindText(index, text); }
  Statement& BindAt(int index, const std::string& text) { return BindText(index, text); }
  Statement& BindAt(int index, const char* text) { return BindText(index, text); }
  Statement& BindAt(int index, std::span<const uint8_t> blob) { return BindBlob(index, blob); }
  Statement& BindAt(int index, std::nullptr_t) { return BindNull(index); }
  Statement& BindAt(int index, std::nullopt_t) { return BindNull(index); }
  template <typename T>
  Statement& BindAt(int index, const std::optional<T>& value) {
    return value ? BindAt(index, *value) : BindNull(index);
  }
  /// Binds all parameters in order, from 1.
  template <typename... Values>
  Statement& Bind(const Values&... values) {
    int index = 0;
    (BindAt(++index, values), ...);
    return *this;
  }

  /// True: a row is there to read. False: done. An error ends the run.
  [[nodiscard]] base::Expected<bool> Step();
  /// Runs to the end and makes ready for the next binding. For statements whose rows do not matter.
  [[nodiscard]] base::Status Run();
  /// Bind(values…).Run() without copying texts and bytes: for the path of a sale.
  template <typename... Values>
  [[nodiscard]] base::Status RunWith(const Values&... values) {
    copies_ = false;
    Bind(values...);
    copies_ = true;
    return Run();  // which lets go of them, also when it fails
  }
  /// Makes ready to run again; bindings are cleared.
  void Reset();

  [[nodiscard]] bool IsNull(int column) const;
  [[nodiscard]] int64_t Int(int column) const;
  [[nodiscard]] bool Bool(int column) const { return Int(column) != 0; }
  [[nodiscard]] std::string Text(int column) const { return std::string(TextView(column)); }
  [[nodiscard]] std::vector<uint8_t> Blob(int column) const;
  /// Valid until the next Step(), Run() or Reset().
  [[nodiscard]] std::string_view TextView(int column) const;
  [[nodiscard]] std::span<const uint8_t> BlobView(int column) const;
  [[nodiscard]] std::optional<int64_t> OptionalInt(int column) const;
  [[nodiscard]] std::optional<std::string> OptionalText(int column) const;
  [[nodiscard]] int ColumnCount() const;
  [[nodiscard]] std::string_view ColumnName(int column) const;

 private:
  friend class Connection;
  Statement(Connection& connection, sqlite3_stmt* statement, bool* in_use)
      : connection_(&connection), statement_(statement), in_use_(in_use) {}
  Statement& BindInt(int index, int64_t value);
  Statement& BindText(int index, std::string_view text);
  Statement& BindBlob(int index, std::span<const uint8_t> blob);
  Statement& BindNull(int index);
  Statement& Keep(int result);
  void GiveBack();

  Connection* connection_;
  sqlite3_stmt* statement_;
  bool* in_use_;  ///< the cache's mark; null when this statement is not cached and is finalized here
  int bind_result_ = 0;
  bool copies_ = true;  ///< false: what is bound outlives the run
};

}  // namespace evertill::sqlite
