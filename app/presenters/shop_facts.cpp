#include "app/presenters/shop_facts.h"

#include <toml++/toml.h>

#include <string>

namespace evertill::presenters {
namespace {

constexpr size_t kLongest = 500;  // bytes; more is no shop's name

std::string* Member(ShopFacts& facts, std::string_view key) {
  if (key == "legal_name") return &facts.legal_name;
  if (key == "tax_id") return &facts.tax_id;
  if (key == "branch") return &facts.branch;
  if (key == "address") return &facts.address;
  if (key == "phone") return &facts.phone;
  if (key == "pos_number") return &facts.pos_number;
  if (key == "return_policy") return &facts.return_policy;
  if (key == "footer") return &facts.footer;
  return nullptr;
}

}  // namespace

base::Expected<ShopFacts> LoadShopFacts(const std::filesystem::path& till_toml) {
  ShopFacts facts;
  std::error_code error;
  if (!std::filesystem::exists(till_toml, error)) return facts;
  const auto bad = [&](const toml::source_region& at, const std::string& reason) {
    return base::Fail(ShopFactsErrc::kBadShopFacts,
                      till_toml.string() + " line " + std::to_string(at.begin.line) + ": " + reason);
  };
  try {
    const toml::table table = toml::parse_file(till_toml.string());
    const auto* node = table.get("shop");
    if (node == nullptr) return facts;
    const auto* shop = node->as_table();
    if (shop == nullptr) return bad(node->source(), "[shop] must be a table");
    for (const auto& [key, value] : *shop) {
      std::string* member = Member(facts, key.str());
      if (member == nullptr) return bad(value.source(), "unknown key \"" + std::string(key.str()) + "\" in [shop]");
      const auto text = value.value_exact<std::string>();
      if (!text || text->size() > kLongest)
        return bad(value.source(), std::string(key.str()) + " must be text of at most 500 bytes");
      *member = *text;
    }
  } catch (const toml::parse_error& problem) {
    return bad(problem.source(), std::string(problem.description()));
  }
  return facts;
}

}  // namespace evertill::presenters
