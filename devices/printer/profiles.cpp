#include "devices/printer/profiles.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "app/base/assets.h"
#include "devices/printer/printer_error.h"
#include "devices/printer/profile_toml.h"

namespace evertill::devices::printer {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepestLikeness = 4;
constexpr size_t kLongestName = 40;
constexpr std::string_view kBuiltIn[] = {"generic-58", "generic-80"};

void AddNames(std::set<std::string>& names, const fs::path& folder) {
  std::error_code error;
  if (folder.empty()) return;
  for (auto file = fs::directory_iterator(folder, error); !error && file != fs::directory_iterator();
       file.increment(error)) {
    if (file->path().extension() == ".toml" && IsProfileName(file->path().stem().string())) {
      names.insert(file->path().stem().string());
    }
  }
}

}  // namespace

bool IsProfileName(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Profiles Profiles::ForTill(const fs::path& data_dir) {
  return {base::AssetsDir() / "printers", data_dir / "printers"};
}

std::vector<std::string> Profiles::Names() const {
  std::set<std::string> names(std::begin(kBuiltIn), std::end(kBuiltIn));
  AddNames(names, assets_);
  AddNames(names, shop_);
  return {names.begin(), names.end()};
}

base::Expected<PrinterProfile> Profiles::Find(std::string_view name, int paper_mm) const {
  if (name.empty()) return ProfileForPaper(paper_mm);
  return FindWithin(name, false, 0);
}

base::Expected<PrinterProfile> Profiles::FindWithin(std::string_view name, bool skip_shop, int depth) const {
  if (depth > kDeepestLikeness) {
    return base::Fail(PrinterErrc::kProfileInvalid, "profiles are like each other in a circle: " + std::string(name));
  }
  for (const bool own : {true, false}) {
    const fs::path& folder = own ? shop_ : assets_;
    if (folder.empty() || (own && skip_shop) || !IsProfileName(name)) continue;
    const fs::path file = folder / (std::string(name) + ".toml");
    std::ifstream in(file, std::ios::binary);
    if (!in) continue;
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    // A shop's own "xprinter-xp-80" may be like the one that came with the program.
    return ParseProfile(text, file.string(), name,
                        [&, this](std::string_view like) { return FindWithin(like, own && like == name, depth + 1); });
  }
  for (const std::string_view built_in : kBuiltIn) {
    if (name == built_in) return ProfileForPaper(name == "generic-58" ? 58 : 80);
  }
  std::string known;
  for (const std::string& one : Names()) known += (known.empty() ? "" : ", ") + one;
  return base::Fail(PrinterErrc::kProfileUnknown, "\"" + std::string(name) + "\"; there are " + known);
}

base::Expected<fs::path> Profiles::Save(const PrinterProfile& profile) const {
  if (!IsProfileName(profile.name)) {
    return base::Fail(PrinterErrc::kProfileInvalid,
                      "\"" + profile.name + "\": a name has small letters, digits and hyphens only");
  }
  std::error_code error;
  fs::create_directories(shop_, error);
  const fs::path file = shop_ / (profile.name + ".toml");
  const fs::path fresh = shop_ / (profile.name + ".toml.new");
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out << FormatProfile(profile);
  out.close();
  if (out) fs::rename(fresh, file, error);
  if (!out || error) {
    return base::Fail(PrinterErrc::kProfileUnwritable, file.string() + " cannot be written");
  }
  return file;
}

}  // namespace evertill::devices::printer
