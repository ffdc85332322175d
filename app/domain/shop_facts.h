#pragma once

#include <string>

namespace evertill::domain {

/// What a shop says about itself on paper: `[shop]` of till.toml. Each may be empty; what is empty is not printed.
struct ShopFacts {
  std::string legal_name;  ///< of the firm, where it is not the shop's name
  std::string tax_id;  ///< Thailand: 13 digits; Vietnam: mã số thuế. Without one no receipt calls itself a tax invoice.
  std::string branch;   ///< "สำนักงานใหญ่", "สาขาที่ 00001"
  std::string address;  ///< may have line ends
  std::string phone;
  std::string pos_number;  ///< number under which the tax office registered this till (Thailand: Revenue Code s. 86/6)
  std::string return_policy;  ///< "Bring it back within 7 days, with this receipt."
  std::string footer;         ///< last words; a thank-you where there are none
  bool operator==(const ShopFacts&) const = default;
};

}  // namespace evertill::domain
