#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace evertill::devices::printer {

/// Character sets that printers and pole displays have. Under which number one is chosen (ESC t n) differs by model:
/// see PrinterProfile::code_pages.
enum class CodePage { kCp437, kCp850, kCp858, kCp1252, kCp874, kCp1258, kTcvn3 };

inline constexpr std::array kCodePages = {CodePage::kCp437, CodePage::kCp850,  CodePage::kCp858, CodePage::kCp1252,
                                          CodePage::kCp874, CodePage::kCp1258, CodePage::kTcvn3};

/// "cp437", "cp850", "cp858", "cp1252", "cp874", "cp1258", "tcvn3".
[[nodiscard]] std::string_view CodePageName(CodePage page);
[[nodiscard]] std::optional<CodePage> CodePageByName(std::string_view name);

/// `text` (UTF-8, Vietnamese letters composed) in `page`; nothing when it has a character that the page has not, or one
/// below space: no text makes a control character. CP1258 writes a Vietnamese tone behind its letter.
[[nodiscard]] std::optional<std::string> ToCodePage(std::string_view text, CodePage page);

/// How many cells `encoded` takes on paper: marks that a printer puts above or below a letter take none.
[[nodiscard]] int CellsOf(std::string_view encoded, CodePage page);

}  // namespace evertill::devices::printer
