#pragma once

#include <optional>
#include <string>

#include "app/checkout/ports.h"
#include "app/checkout/receipt_links.h"
#include "app/domain/receipt.h"
#include "app/domain/sale.h"
#include "app/domain/shift_report.h"
#include "app/domain/slips.h"
#include "app/presenters/receipt_templates.h"
#include "app/presenters/shop_facts.h"
#include "app/presenters/words.h"

namespace evertill::presenters {

/// A full tax invoice, made out on request (Thailand: Revenue Code s. 86/4).
struct TaxInvoice {
  std::string number;  ///< of its own series; empty: the receipt's number
  std::string buyer_name;
  std::string buyer_address;
  std::string buyer_tax_id;
  std::string buyer_branch;  ///< "สำนักงานใหญ่", "สาขาที่ 00001"
};

struct ReceiptOptions {
  bool copy = false;                        ///< marked as a copy; opens no drawer
  bool drawer_kick = true;                  ///< on cash
  checkout::ReceiptLinks* links = nullptr;  ///< what the QR code says; the bare receipt number without it
  ShopFacts shop{};
  const ReceiptTemplates* templates = nullptr;  ///< outlives what composes; what is built in without them
  std::string paper{};                          ///< one of kPaperNames; empty: sale, refund or copy, as it is
  std::string language{};                       ///< empty: the member's, or the till's
  std::optional<TaxInvoice> invoice{};          ///< for the paper "tax-invoice"
  std::optional<domain::PictureElement> logo{};
};

/// What a sale's or refund's receipt says, in the member's language or the till's. Points are marked provisional where
/// they are. Only "sale" and "refund" open the drawer.
[[nodiscard]] domain::ReceiptDocument ComposeSaleReceipt(const domain::Sale& sale, const checkout::TillIdentity& till,
                                                         const ReceiptOptions& options);
/// In the till's language: "x-report" or "z-report".
[[nodiscard]] domain::ReceiptDocument ComposeShiftReport(const domain::ShiftReport& report,
                                                         const checkout::TillIdentity& till,
                                                         const ReceiptOptions& options);
[[nodiscard]] domain::ReceiptDocument ComposeParkedSlip(const domain::ParkedSlip& slip,
                                                        const checkout::TillIdentity& till,
                                                        const ReceiptOptions& options);
/// In the member's language.
[[nodiscard]] domain::ReceiptDocument ComposeMemberCard(const domain::MemberCard& card,
                                                        const checkout::TillIdentity& till,
                                                        const ReceiptOptions& options);
[[nodiscard]] domain::ReceiptDocument ComposeShelfLabel(const domain::ShelfLabel& label,
                                                        const checkout::TillIdentity& till,
                                                        const ReceiptOptions& options);

/// What the templates of these papers may speak of, filled in.
[[nodiscard]] Fields SaleFields(const domain::Sale& sale, const checkout::TillIdentity& till,
                                const ReceiptOptions& options, const Words& words);
[[nodiscard]] Fields ShiftReportFields(const domain::ShiftReport& report, const checkout::TillIdentity& till,
                                       const ReceiptOptions& options, const Words& words);
[[nodiscard]] Fields ParkedSlipFields(const domain::ParkedSlip& slip, const checkout::TillIdentity& till,
                                      const ReceiptOptions& options, const Words& words);
[[nodiscard]] Fields MemberCardFields(const domain::MemberCard& card, const checkout::TillIdentity& till,
                                      const ReceiptOptions& options, const Words& words);
[[nodiscard]] Fields ShelfLabelFields(const domain::ShelfLabel& label, const checkout::TillIdentity& till,
                                      const ReceiptOptions& options, const Words& words);

}  // namespace evertill::presenters
