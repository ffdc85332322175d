#include "app/ui/text.h"

#include <cctype>

namespace evertill::ui {

AmountParts SplitAmount(const std::string& amount, int decimals) {
  if (decimals <= 0) return {amount, {}};
  // The last run of exactly `decimals` digits after a separator.
  size_t end = amount.size();
  while (end > 0 && std::isdigit(static_cast<unsigned char>(amount[end - 1])) == 0) --end;
  const auto places = static_cast<size_t>(decimals);
  if (end <= places) return {amount, {}};
  const size_t separator = end - places - 1;
  if (amount[separator] != '.' && amount[separator] != ',') return {amount, {}};
  return {amount.substr(0, separator), amount.substr(separator)};
}

std::string EscapeMarkup(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace evertill::ui
