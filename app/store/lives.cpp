#include "app/store/lives.h"

#include "app/store/identity.h"

namespace evertill::store {
namespace {

base::Expected<std::optional<Life>> WithEnd(sqlite::Connection& db, sqlite::Statement& query) {
  EVERTILL_ASSIGN(const bool row, query.Step());
  if (!row) return std::optional<Life>();
  Life life{query.Int(0), query.Int(1), std::nullopt};
  EVERTILL_ASSIGN(auto next, db.Prepare("SELECT min(base_place) FROM life WHERE base_place > ?1"));
  EVERTILL_ASSIGN([[maybe_unused]] const bool any, next.Bind(life.base).Step());
  life.end = next.OptionalInt(0);
  return std::optional(life);
}

}  // namespace

base::Expected<std::optional<Life>> LifeAt(sqlite::Connection& db, int64_t place) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT base_place, incarnation FROM life WHERE base_place < ?1 "
                                         "ORDER BY base_place DESC LIMIT 1"));
  query.Bind(place);
  return WithEnd(db, query);
}

base::Expected<std::optional<Life>> LifeOf(sqlite::Connection& db, int64_t incarnation) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT base_place, incarnation FROM life WHERE incarnation = ?1"));
  query.Bind(incarnation);
  return WithEnd(db, query);
}

base::Status AddLife(sqlite::Connection& db, int64_t base, int64_t incarnation) {
  EVERTILL_ASSIGN(auto insert, db.Prepare("INSERT INTO life(base_place, incarnation) VALUES (?1, ?2)"));
  return insert.Bind(base, incarnation).Run();
}

base::Expected<domain::ReceiptNumber> ReceiptAt(sqlite::Connection& db, const domain::Terminal& terminal, int64_t place,
                                                int64_t number) {
  EVERTILL_ASSIGN(const auto life, LifeAt(db, place));
  domain::Terminal then = terminal;
  if (life) then.incarnation = life->incarnation;
  return FormatReceipt(then, number);
}

base::Expected<std::optional<int64_t>> ReceiptCounter(sqlite::Connection& db, const domain::Terminal& terminal,
                                                      std::string_view receipt) {
  EVERTILL_ASSIGN(auto lives, db.Prepare("SELECT incarnation FROM life ORDER BY base_place DESC"));
  for (;;) {
    EVERTILL_ASSIGN(const bool row, lives.Step());
    if (!row) return std::optional<int64_t>();
    domain::Terminal then = terminal;
    then.incarnation = lives.Int(0);
    const auto number = ParseReceipt(then, receipt);
    if (!number) continue;
    // Each number stands in one life only.
    EVERTILL_ASSIGN(auto sale, db.Prepare("SELECT seq FROM sale WHERE number = ?1"));
    EVERTILL_ASSIGN(const bool sold, sale.Bind(*number).Step());
    if (!sold) return std::optional<int64_t>();
    EVERTILL_ASSIGN(const auto life, LifeAt(db, sale.Int(0)));
    return life && life->incarnation == then.incarnation ? number : std::nullopt;
  }
}

}  // namespace evertill::store
