#pragma once

#include <wx/string.h>

#include <string>

namespace evertill::ui {

[[nodiscard]] inline wxString ToWx(const std::string& utf8) {
  return wxString::FromUTF8(utf8.data(), utf8.size());
}
[[nodiscard]] inline std::string FromWx(const wxString& text) {
  return text.utf8_string();
}

/// A written amount in two sizes: what is read first, and the decimals that may be small.
struct AmountParts {
  std::string large;
  std::string small;
};
/// "฿1,042.39" with two decimals is "฿1,042" and ".39"; without decimals all is large.
[[nodiscard]] AmountParts SplitAmount(const std::string& amount, int decimals);

/// Text for SetLabelMarkup: with &, < and > escaped.
[[nodiscard]] std::string EscapeMarkup(const std::string& text);

}  // namespace evertill::ui
