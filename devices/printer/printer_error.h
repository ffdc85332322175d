#pragma once

#include <string_view>

namespace evertill::devices::printer {

enum class PrinterErrc {
  kUnreachable,        ///< No such host or file, or the connection is refused or broke. Nothing was sent.
  kTimeout,            ///< No answer in time. Nothing was sent.
  kNotReady,           ///< It says that it cannot print now, or a job before blocks the way. Nothing was sent.
  kWriteFailed,        ///< The file or device refused the job. Nothing of it stayed.
  kProfileInvalid,     ///< A printer profile with a mistake in it.
  kProfileUnknown,     ///< No printer profile of that name.
  kProfileUnwritable,  ///< A profile's file could not be written.
  kAnswerInvalid,      ///< An answer about the test page that cannot be.
};

/// Stable names, part of the contract of the programs.
[[nodiscard]] std::string_view ErrorName(PrinterErrc code);

}  // namespace evertill::devices::printer
