#pragma once

#include "app/domain/receipt.h"

namespace evertill::test {

/// A receipt as a shop in Bangkok would hand it over: Thai, English and Vietnamese product names, long names, weighed
/// goods, VAT, member's points, QR code, drawer kick and cut. About 30 lines.
[[nodiscard]] domain::ReceiptDocument SampleReceipt();

/// What SampleReceipt()'s QR code says.
inline constexpr const char* kSampleQr = "https://hq.baan-suan.example/r#L03-000123.k7Qe2mXw9TzP4vB1nHs6cA";

}  // namespace evertill::test
