#include "app/sqlite/statement.h"

#include <sqlite3.h>

#include "app/sqlite/connection.h"

namespace evertill::sqlite {

Statement::~Statement() {
  GiveBack();
}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      statement_(std::exchange(other.statement_, nullptr)),
      in_use_(std::exchange(other.in_use_, nullptr)),
      bind_result_(other.bind_result_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  if (this != &other) {
    GiveBack();
    connection_ = other.connection_;
    statement_ = std::exchange(other.statement_, nullptr);
    in_use_ = std::exchange(other.in_use_, nullptr);
    bind_result_ = other.bind_result_;
  }
  return *this;
}

void Statement::GiveBack() {
  if (statement_ == nullptr) return;
  if (in_use_ != nullptr) {
    Reset();
    *in_use_ = false;
  } else {
    sqlite3_finalize(statement_);
  }
  statement_ = nullptr;
}

void Statement::Reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  bind_result_ = SQLITE_OK;
}

Statement& Statement::Keep(int result) {
  if (result != SQLITE_OK && bind_result_ == SQLITE_OK) bind_result_ = result;
  return *this;
}

Statement& Statement::BindInt(int index, int64_t value) {
  return Keep(sqlite3_bind_int64(statement_, index, value));
}

Statement& Statement::BindText(int index, std::string_view text) {
  // An empty view may have no pointer, which SQLite would store as NULL.
  return Keep(sqlite3_bind_text64(statement_, index, text.data() == nullptr ? "" : text.data(), text.size(),
                                  copies_ ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8));
}

Statement& Statement::BindBlob(int index, std::span<const uint8_t> blob) {
  if (blob.empty()) return Keep(sqlite3_bind_zeroblob(statement_, index, 0));
  return Keep(
      sqlite3_bind_blob64(statement_, index, blob.data(), blob.size(), copies_ ? SQLITE_TRANSIENT : SQLITE_STATIC));
}

Statement& Statement::BindNull(int index) {
  return Keep(sqlite3_bind_null(statement_, index));
}

base::Expected<bool> Statement::Step() {
  const int result = bind_result_ != SQLITE_OK ? bind_result_ : sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  auto error = MakeError(sqlite3_db_handle(statement_), result, connection_->Path().native());
  Reset();
  return base::Fail(std::move(error));
}

base::Status Statement::Run() {
  for (;;) {
    EVERTILL_ASSIGN(const bool row, Step());
    if (!row) break;
  }
  Reset();
  return {};
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

int64_t Statement::Int(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::TextView(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

std::span<const uint8_t> Statement::BlobView(int column) const {
  const auto* bytes = static_cast<const uint8_t*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

std::vector<uint8_t> Statement::Blob(int column) const {
  const auto view = BlobView(column);
  return {view.begin(), view.end()};
}

std::optional<int64_t> Statement::OptionalInt(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Int(column);
}

std::optional<std::string> Statement::OptionalText(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Text(column);
}

int Statement::ColumnCount() const {
  return sqlite3_column_count(statement_);
}

std::string_view Statement::ColumnName(int column) const {
  const char* name = sqlite3_column_name(statement_, column);
  return name == nullptr ? std::string_view() : std::string_view(name);
}

}  // namespace evertill::sqlite
