#pragma once

#include "app/base/expected.h"
#include "app/sqlite/connection.h"

namespace evertill::sqlite {

enum class TransactionKind {
  kImmediate,  ///< takes the right to write at once, so that a busy file is told before any work
  kDeferred,   ///< for consistent reading
};

/// All or nothing: rolls back when it goes away without Commit().
class Transaction {
 public:
  [[nodiscard]] static base::Expected<Transaction> Begin(Connection& connection,
                                                         TransactionKind kind = TransactionKind::kImmediate);
  ~Transaction();
  Transaction(Transaction&& other) noexcept : connection_(other.connection_) { other.connection_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// After kIo or kDiskFull the transaction may have been committed all the same: reopen and look, never just retry.
  [[nodiscard]] base::Status Commit();
  void Rollback();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace evertill::sqlite
