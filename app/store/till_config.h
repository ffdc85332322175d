#pragma once

#include <filesystem>
#include <string>

#include "app/base/expected.h"

namespace evertill::store {

/// DIR/till.toml: what belongs to this counter's hardware and may be edited by hand. Every key is optional.
struct TillConfig {
  std::string printer;          ///< [printer] address: "tcp://HOST[:PORT]", "file:PATH"; empty: no printer
  int paper_mm = 80;            ///< [printer] paper_mm: 80 or 58
  std::string theme = "light";  ///< [screen] theme: "light" or "dark"
};

/// Defaults where the file is absent. kBadConfig names file, line and reason; an unknown key is an error, since a
/// misspelt one would be silently without effect.
[[nodiscard]] base::Expected<TillConfig> LoadTillConfig(const std::filesystem::path& dir);
/// Writes a commented file; an existing one is left alone.
[[nodiscard]] base::Status WriteTillConfig(const std::filesystem::path& dir, const TillConfig& config);

}  // namespace evertill::store
