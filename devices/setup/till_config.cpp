#include "devices/setup/till_config.h"

#include <fcntl.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "devices/link/address.h"
#include "devices/record/record_table.h"
#include "devices/setup/setup_error.h"

namespace evertill::devices::setup {
namespace {

using record::RecordTable;

/// One of a few words; `value` is the default.
base::Status Choose(RecordTable& table, std::string_view key, std::initializer_list<std::string_view> choices,
                    std::string& value) {
  EVERTILL_ASSIGN(value, table.Text(key, value));
  if (!table.Has(key) || std::find(choices.begin(), choices.end(), value) != choices.end()) return {};
  std::string list;
  for (const auto choice : choices) list += (list.empty() ? "\"" : ", \"") + std::string(choice) + "\"";
  return table.Problem(key, "must be one of " + list);
}

/// One that nobody can reach is found out when it is used; what is no address at all, here.
base::Status ReadAddress(RecordTable& table, std::string& address) {
  EVERTILL_ASSIGN(address, table.Text("address", {}));
  if (address.empty()) return {};
  if (const auto parsed = link::ParseAddress(address); !parsed) {
    return table.Problem("address", parsed.error().Detail());
  }
  return {};
}

base::Status ReadPrinter(RecordTable& table, TillConfig& config) {
  EVERTILL_TRY(ReadAddress(table, config.printer));
  EVERTILL_ASSIGN(config.printer_profile, table.Text("profile", {}));
  EVERTILL_ASSIGN(config.paper_mm, table.Number("paper_mm", config.paper_mm, 58, 80));
  if (config.paper_mm != 58 && config.paper_mm != 80) return table.Problem("paper_mm", "must be 80 or 58");
  return {};
}

base::Status ReadScreen(RecordTable& table, TillConfig& config) {
  return Choose(table, "theme", {"light", "dark", "high-contrast"}, config.theme);
}

base::Status ReadCustomerScreen(RecordTable& table, TillConfig& config) {
  EVERTILL_ASSIGN(config.customer_screen.on, table.Flag("on", config.customer_screen.on));
  EVERTILL_ASSIGN(config.customer_screen.monitor, table.Number("monitor", 0, 0, 16));
  config.customer_screen.asked_for = config.customer_screen.on;
  return {};
}

base::Status ReadDrawer(RecordTable& table, TillConfig& config) {
  DrawerConfig& drawer = config.drawer;
  EVERTILL_ASSIGN(const std::string where, table.Text("address", "printer"));
  if (where == "printer" || where == "none") {
    drawer.where = where == "none" ? DrawerConfig::Where::kNone : DrawerConfig::Where::kPrinter;
    EVERTILL_ASSIGN(drawer.connector, table.Number("connector", 0, 0, 1));
    return {};
  }
  drawer.where = DrawerConfig::Where::kOwnPort;
  EVERTILL_TRY(ReadAddress(table, drawer.port.address));
  EVERTILL_ASSIGN(drawer.port.open, table.Text("open", drawer.port.open));
  EVERTILL_ASSIGN(drawer.port.pulse, table.Text("pulse", {}));
  EVERTILL_ASSIGN(drawer.port.pulse_ms, table.Number("pulse_ms", drawer.port.pulse_ms, 10, 2000));
  EVERTILL_ASSIGN(drawer.port.sensor, table.Text("sensor", {}));
  EVERTILL_ASSIGN(drawer.port.ask, table.Text("ask", {}));
  EVERTILL_ASSIGN(drawer.port.says_open, table.Text("says_open", {}));
  EVERTILL_ASSIGN(drawer.port.says_closed, table.Text("says_closed", {}));
  EVERTILL_ASSIGN(drawer.port.name, table.Text("name", drawer.port.name));
  if (const auto wiring = drawer::ParseWiring(drawer.port); !wiring) {
    return table.Problem("address", wiring.error().Detail());
  }
  return {};
}

base::Status ReadScale(RecordTable& table, TillConfig& config) {
  EVERTILL_TRY(ReadAddress(table, config.scale.address));
  EVERTILL_ASSIGN(config.scale.protocol, table.Text("protocol", config.scale.protocol));
  EVERTILL_ASSIGN(config.scale.name, table.Text("name", {}));
  return Choose(table, "unit", {"g", "kg", "lb", "oz"}, config.scale.unit);
}

base::Status ReadPole(RecordTable& table, TillConfig& config) {
  EVERTILL_TRY(ReadAddress(table, config.pole.address));
  EVERTILL_ASSIGN(config.pole.profile, table.Text("profile", config.pole.profile));
  EVERTILL_ASSIGN(config.pole.name, table.Text("name", {}));
  return {};
}

base::Status ReadLabelPrinter(RecordTable& table, TillConfig& config) {
  label::LabelSettings& labels = config.label_printer;
  EVERTILL_TRY(ReadAddress(table, labels.address));
  std::string language = "zpl";
  EVERTILL_TRY(Choose(table, "language", {"zpl", "epl"}, language));
  labels.language = language == "epl" ? label::LabelLanguage::kEpl : label::LabelLanguage::kZpl;
  EVERTILL_ASSIGN(labels.size.width_mm, table.Number("width_mm", labels.size.width_mm, 20, 110));
  EVERTILL_ASSIGN(labels.size.height_mm, table.Number("height_mm", labels.size.height_mm, 10, 200));
  EVERTILL_ASSIGN(labels.size.gap_mm, table.Number("gap_mm", labels.size.gap_mm, 0, 20));
  EVERTILL_ASSIGN(labels.size.dpi, table.Number("dpi", labels.size.dpi, 203, 300));
  if (labels.size.dpi != 203 && labels.size.dpi != 300) return table.Problem("dpi", "must be 203 or 300");
  EVERTILL_ASSIGN(labels.name, table.Text("name", labels.name));
  return {};
}

base::Status ReadScanner(RecordTable& table, TillConfig& config) {
  scanner::ScannerSettings settings;
  std::string kind{scanner::ScannerKindName(settings.kind)};
  EVERTILL_TRY(Choose(table, "kind", {"wedge", "evdev", "serial"}, kind));
  settings.kind = *scanner::ParseScannerKind(kind);
  EVERTILL_ASSIGN(settings.name, table.Text("name", {}));
  EVERTILL_ASSIGN(settings.path, table.Text("path", {}));
  EVERTILL_ASSIGN(settings.prefix, table.Text("prefix", {}));
  EVERTILL_ASSIGN(settings.suffix, table.Text("suffix", {}));
  EVERTILL_ASSIGN(settings.gap_ms, table.Number("gap_ms", settings.gap_ms, 1, 60'000));
  EVERTILL_ASSIGN(settings.duplicate_ms, table.Number("duplicate_ms", 0, 0, 60'000));
  EVERTILL_ASSIGN(settings.allow_keyboard, table.Flag("allow_keyboard", false));
  if (const auto checked = scanner::CheckScannerSettings(settings); !checked) {
    return table.Problem("path", checked.error().Detail());
  }
  config.scanners.push_back(std::move(settings));
  return {};
}

base::Status ReadShopBarcode(RecordTable& table, TillConfig& config) {
  domain::ScanPattern pattern;
  std::string meaning{domain::MeaningName(pattern.meaning)};
  EVERTILL_TRY(Choose(table, "meaning", {"weight", "price", "count"}, meaning));
  pattern.meaning = *domain::ParseMeaning(meaning);
  EVERTILL_ASSIGN(pattern.text, table.Text("pattern"));
  if (const auto checked = domain::CheckPattern(pattern); !checked) {
    return table.Problem("pattern", checked.error().Detail());
  }
  config.patterns.push_back(std::move(pattern));
  return {};
}

base::Status ReadShop(RecordTable& table, TillConfig& config) {
  domain::ShopFacts& shop = config.shop;
  EVERTILL_ASSIGN(shop.legal_name, table.Text("legal_name", {}));
  EVERTILL_ASSIGN(shop.tax_id, table.Text("tax_id", {}));
  EVERTILL_ASSIGN(shop.branch, table.Text("branch", {}));
  EVERTILL_ASSIGN(shop.address, table.Text("address", {}));
  EVERTILL_ASSIGN(shop.phone, table.Text("phone", {}));
  EVERTILL_ASSIGN(shop.pos_number, table.Text("pos_number", {}));
  EVERTILL_ASSIGN(shop.return_policy, table.Text("return_policy", {}));
  EVERTILL_ASSIGN(shop.footer, table.Text("footer", {}));
  return {};
}

base::Status ReadAll(RecordTable& root, TillConfig& config) {
  const auto with = [&config](base::Status (*read)(RecordTable&, TillConfig&)) {
    return [&config, read](RecordTable& table) { return read(table, config); };
  };
  EVERTILL_TRY(root.Table("printer", with(ReadPrinter)));
  EVERTILL_TRY(root.Table("screen", with(ReadScreen)));
  EVERTILL_TRY(root.Table("customer_screen", with(ReadCustomerScreen)));
  EVERTILL_TRY(root.Table("drawer", with(ReadDrawer)));
  EVERTILL_TRY(root.Table("scale", with(ReadScale)));
  EVERTILL_TRY(root.Table("pole_display", with(ReadPole)));
  EVERTILL_TRY(root.Table("label_printer", with(ReadLabelPrinter)));
  EVERTILL_TRY(root.Tables("scanner", with(ReadScanner)));
  EVERTILL_TRY(root.Tables("shop_barcode", with(ReadShopBarcode)));
  return root.Table("shop", with(ReadShop));
}

}  // namespace

base::Expected<TillConfig> LoadTillConfig(const std::filesystem::path& dir) {
  const std::filesystem::path file = dir / "till.toml";
  TillConfig config;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return config;
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad()) return base::Fail(SetupErrc::kBadConfig, file.string() + " cannot be read");
  const auto read = record::ReadRecord({text, file.string()}, [&](RecordTable& root) { return ReadAll(root, config); });
  if (!read) return base::Fail(SetupErrc::kBadConfig, read.error().Detail());
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
  out << "# This counter's hardware. Read when the till starts; \"evertillctl doctor\" tries it.\n\n[printer]\n"
         "# tcp://HOST[:PORT], usb:, serial:/dev/ttyUSB0?baud=115200, cups:QUEUE or file:PATH.\n"
         "# Without it receipts are kept, not printed.\n"
      << address << "# A model's name (\"evertillctl printer list\"); without it any ESC/POS printer.\n"
      << "# profile = \"epson-tm-t88\"\npaper_mm = " << config.paper_mm
      << "\n\n[screen]\n# light, dark or high-contrast\ntheme = \"" << config.theme << "\"\n";
  out.close();
  if (!out) return base::Fail(SetupErrc::kCannotWrite, file.string() + " cannot be written");
  return {};
}

}  // namespace evertill::devices::setup
