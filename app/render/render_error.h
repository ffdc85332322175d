#pragma once

#include <string_view>

namespace evertill::render {

enum class RenderErrc {
  kBadWidth,         ///< Paper narrower or wider than anything sold.
  kCodeTooLong,      ///< More data than the symbol, or the paper, can hold.
  kCodeUnsupported,  ///< A character that the symbology cannot carry.
  kPictureInvalid,   ///< Its size and its bytes do not fit together.
  kReceiptTooLong,   ///< Metres of paper: surely a mistake.
  kDrawingFailed,    ///< Cairo or Pango gave up (no memory).
  kImageUnwritable,  ///< The PNG could not be written.
  kImageUnreadable,  ///< No PNG, or none that can be drawn.
};

/// Stable names, part of the contract of the programs.
[[nodiscard]] std::string_view ErrorName(RenderErrc code);

}  // namespace evertill::render
