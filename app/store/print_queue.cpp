#include "app/store/print_queue.h"

#include <fstream>

#include "app/store/errors.h"
#include "app/store/journal.h"
#include "app/store/lives.h"

namespace evertill::store {
namespace {

using checkout::PrintRecord;
using checkout::PrintState;

bool Waits(PrintState state) {
  return state == PrintState::kQueued || state == PrintState::kFailed;
}

}  // namespace

base::Expected<std::vector<PrintRecord>> PrintTable::Waiting() {
  const auto terminal = database_.Terminal();
  return database_.Read(Reader::kBackground, [&](sqlite::Connection& db) -> base::Expected<std::vector<PrintRecord>> {
    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT p.number, p.state, p.detail, s.seq FROM print_job p "
                                           "LEFT JOIN sale s ON s.number = p.number ORDER BY p.number"));
    std::vector<PrintRecord> waiting;
    for (;;) {
      EVERTILL_ASSIGN(const bool row, query.Step());
      if (!row) return waiting;
      EVERTILL_ASSIGN(auto receipt, ReceiptAt(db, terminal, query.Int(3), query.Int(0)));
      waiting.push_back(
          {std::move(receipt), ParsePrintState(query.TextView(1)).value_or(PrintState::kFailed), query.Text(2)});
    }
  });
}

base::Status PrintTable::SetPrintState(const PrintRecord& record) {
  return database_.Write(Durability::kKill, [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(const auto number, ReceiptCounter(change.db, change.terminal, record.receipt.Value()));
    if (!number) return base::Fail(StoreErrc::kBadStored, "no receipt " + record.receipt.Value());
    const bool waits = Waits(record.state);
    EVERTILL_ASSIGN(auto remove, change.db.Prepare(waits ? "DELETE FROM print_done WHERE number = ?1"
                                                         : "DELETE FROM print_job WHERE number = ?1"));
    EVERTILL_TRY(remove.Bind(*number).Run());
    EVERTILL_ASSIGN(
        auto put,
        change.db.Prepare(waits ? "INSERT OR REPLACE INTO print_job(number, state, detail) VALUES (?1,?2,?3)"
                                : "INSERT OR REPLACE INTO print_done(number, state, detail) VALUES (?1,?2,?3)"));
    return put.Bind(*number, PrintStateName(record.state), record.detail).Run();
  });
}

base::Expected<std::optional<PrintRecord>> PrintTable::PrintStateOf(const domain::ReceiptNumber& receipt) {
  const auto terminal = database_.Terminal();
  return database_.Read(Reader::kCounter, [&](sqlite::Connection& db) -> base::Expected<std::optional<PrintRecord>> {
    EVERTILL_ASSIGN(const auto number, ReceiptCounter(db, terminal, receipt.Value()));
    if (!number) return std::optional<PrintRecord>();
    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT state, detail FROM print_job WHERE number = ?1 "
                                           "UNION ALL SELECT state, detail FROM print_done WHERE number = ?1"));
    EVERTILL_ASSIGN(const bool row, query.Bind(*number).Step());
    if (!row) return std::optional<PrintRecord>();
    return std::optional(
        PrintRecord{receipt, ParsePrintState(query.TextView(0)).value_or(PrintState::kUnknown), query.Text(1)});
  });
}

base::Status NoteStart(Database& database, const std::string& boot_id) {
  return database.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(const auto before, GetMeta(change.db, "boot_id"));
    // An orderly end leaves the key empty; a kill leaves this boot's id, and the kernel has every write.
    if (before && !before->empty() && *before != boot_id) {
      EVERTILL_TRY(
          change.db.Execute("INSERT OR REPLACE INTO print_done(number, state, detail) "
                            "SELECT number, 'unknown', 'the machine went down' FROM print_job; "
                            "DELETE FROM print_job"));
    }
    return SetMeta(change.db, "boot_id", boot_id);
  });
}

base::Status NoteEnd(Database& database) {
  return database.Write(Durability::kPowerCut,
                        [](Database::Change& change) { return SetMeta(change.db, "boot_id", ""); });
}

std::string MachineBootId() {
  std::string id;
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::getline(file, id);
  return id;
}

}  // namespace evertill::store
