#pragma once

#include <string>
#include <string_view>

#include "app/base/expected.h"
#include "app/checkout/ports.h"

namespace evertill::store {

/// The JSON under meta.identity. kBadStored when it is not what FormatIdentity wrote.
[[nodiscard]] std::string FormatIdentity(const checkout::TillIdentity& identity);
[[nodiscard]] base::Expected<checkout::TillIdentity> ParseIdentity(std::string_view text);
[[nodiscard]] base::Expected<domain::Terminal> TerminalOfIdentity(std::string_view text);

/// "L03-000123"; a later incarnation of the same till says which it is ("L03-2-000123"), so that no number is given
/// twice in a store.
[[nodiscard]] domain::ReceiptNumber FormatReceipt(const domain::Terminal& terminal, int64_t number);
/// The counter in a receipt number of this very till and incarnation; nothing for any other text.
[[nodiscard]] std::optional<int64_t> ParseReceipt(const domain::Terminal& terminal, std::string_view text);

}  // namespace evertill::store
