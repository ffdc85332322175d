#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "devices/printer/printer_profile.h"

namespace evertill::devices::printer {

/// The printer profiles there are: the shop's own (`DIR/printers/*.toml` of the till), those that came with the program
/// (`printers/*.toml` of its assets), and two that need no file, generic-80 and generic-58. A shop's own goes before
/// one of the same name that came with the program. Reads files at each call: what a shop has edited counts at once.
/// Thread-safe.
class Profiles {
 public:
  /// Neither folder need exist. An empty `shop` means that there is none.
  Profiles(std::filesystem::path assets, std::filesystem::path shop)
      : assets_(std::move(assets)), shop_(std::move(shop)) {}

  /// For a till's data directory, with the assets of the running program.
  [[nodiscard]] static Profiles ForTill(const std::filesystem::path& data_dir);

  /// The profile `name`; with an empty name the generic one for `paper_mm` (under 70: 58 mm).
  /// Errors: printer_profile_unknown (its detail lists the names), printer_profile_invalid (file, line, reason).
  [[nodiscard]] base::Expected<PrinterProfile> Find(std::string_view name, int paper_mm = 80) const;

  /// All names, sorted, without duplicates; files that cannot be read among them.
  [[nodiscard]] std::vector<std::string> Names() const;

  /// Writes DIR/printers/NAME.toml; whole or not at all. Returns the file.
  /// Errors: printer_profile_invalid (a name that is not letters, digits and hyphens), printer_profile_unwritable.
  [[nodiscard]] base::Expected<std::filesystem::path> Save(const PrinterProfile& profile) const;

 private:
  [[nodiscard]] base::Expected<PrinterProfile> FindWithin(std::string_view name, bool skip_shop, int depth) const;

  std::filesystem::path assets_;
  std::filesystem::path shop_;
};

/// Whether a profile may be called so: 1 to 40 small letters, digits and hyphens.
[[nodiscard]] bool IsProfileName(std::string_view name);

}  // namespace evertill::devices::printer
