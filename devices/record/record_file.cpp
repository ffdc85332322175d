#include "devices/record/record_file.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "devices/record/record_error.h"

namespace evertill::devices::record {
namespace {

constexpr size_t kMaxRecordBytes = 64 * 1024;

bool IsName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

base::Expected<std::string> ReadWhole(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kMaxRecordBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  if (in.bad() || !in.eof()) {
    return base::Fail(RecordErrc::kInvalid, file.string() + ": cannot be read, or is far too long");
  }
  return text;
}

}  // namespace

base::Expected<RecordText> FindRecord(std::string_view name, std::span<const std::filesystem::path> folders,
                                      std::span<const BuiltInRecord> built_in) {
  if (IsName(name)) {
    for (const std::filesystem::path& folder : folders) {
      const std::filesystem::path file = folder / (std::string(name) + ".toml");
      std::error_code error;
      if (!std::filesystem::exists(file, error)) continue;
      EVERTILL_ASSIGN(std::string text, ReadWhole(file));
      return RecordText{std::move(text), file.string()};
    }
    for (const auto& [known, text] : built_in) {
      if (known == name) return RecordText{std::string(text), "built-in " + std::string(name)};
    }
  }
  std::string known;
  for (const std::string& one : RecordNames(folders, built_in)) known += (known.empty() ? "" : ", ") + one;
  return base::Fail(RecordErrc::kUnknown, "\"" + std::string(name) + "\"; there are: " + known);
}

std::vector<std::string> RecordNames(std::span<const std::filesystem::path> folders,
                                     std::span<const BuiltInRecord> built_in) {
  std::set<std::string> names;
  for (const BuiltInRecord& record : built_in) names.emplace(record.first);
  for (const std::filesystem::path& folder : folders) {
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
      const std::filesystem::path& path = entry->path();
      if (path.extension() == ".toml" && IsName(path.stem().string())) names.insert(path.stem().string());
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace evertill::devices::record
