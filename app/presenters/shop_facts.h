#pragma once

#include <filesystem>
#include <string_view>

#include "app/base/expected.h"
#include "app/domain/shop_facts.h"

namespace evertill::presenters {

using domain::ShopFacts;

enum class ShopFactsErrc { kBadShopFacts };
[[nodiscard]] constexpr std::string_view ErrorName(ShopFactsErrc /*code*/) {
  return "bad_shop_facts";
}

/// The table [shop] of a till.toml; empty where there is no such file or table. kBadShopFacts names file, line and
/// reason; an unknown key is an error, since a misspelt one would be silently without effect.
[[nodiscard]] base::Expected<ShopFacts> LoadShopFacts(const std::filesystem::path& till_toml);

}  // namespace evertill::presenters
