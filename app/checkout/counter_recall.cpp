#include "app/base/log.h"
#include "app/checkout/counter.h"
#include "app/checkout/kept_basket.h"

/// The counter's basket across a killed program.
namespace evertill::checkout {

void Counter::KeepBasket() {
  if (saved_) return;
  if (refund_ || (basket_.IsEmpty() && !member_)) {
    ports_.keeper.Keep({});
    return;
  }
  KeptBasket kept{.sale_id = sale_id_, .tenders = tenders_, .age_confirmed = age_confirmed_};
  for (const auto& line : basket_.Lines()) {
    domain::Product product{.row = 0,
                            .barcode = line.barcode,
                            .sku = line.sku,
                            .name = line.name,
                            .names = {},
                            .price = line.unit_price,
                            .tax_code = line.tax_rate.code,
                            .category = {},
                            .unit = line.unit,
                            .min_age = line.min_age,
                            .price_derived = false};
    if (!line.name_other.empty()) product.names["en"] = line.name_other;
    kept.lines.push_back({std::move(product), line.quantity, line.trace});
  }
  if (member_) kept.member = member_->id;
  kept.level = level_;
  kept.points = redemption_ ? redemption_->funding.points : 0;
  kept.hold = hold_;
  kept.reserving = reserving_;
  ports_.keeper.Keep(EncodeBasket(kept));
}

void Counter::RecallBasket() {
  const auto text = ports_.keeper.Kept();
  if (!text || text->empty()) return;
  const auto kept = DecodeBasket(*text, identity_.currency);
  if (!kept) {
    base::LogWarn("a kept basket could not be read: {}", kept.error().Detail());
    return;
  }
  const auto last = ports_.log.LastSale();
  if (!last || (*last && (*last)->id == kept->sale_id)) return;  // it was committed: nothing to ring again
  for (const auto& line : kept->lines) {
    if (!basket_.Add(line.product, line.quantity, line.trace)) return BeginNext();
  }
  sale_id_ = kept->sale_id;
  tenders_ = kept->tenders;
  age_confirmed_ = kept->age_confirmed;
  if (kept->member) {
    if (const auto found = ports_.members.Find(*kept->member); found && *found) {
      member_ = **found;
      level_ = kept->level;
      RecallPoints(*kept);
    }
  }
}

void Counter::RecallPoints(const KeptBasket& kept) {
  hold_ = kept.hold;
  reserving_ = kept.reserving;
  if (kept.points == 0) return;
  auto funding = Fund(kept.points);
  if (!funding) {
    base::LogWarn("points of the kept basket are not redeemed any more: {}", funding.error().ToString());
    return DropPoints();
  }
  TakeFunding(std::move(*funding));
  FitPoints();
}

}  // namespace evertill::checkout
