#include "app/store/rights_summary.h"

#include <algorithm>

namespace evertill::store {

base::Expected<RightsSummary> SummariseRights(Database& database) {
  const auto load = [&](sqlite::Connection& db) -> base::Expected<RightsSummary> {
    RightsSummary summary;
    EVERTILL_ASSIGN(auto query, db.Prepare("SELECT (SELECT count(*) FROM grant_held WHERE closed = 0), "
                                           "(SELECT coalesce(sum(left), 0) FROM right_lot WHERE account = 'ESCROW'), "
                                           "(SELECT coalesce(sum(left), 0) FROM right_lot WHERE account = 'LOCAL'), "
                                           "(SELECT count(*) FROM grant_held WHERE closed = 1), "
                                           "(SELECT count(*) FROM permit WHERE closed = 0), "
                                           "(SELECT coalesce(sum(amount), 0) FROM reservation)"));
    EVERTILL_ASSIGN([[maybe_unused]] const bool row, query.Step());
    summary.grants = query.Int(0);
    summary.grant_points = query.Int(1);
    summary.local_points = query.Int(2);
    summary.grants_returned = query.Int(3);
    summary.permits = query.Int(4);
    summary.reserved = query.Int(5);
    summary.clock_unsafe = database.GetBusinessClock().IsUnsafe();
    EVERTILL_ASSIGN(summary.revocations, GetMetaNumber(db, "revocations_version"));
    EVERTILL_ASSIGN(const int64_t as_of, GetMetaNumber(db, "denylist_as_of_ms"));
    EVERTILL_ASSIGN(const int64_t next, GetMetaNumber(db, "denylist_next_ms"));
    if (std::max(as_of, next) > 0) summary.last_hello = base::FromUnixMillis(std::max(as_of, next));
    return summary;
  };
  return database.Read(Reader::kBackground, load);
}

}  // namespace evertill::store
