#include "app/presenters/receipt_templates.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include "app/base/assets.h"
#include "app/base/check.h"
#include "app/presenters/receipt_template_samples.h"

namespace evertill::presenters {
namespace {

constexpr std::uintmax_t kLargestFile = 256 * 1024;

/// Names of files come from files: never a path.
bool IsFileName(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// The file in the first of `folders` from `level` on that has one; the one built in otherwise. `level` becomes where
/// it was found: folders.size() is what is built in.
std::optional<ReceiptTemplate::Source> FindSource(const std::vector<std::filesystem::path>& folders,
                                                  const std::string& name, size_t& level) {
  if (!IsFileName(name)) return std::nullopt;
  for (; level < folders.size(); ++level) {
    const auto path = folders[level] / (name + ".toml");
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) continue;
    if (std::filesystem::file_size(path, error) > kLargestFile || error) continue;
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.bad()) return ReceiptTemplate::Source{path.string(), std::move(text)};
  }
  for (const auto& [built_in, text] : BuiltInReceiptTexts()) {
    if (built_in == name) return ReceiptTemplate::Source{name + ".toml (built in)", std::string(text)};
  }
  return std::nullopt;
}

}  // namespace

ReceiptTemplates ReceiptTemplates::Load(const std::vector<std::filesystem::path>& folders) {
  ReceiptTemplates all;
  for (const std::string_view paper : kPaperNames) {
    const std::string name(paper);
    const Fields known = SampleFields(name);
    for (size_t level = 0;; ++level) {
      const size_t first = level;
      const auto find = [&](const std::string& used) {
        size_t at = first;
        return FindSource(folders, used, at);
      };
      const auto source = FindSource(folders, name, level);
      EVERTILL_CHECK(source.has_value());
      // A file of the shop's that this one uses may be broken although this one is built in: one folder down at a time.
      level = first;
      auto parsed = ReceiptTemplate::Parse(*source, known, find);
      if (parsed) {
        all.templates_.emplace(name, std::move(*parsed));
        break;
      }
      const bool told = std::any_of(all.problems_.begin(), all.problems_.end(),
                                    [&](const auto& other) { return other.Detail() == parsed.error().Detail(); });
      if (!told) all.problems_.push_back(parsed.error());
      EVERTILL_CHECK(first < folders.size());  // what is built in is right: a test sees to that
    }
  }
  return all;
}

ReceiptTemplates ReceiptTemplates::ForTill(const std::filesystem::path& data_dir) {
  return Load({data_dir / "receipts", base::AssetsDir() / "receipts"});
}

const ReceiptTemplates& ReceiptTemplates::BuiltIn() {
  static const ReceiptTemplates built_in = Load({});
  return built_in;
}

const ReceiptTemplate& ReceiptTemplates::Get(std::string_view name) const {
  const auto found = templates_.find(name);
  EVERTILL_CHECK(found != templates_.end());
  return found->second;
}

}  // namespace evertill::presenters
