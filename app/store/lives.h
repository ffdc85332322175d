#pragma once

#include <optional>

#include "app/base/expected.h"
#include "app/domain/ids.h"
#include "app/sqlite/connection.h"

namespace evertill::store {

/// One incarnation of this till: the events at places base + 1 to end are its chain, seq 1, 2, ….
struct Life {
  int64_t base = 0;
  int64_t incarnation = 1;
  std::optional<int64_t> end;  ///< last place; none for the life that goes on
};

/// The life whose chain the event at `place` (from 1) is in, or will be. None while nothing was written.
[[nodiscard]] base::Expected<std::optional<Life>> LifeAt(sqlite::Connection& db, int64_t place);
[[nodiscard]] base::Expected<std::optional<Life>> LifeOf(sqlite::Connection& db, int64_t incarnation);
[[nodiscard]] base::Status AddLife(sqlite::Connection& db, int64_t base, int64_t incarnation);

/// The number of the sale that has this receipt number, of this or an earlier life of `terminal`; none for other texts.
/// Numbers go on from life to life, so that none is given twice.
[[nodiscard]] base::Expected<std::optional<int64_t>> ReceiptCounter(sqlite::Connection& db,
                                                                    const domain::Terminal& terminal,
                                                                    std::string_view receipt);
/// How the sale at `place` was numbered.
[[nodiscard]] base::Expected<domain::ReceiptNumber> ReceiptAt(sqlite::Connection& db, const domain::Terminal& terminal,
                                                              int64_t place, int64_t number);

}  // namespace evertill::store
