#pragma once

#include <string_view>

namespace evertill::devices::record {

enum class RecordErrc {
  kInvalid,  ///< A record that cannot be read: the detail says file, line and why.
  kUnknown,  ///< No record of that name: the detail lists those that there are.
};

/// Stable names, part of the contract of the programs: device_record_invalid, device_record_unknown.
[[nodiscard]] std::string_view ErrorName(RecordErrc code);

}  // namespace evertill::devices::record
