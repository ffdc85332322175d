#pragma once

#include <string_view>

namespace evertill::devices::printer {

enum class PrinterErrc {
  kAddressInvalid,   ///< Not an address of the forms in printer_address.h.
  kKindUnsupported,  ///< A kind of link that this version doesn't have.
  kUnreachable,      ///< No such host or file, or the connection is refused. Nothing was sent.
  kTimeout,          ///< No answer in time. Nothing was sent.
  kWriteFailed,      ///< The file or device refused the job. Nothing of it stayed.
};

/// Stable names, part of the contract of the programs.
[[nodiscard]] std::string_view ErrorName(PrinterErrc code);

}  // namespace evertill::devices::printer
