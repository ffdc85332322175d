#pragma once

#include <string>

#include "sync/server/office_members.h"

namespace evertill::server {

/// A member and their points for the command line: one `name: value` a line, or one JSON object on a line.
[[nodiscard]] std::string FormatTruth(const MemberTruth& truth, bool as_json);

}  // namespace evertill::server
