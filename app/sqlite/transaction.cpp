#include "app/sqlite/transaction.h"

#include "app/base/log.h"

namespace evertill::sqlite {

base::Expected<Transaction> Transaction::Begin(Connection& connection, TransactionKind kind) {
  EVERTILL_ASSIGN(auto begin, connection.Prepare(kind == TransactionKind::kImmediate ? "BEGIN IMMEDIATE" : "BEGIN"));
  EVERTILL_TRY(begin.Run());
  return Transaction(connection);
}

Transaction::~Transaction() {
  Rollback();
}

base::Status Transaction::Commit() {
  EVERTILL_ASSIGN(auto commit, connection_->Prepare("COMMIT"));
  EVERTILL_TRY(commit.Run());
  connection_ = nullptr;
  return {};
}

void Transaction::Rollback() {
  // SQLite rolls back by itself on some errors; then there is nothing left to do.
  if (connection_ != nullptr && connection_->InTransaction()) {
    auto rollback = connection_->Prepare("ROLLBACK");
    auto done = rollback ? rollback->Run() : base::Status(base::Fail(rollback.error()));
    if (!done) base::LogError("rollback: {}", done.error().ToString());
  }
  connection_ = nullptr;
}

}  // namespace evertill::sqlite
