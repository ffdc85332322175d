#include "app/store/till_config.h"

#include <fcntl.h>
#include <toml++/toml.h>
#include <unistd.h>
#include <fstream>
#include <initializer_list>
#include <sstream>

#include "app/store/errors.h"

namespace evertill::store {
namespace {

std::string Where(const std::filesystem::path& file, const toml::source_region& source) {
  return file.string() + " line " + std::to_string(source.begin.line) + ": ";
}

base::Status OnlyKeys(const std::filesystem::path& file, const toml::table& table,
                      std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : table) {
    bool found = false;
    for (const auto name : known) found = found || key.str() == name;
    if (!found) {
      return base::Fail(StoreErrc::kBadConfig,
                        Where(file, value.source()) + "unknown key \"" + std::string(key.str()) + "\"");
    }
  }
  return {};
}

base::Status ReadPrinter(const std::filesystem::path& file, const toml::table& table, TillConfig& config) {
  EVERTILL_TRY(OnlyKeys(file, table, {"address", "paper_mm"}));
  if (const auto* node = table.get("address")) {
    const auto text = node->value_exact<std::string>();
    if (!text) return base::Fail(StoreErrc::kBadConfig, Where(file, node->source()) + "address must be text");
    config.printer = *text;
  }
  if (const auto* node = table.get("paper_mm")) {
    const auto paper = node->value_exact<int64_t>();
    if (!paper || (*paper != 58 && *paper != 80)) {
      return base::Fail(StoreErrc::kBadConfig, Where(file, node->source()) + "paper_mm must be 80 or 58");
    }
    config.paper_mm = static_cast<int>(*paper);
  }
  return {};
}

base::Status ReadScreen(const std::filesystem::path& file, const toml::table& table, TillConfig& config) {
  EVERTILL_TRY(OnlyKeys(file, table, {"theme"}));
  if (const auto* node = table.get("theme")) {
    const auto theme = node->value_exact<std::string>();
    if (!theme || (*theme != "light" && *theme != "dark" && *theme != "high-contrast")) {
      return base::Fail(StoreErrc::kBadConfig,
                        Where(file, node->source()) + "theme must be \"light\", \"dark\" or \"high-contrast\"");
    }
    config.theme = *theme;
  }
  return {};
}

}  // namespace

base::Expected<TillConfig> LoadTillConfig(const std::filesystem::path& dir) {
  const std::filesystem::path file = dir / "till.toml";
  TillConfig config;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return config;
  try {
    const toml::table table = toml::parse_file(file.string());
    EVERTILL_TRY(OnlyKeys(file, table, {"printer", "screen"}));
    if (const auto* printer = table["printer"].as_table()) EVERTILL_TRY(ReadPrinter(file, *printer, config));
    if (const auto* screen = table["screen"].as_table()) EVERTILL_TRY(ReadScreen(file, *screen, config));
  } catch (const toml::parse_error& problem) {
    return base::Fail(StoreErrc::kBadConfig, Where(file, problem.source()) + std::string(problem.description()));
  }
  return config;
}

base::Status WriteTillConfig(const std::filesystem::path& dir, const TillConfig& config) {
  const std::filesystem::path file = dir / "till.toml";
  std::error_code error;
  if (std::filesystem::exists(file, error)) return {};
  std::string address = "# address = \"tcp://192.168.1.50:9100\"\n";
  if (!config.printer.empty()) {
    std::ostringstream quoted;
    quoted << toml::value<std::string>(config.printer);
    address = "address = " + quoted.str() + "\n";
  }
  if (const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600); made >= 0) ::close(made);
  std::ofstream out(file);
  out << "# This counter's hardware. Read when the till starts.\n\n[printer]\n"
         "# tcp://HOST[:PORT] or file:PATH. Without it receipts are kept, not printed.\n"
      << address << "paper_mm = " << config.paper_mm << "\n\n[screen]\n# light, dark or high-contrast\ntheme = \""
      << config.theme << "\"\n";
  out.close();
  if (!out) return base::Fail(StoreErrc::kDataDir, file.string() + " cannot be written");
  return {};
}

}  // namespace evertill::store
