#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/base/expected.h"
#include "devices/printer/code_page.h"
#include "devices/record/record_file.h"
#include "devices/record/record_table.h"

namespace evertill::devices::display {

/// What a display makes of marks above and below letters.
enum class Marks {
  kStacked,  ///< They stand on the letter before them and take no column.
  kOwn,      ///< Each takes a column.
  kNone,     ///< It has none: they are left out.
};

/// One character set of a display.
struct DisplayPage {
  std::optional<printer::CodePage> code;  ///< None: ASCII.
  std::string select;                     ///< The command that chooses it.
  Marks marks = Marks::kStacked;
};

/// One kind of display, read from a record.
struct DisplayProfile {
  std::string name;  ///< For people.
  record::SerialDefaults serial;
  size_t columns = 20;
  std::string init;                ///< Once, after connecting: resets and clears.
  std::string top;                 ///< Before the text of the upper line.
  std::string bottom;              ///< Before the text of the lower line.
  std::string line_end;            ///< After each.
  std::vector<DisplayPage> pages;  ///< At least one; of those that lose the least the first is used.
};

/// The profiles that are part of the program.
[[nodiscard]] std::span<const record::BuiltInRecord> BuiltInDisplays();

/// A profile by its name ("cd5220"). `folders`: where to look before the built-in ones, the shop's own first.
/// Errors: device_record_unknown, device_record_invalid.
[[nodiscard]] base::Expected<DisplayProfile> LoadDisplayProfile(std::string_view name,
                                                                std::span<const std::filesystem::path> folders = {});

/// A profile from a record's text.
[[nodiscard]] base::Expected<DisplayProfile> ParseDisplayProfile(const record::RecordText& text);

}  // namespace evertill::devices::display
