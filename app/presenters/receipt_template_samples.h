#pragma once

#include <string>

#include "app/presenters/receipt_composer.h"

namespace evertill::presenters {

/// A made-up shop and a busy sale in it, so that a template can be looked at before a customer does, and checked when
/// it is read: every field has something to say. "vi" is a shop in Vietnam, "en" and "th" one in Thailand.
[[nodiscard]] checkout::TillIdentity SampleTill(const std::string& language);
[[nodiscard]] ShopFacts SampleShop(const std::string& language);
[[nodiscard]] domain::Sale SampleSale(const std::string& language);
[[nodiscard]] domain::Sale SampleRefund(const std::string& language);
[[nodiscard]] domain::ShiftReport SampleShiftReport(const std::string& language, domain::ShiftReport::Kind kind);
[[nodiscard]] domain::ParkedSlip SampleParkedSlip(const std::string& language);
[[nodiscard]] domain::MemberCard SampleMemberCard(const std::string& language);
[[nodiscard]] domain::ShelfLabel SampleShelfLabel(const std::string& language);

/// One of kPaperNames with all of this, in `language`. Shop, links, language and paper of `options` are overwritten.
[[nodiscard]] domain::ReceiptDocument ComposeSample(const std::string& paper, const std::string& language,
                                                    ReceiptOptions options);
/// Every name that the template of this paper may use.
[[nodiscard]] Fields SampleFields(const std::string& paper);

}  // namespace evertill::presenters
