#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/domain/ids.h"
#include "app/domain/product.h"
#include "app/domain/sale.h"

namespace evertill::checkout {

/// The basket as it is kept for a crash: enough to ring it again at the same prices, without looking anything up.
struct KeptBasket {
  struct Line {
    domain::Product product;
    domain::Quantity quantity;
  };
  domain::EventId sale_id;  ///< already chosen, so that a sale that was committed just before the crash is recognised
  std::vector<Line> lines;
  std::vector<domain::Tender> tenders;
  std::optional<domain::MemberId> member;
  int32_t age_confirmed = 0;
};

[[nodiscard]] std::string EncodeBasket(const KeptBasket& basket);
/// kBadEvent for anything but EncodeBasket's form in `currency`.
[[nodiscard]] base::Expected<KeptBasket> DecodeBasket(std::string_view text, domain::Currency currency);

}  // namespace evertill::checkout
