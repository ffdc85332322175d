#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/presenters/receipt_composer.h"

/// What composers of different papers share.
namespace evertill::presenters {

[[nodiscard]] inline const ReceiptTemplates& TemplatesOf(const ReceiptOptions& options) {
  return options.templates != nullptr ? *options.templates : ReceiptTemplates::BuiltIn();
}
/// The template's language where the law wants one, else what was asked for, else `own`.
[[nodiscard]] std::shared_ptr<const Words> WordsFor(const ReceiptTemplate& look, const ReceiptOptions& options,
                                                    const std::string& own);

/// What every template may speak of: the shop, its country, the language.
[[nodiscard]] Fields ShopFields(const checkout::TillIdentity& till, const ReceiptOptions& options, const Words& words);
[[nodiscard]] Fields::List LineRows(const std::vector<domain::SaleLine>& lines, const Words& words);
[[nodiscard]] Fields::List TaxRows(const std::vector<domain::TaxRow>& rows, bool included, const Words& words);
/// Pieces, and each weighed line as one.
[[nodiscard]] int64_t Pieces(const std::vector<domain::SaleLine>& lines);

/// As people of the language write it: "2026-11-22", "22/11/2569" (Thai years count from the Buddha), "22/11/2026".
[[nodiscard]] std::string LocalDate(base::Instant at, const Words& words);
[[nodiscard]] std::string LocalTime(base::Instant at);  ///< "10:15"
/// "0.728", in Vietnamese "0,728".
[[nodiscard]] std::string LocalDecimal(std::string decimal, const Words& words);

}  // namespace evertill::presenters
