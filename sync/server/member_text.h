#pragma once

#include <string>

#include "sync/server/records.h"

namespace evertill::server {

/// A member for the command line: one `name: value` a line, or one JSON object on a line.
[[nodiscard]] std::string FormatMember(const MemberRow& member, bool as_json);

}  // namespace evertill::server
