#include "app/store/cashiers.h"

#include <algorithm>
#include <boost/json.hpp>

#include "app/base/uuid.h"
#include "app/checkout/errors.h"
#include "app/domain/text.h"
#include "app/store/errors.h"

namespace evertill::store {
namespace {

namespace json = boost::json;
using checkout::CashierRecord;
using checkout::CheckoutErrc;

constexpr int64_t kFreeTries = 5;
constexpr int64_t kFirstLockMs = 15LL * 60 * 1000;
constexpr int64_t kLongestLockMs = 24LL * 60 * 60 * 1000;
constexpr size_t kLongestName = 60;
constexpr size_t kShortestPin = 4;
constexpr size_t kLongestPin = 64;

struct Stored {
  CashierRecord record;
  std::string pin_hash;
  bool locked = false;
};

int64_t LockMs(int64_t failures) {
  if (failures < kFreeTries) return 0;
  const int64_t doublings = std::min<int64_t>(failures - kFreeTries, 10);
  return std::min(kFirstLockMs << doublings, kLongestLockMs);
}

CashierRecord ReadRecord(const sqlite::Statement& query) {
  CashierRecord record;
  base::Uuid id;
  const auto bytes = query.BlobView(0);
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  record.id = domain::CashierId(id);
  record.name = query.Text(1);
  record.role = checkout::ParseRole(query.TextView(2)).value_or(checkout::Role::kCashier);
  return record;
}

/// Counts the try as a failure, in the transaction that also says whether it is allowed at all.
base::Status CountTry(sqlite::Connection& db, std::string_view name, int64_t now_ms, std::optional<Stored>& stored) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT id, name, role, pin_hash, failures, locked_until_ms FROM cashier "
                                         "WHERE name = ?1"));
  EVERTILL_ASSIGN(const bool found, query.Bind(name).Step());
  if (!found) return {};
  stored.emplace();
  stored->record = ReadRecord(query);
  stored->pin_hash = query.Text(3);
  stored->locked = query.Int(5) > now_ms;
  if (stored->locked) return {};
  const int64_t failures = query.Int(4) + 1;
  const int64_t lock_ms = LockMs(failures);
  EVERTILL_ASSIGN(auto count, db.Prepare("UPDATE cashier SET failures = ?2, locked_until_ms = ?3 WHERE id = ?1"));
  return count
      .Bind(crypto::ByteView(stored->record.id.Value().bytes), failures, lock_ms == 0 ? int64_t{0} : now_ms + lock_ms)
      .Run();
}

}  // namespace

base::Expected<CashierRecord> CashierTable::CheckPin(std::string_view name, std::string_view pin) {
  std::optional<Stored> stored;
  const int64_t now_ms = base::ToUnixMillis(database_.GetClock().Now());
  // A power cut must not give the try back: it is on the disk before the PIN is looked at.
  EVERTILL_TRY(database_.Write(Durability::kPowerCut, [&](Database::Change& change) {
    stored.reset();
    return CountTry(change.db, name, now_ms, stored);
  }));
  const auto& pepper = database_.GetKeys().pepper;
  if (!stored) {
    // As long as for a known name, so that the time does not tell names.
    (void)crypto::HashPin(pin, pepper, database_.GetRandom(), cost_);
    return base::Fail(CheckoutErrc::kWrongPin);
  }
  if (stored->locked) return base::Fail(CheckoutErrc::kLockedOut);
  EVERTILL_ASSIGN(const bool right, crypto::VerifyPin(pin, stored->pin_hash, pepper));
  if (!right) return base::Fail(CheckoutErrc::kWrongPin);
  EVERTILL_TRY(database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(auto clear,
                    change.db.Prepare("UPDATE cashier SET failures = 0, locked_until_ms = 0 WHERE id = ?1"));
    return clear.Bind(crypto::ByteView(stored->record.id.Value().bytes)).Run();
  }));
  return stored->record;
}

base::Status CashierTable::Add(const CashierRecord& cashier, std::string_view pin) {
  if (cashier.name.empty() || cashier.name.size() > kLongestName || domain::CleanText(cashier.name) != cashier.name) {
    return base::Fail(CheckoutErrc::kBadCashier, "a name of 1 to 60 bytes without control characters is needed");
  }
  if (pin.size() < kShortestPin || pin.size() > kLongestPin) {
    return base::Fail(CheckoutErrc::kBadCashier, "a PIN has 4 to 64 characters");
  }
  EVERTILL_ASSIGN(const std::string hash,
                  crypto::HashPin(pin, database_.GetKeys().pepper, database_.GetRandom(), cost_));
  return database_.Write(Durability::kPowerCut, [&](Database::Change& change) -> base::Status {
    EVERTILL_ASSIGN(auto same, change.db.Prepare("SELECT 1 FROM cashier WHERE name = ?1"));
    EVERTILL_ASSIGN(const bool taken, same.Bind(cashier.name).Step());
    if (taken) return base::Fail(CheckoutErrc::kCashierTaken, cashier.name);
    EVERTILL_ASSIGN(auto insert,
                    change.db.Prepare("INSERT INTO cashier(id, name, role, pin_hash) VALUES (?1, ?2, ?3, ?4)"));
    EVERTILL_TRY(
        insert.Bind(crypto::ByteView(cashier.id.Value().bytes), cashier.name, checkout::RoleName(cashier.role), hash)
            .Run());
    domain::Event event;
    event.id = domain::EventId(base::MakeUuidV7(database_.GetClock(), database_.GetRandom()));
    event.core.kind = "cashier_add";
    event.ext = json::serialize(
        json::object{{"cashier", cashier.id.ToString()}, {"role", std::string(checkout::RoleName(cashier.role))}});
    return database_.AppendEvent(change, event, json::serialize(json::object{{"name", cashier.name}}));
  });
}

base::Expected<std::vector<CashierRecord>> CashierTable::List() {
  return database_.Read(Reader::kCounter, [](sqlite::Connection& db) -> base::Expected<std::vector<CashierRecord>> {
    std::vector<CashierRecord> all;
    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT id, name, role FROM cashier ORDER BY name"));
    for (;;) {
      EVERTILL_ASSIGN(const bool row, query.Step());
      if (!row) return all;
      all.push_back(ReadRecord(query));
    }
  });
}

}  // namespace evertill::store
