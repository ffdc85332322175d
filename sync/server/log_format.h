#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "sync/server/records.h"

namespace evertill::server {

/// Where a reader is: which life of this head office, and the last row it has. `1-<32 hex>-<commit_seq>`.
[[nodiscard]] std::string FormatCursor(const wire::Epoch& epoch, int64_t position);
/// Empty is the beginning. kBadCursor when it is no cursor; kOtherEpoch when it is one of another life.
[[nodiscard]] base::Expected<int64_t> ParseCursor(std::string_view text, const wire::Epoch& epoch);

/// Rows of the log, one JSON object a line. `body` is the event's exact text.
[[nodiscard]] std::string FormatJsonLines(const std::vector<EventRow>& rows, const wire::Epoch& epoch);
/// The same as CSV (RFC 4180) with a head line and without bodies.
[[nodiscard]] std::string FormatCsv(const std::vector<EventRow>& rows, const wire::Epoch& epoch);

/// One CSV field: quoted where needed, and text that a spreadsheet would run as a formula is made text with a leading
/// apostrophe (OWASP ASVS 1.2.10: = + - @ TAB CR LF).
[[nodiscard]] std::string CsvField(std::string_view text);

/// "49.75"; empty where there is no total.
[[nodiscard]] std::string TotalText(const EventRow& row);

}  // namespace evertill::server
