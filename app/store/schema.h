#pragma once

#include <span>

#include "app/sqlite/migrator.h"

namespace evertill::store {

/// The steps of till.db and catalogue.db, from migrations/till and migrations/catalogue.
[[nodiscard]] std::span<const sqlite::Migration> TillMigrations();
[[nodiscard]] std::span<const sqlite::Migration> CatalogueMigrations();

}  // namespace evertill::store
