#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/checkout/rights_port.h"
#include "app/domain/ids.h"
#include "app/domain/product.h"
#include "app/domain/sale.h"

namespace evertill::checkout {

/// The basket as it is kept for a crash: enough to ring it again at the same prices, without looking anything up.
struct KeptBasket {
  struct Line {
    domain::Product product;
    domain::Quantity quantity;
    domain::GoodsTrace trace = {};
  };
  domain::EventId sale_id;  ///< already chosen, so that a sale that was committed just before the crash is recognised
  std::vector<Line> lines = {};
  std::vector<domain::Tender> tenders = {};  ///< money
  std::optional<domain::MemberId> member = {};
  int32_t age_confirmed = 0;
  CardLevel level = CardLevel::kNone;
  int64_t points = 0;                   ///< redeemed; taken anew from the rights held
  std::optional<HoldAnswer> hold = {};  ///< what head office holds for sale_id
  bool reserving = false;               ///< sale_id has asked for a hold
};

[[nodiscard]] std::string EncodeBasket(const KeptBasket& basket);
/// kBadEvent for anything but EncodeBasket's form in `currency`.
[[nodiscard]] base::Expected<KeptBasket> DecodeBasket(std::string_view text, domain::Currency currency);

}  // namespace evertill::checkout
