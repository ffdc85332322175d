#pragma once

#include <optional>

#include "app/checkout/sync_port.h"
#include "app/store/database.h"

namespace evertill::store {

/// What enrolment gave, sealed under meta.enrolment. Nothing where this till was never enrolled.
[[nodiscard]] base::Expected<std::optional<checkout::Enrolment>> LoadEnrolment(sqlite::Connection& db,
                                                                               const Keys& keys);
[[nodiscard]] base::Status SaveEnrolment(Database& database, sqlite::Connection& db,
                                         const checkout::Enrolment& enrolment);
/// Whether this till was ever enrolled, without opening what is sealed.
[[nodiscard]] base::Expected<bool> IsEnrolled(sqlite::Connection& db);
/// "1-5f3a…", as rights and lists name a life of head office.
[[nodiscard]] std::string EpochName(const checkout::Epoch& epoch);

}  // namespace evertill::store
