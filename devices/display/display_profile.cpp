#include "devices/display/display_profile.h"

namespace evertill::devices::display {
namespace {

using record::RecordTable;

base::Expected<DisplayPage> ReadPage(RecordTable& table) {
  DisplayPage page;
  EVERTILL_ASSIGN(const std::string code, table.Text("code"));
  page.code = printer::CodePageByName(code);
  if (!page.code && code != "ascii") {
    std::string known = "ascii";
    for (const printer::CodePage one : printer::kCodePages) known += ", " + std::string(printer::CodePageName(one));
    return table.Problem("code", known);
  }
  EVERTILL_ASSIGN(page.select, table.Bytes("select"));
  EVERTILL_ASSIGN(const std::string marks, table.Text("marks", "stacked"));
  if (marks == "own") {
    page.marks = Marks::kOwn;
  } else if (marks == "none") {
    page.marks = Marks::kNone;
  } else if (marks != "stacked") {
    return table.Problem("marks", "stacked, own or none");
  }
  return page;
}

base::Status ReadProfile(RecordTable& record, DisplayProfile& profile) {
  EVERTILL_ASSIGN(profile.name, record.Text("name"));
  EVERTILL_ASSIGN(const int columns, record.Number("columns", 20, 8, 80));
  profile.columns = static_cast<size_t>(columns);
  EVERTILL_ASSIGN(profile.init, record.Bytes("init"));
  EVERTILL_ASSIGN(profile.top, record.Bytes("top"));
  EVERTILL_ASSIGN(profile.bottom, record.Bytes("bottom"));
  EVERTILL_ASSIGN(profile.line_end, record.Bytes("line_end"));
  if (profile.top.empty() || profile.bottom.empty()) return record.Problem("top", "top and bottom: how to get there");
  EVERTILL_TRY(ReadSerial(record, profile.serial));
  EVERTILL_TRY(record.Tables("page", [&profile](RecordTable& table) -> base::Status {
    EVERTILL_ASSIGN(DisplayPage page, ReadPage(table));
    profile.pages.push_back(std::move(page));
    return {};
  }));
  if (profile.pages.empty()) profile.pages.emplace_back();
  return {};
}

}  // namespace

base::Expected<DisplayProfile> ParseDisplayProfile(const record::RecordText& text) {
  DisplayProfile profile;
  EVERTILL_TRY(record::ReadRecord(text, [&](RecordTable& table) { return ReadProfile(table, profile); }));
  return profile;
}

base::Expected<DisplayProfile> LoadDisplayProfile(std::string_view name,
                                                  std::span<const std::filesystem::path> folders) {
  EVERTILL_ASSIGN(const record::RecordText text, record::FindRecord(name, folders, BuiltInDisplays()));
  return ParseDisplayProfile(text);
}

}  // namespace evertill::devices::display
