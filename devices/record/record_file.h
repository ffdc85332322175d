#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/base/expected.h"

namespace evertill::devices::record {

/// Name and text of a record that is part of the program, so that it works without its assets.
using BuiltInRecord = std::pair<std::string_view, std::string_view>;

/// The text of one record and where it comes from, for messages.
struct RecordText {
  std::string text;
  std::string where;  ///< A file's path, or "built-in NAME".
};

/// The record `name`: from the first of `folders` that has NAME.toml (the shop's own come first), else built in.
/// Names are of lower-case letters, digits and hyphens. Errors: device_record_unknown, device_record_invalid.
[[nodiscard]] base::Expected<RecordText> FindRecord(std::string_view name,
                                                    std::span<const std::filesystem::path> folders,
                                                    std::span<const BuiltInRecord> built_in);

/// All names that FindRecord() finds, sorted.
[[nodiscard]] std::vector<std::string> RecordNames(std::span<const std::filesystem::path> folders,
                                                   std::span<const BuiltInRecord> built_in);

}  // namespace evertill::devices::record
