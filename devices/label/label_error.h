#pragma once

#include <string_view>

namespace evertill::devices::label {

enum class LabelErrc {
  kSizeInvalid,  ///< Not a size of labels that printers take.
  kTooSmall,     ///< The barcode or the price does not fit this size.
  kNotReady,     ///< The printer says that it has no labels, is open or paused. Nothing was sent.
};

/// Stable names, part of the contract of the programs: label_size_invalid, label_too_small, label_printer_not_ready.
[[nodiscard]] std::string_view ErrorName(LabelErrc code);

}  // namespace evertill::devices::label
