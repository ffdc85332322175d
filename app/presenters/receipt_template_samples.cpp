#include "app/presenters/receipt_template_samples.h"

namespace evertill::presenters {
namespace {

using domain::Currency;
using domain::Money;
using domain::Quantity;
using domain::SaleLine;

// 22 November 2026, a quarter past ten in Bangkok and Hanoi.
constexpr int64_t kAtMs = 1'795'317'300'000;

bool InVietnam(const std::string& language) {
  return language == "vi";
}

Currency CurrencyOf(const std::string& language) {
  return *Currency::Find(InVietnam(language) ? "VND" : "THB");
}

class SampleLink final : public checkout::ReceiptLinks {
 public:
  base::Expected<std::string> LinkFor(const domain::Sale& sale) override {
    return "https://hq.example/r#" + sale.receipt.Value() + ".k7Qe2mXw9TzP4vB1nHs6cA";
  }
};

struct Row {
  const char* barcode;
  const char* name;
  int64_t milli;  ///< quantity in thousandths
  int64_t price;  ///< minor units
  int64_t discount;
  bool weighed;
  int32_t rate;  ///< thousandths of a percent
};

constexpr Row kThaiRows[] = {
    {"8850000000010", "นมสดพาสเจอร์ไรซ์ รสจืด 830 มล.", 2000, 4975, 0, false, 7000},
    {"8850000000027", "น้ำปลาแท้ ตราปลาหมึก 700 มล.", 1000, 3800, 0, false, 7000},
    {"8934000000017", "Cà phê sữa đá hòa tan Trung Nguyên G7 3 trong 1", 1000, 14500, 0, false, 7000},
    {"8850000000034", "กุ้งแห้งป่น ตราผู้ใหญ่ลี", 2000, 6000, 1200, false, 7000},
    {"2100012007283", "มะม่วงน้ำดอกไม้", 728, 11875, 0, true, 0},
    {"5449000000996", "Coca-Cola Zero Sugar 325 ml", 60000, 1900, 0, false, 7000},
    {"8850000000041", "ข้าวหอมมะลิใหม่ต้นฤดู 100% ตราฉัตร ถุง 5 กิโลกรัม", 1000, 23900, 0, false, 7000},
};

constexpr Row kVietnameseRows[] = {
    {"8934000000017", "Cà phê sữa đá hòa tan Trung Nguyên G7 3 trong 1", 2000, 58000, 0, false, 8000},
    {"8934000000024", "Nước mắm Phú Quốc Nhĩ Cá Đệ Nhất 40°N 500 ml", 1000, 165000, 0, false, 8000},
    {"8934000000031", "Sữa chua uống Vinamilk hương cam", 4000, 7500, 3000, false, 8000},
    {"2100012007283", "Xoài cát Hòa Lộc", 728, 95000, 0, true, 5000},
    {"8934000000048", "Rượu nếp cẩm Sơn Tinh 500 ml", 1000, 210000, 0, false, 10000},
    {"8850000000034", "กุ้งแห้งป่น ตราผู้ใหญ่ลี", 1000, 45000, 0, false, 8000},
    {"8934000000055", "Bánh tráng nướng Đà Lạt vị phô mai trứng muối hộp 10 cái", 1000, 89000, 0, false, 8000},
};

SaleLine Line(const Row& row, int number, Currency currency, int64_t sign) {
  const Money price(row.price, currency);
  const auto quantity = Quantity::FromMicro(sign * row.milli * 1000);
  const Money gross = *price.Times(quantity, domain::Rounding::kHalfUp);
  const Money discount(sign * row.discount, currency);
  const Money total = gross - discount;
  const domain::TaxRate rate{"VAT", row.rate};
  const Money tax = total.Scaled(row.rate, 100'000 + row.rate, domain::Rounding::kHalfUp);
  return {number,      row.barcode,
          row.barcode, row.name,
          "",          row.weighed ? domain::SellUnit::kKilogram : domain::SellUnit::kEach,
          quantity,    price,
          gross,       discount,
          total,       rate,
          tax,         0};
}

void AddUp(domain::Sale& sale) {
  for (const SaleLine& line : sale.lines) {
    sale.totals.subtotal += line.gross;
    sale.totals.savings += line.discount;
    sale.totals.total += line.total;
    sale.totals.tax += line.tax;
    auto row = sale.tax_rows.begin();
    while (row != sale.tax_rows.end() && row->rate != line.tax_rate) ++row;
    if (row == sale.tax_rows.end()) {
      const Money zero = Money::Zero(line.total.GetCurrency());
      row = sale.tax_rows.insert(row, {line.tax_rate, zero, zero});
    }
    row->net += line.total - line.tax;
    row->tax += line.tax;
  }
}

domain::Sale EmptySale(const std::string& language) {
  const Money zero = Money::Zero(CurrencyOf(language));
  const auto till = SampleTill(language);
  domain::Sale sale{
      .id = {},
      .terminal = till.terminal,
      .seq = 123,
      .receipt = domain::ReceiptNumber("L03-000123"),
      .at = base::FromUnixMillis(kAtMs),
      .cashier = {},
      .cashier_name = InVietnam(language) ? "Ngọc"
                      : language == "th"  ? "นกน้อย"
                                          : "Nok",
      .shift = {},
      .lines = {},
      .totals = {zero, zero, zero, zero, zero},
      .tax_rows = {},
      .tax_mode = domain::TaxMode::kInclusive,
      .tenders = {},
      .change = zero,
      .member = domain::SaleMember{{}, InVietnam(language) ? "Nguyễn Thị Phượng" : "คุณปิ่นแก้ว สุขใจ", "4821", language},
      .points = {}};
  return sale;
}

void AddRows(domain::Sale& sale, const std::string& language, size_t most, int64_t sign) {
  const Currency currency = CurrencyOf(language);
  const std::span<const Row> rows = InVietnam(language) ? std::span<const Row>(kVietnameseRows) : kThaiRows;
  for (const Row& row : rows.first(std::min(most, rows.size()))) {
    sale.lines.push_back(Line(row, static_cast<int>(sale.lines.size()) + 1, currency, sign));
  }
  AddUp(sale);
}

}  // namespace

checkout::TillIdentity SampleTill(const std::string& language) {
  return {{domain::StoreCode("S01"), domain::TillCode("L03"), 1},
          CurrencyOf(language),
          language,
          InVietnam(language) ? "Tạp hóa Vườn Nhà" : "บ้านสวนมินิมาร์ท",
          std::nullopt};
}

ShopFacts SampleShop(const std::string& language) {
  if (InVietnam(language)) {
    return {"Công ty TNHH Thương mại Vườn Nhà",
            "0312345678",
            "Chi nhánh Quận 3",
            "45/7 Nguyễn Đình Chiểu, Phường 6, Quận 3, Thành phố Hồ Chí Minh",
            "028 3930 1234",
            "C26TVN-L03",
            "Đổi trả hàng trong 7 ngày, kèm theo phiếu này.",
            "Cảm ơn quý khách. Hẹn gặp lại!"};
  }
  const bool thai = language == "th";
  return {thai ? "บริษัท บ้านสวนค้าปลีก จำกัด" : "Baan Suan Retail Co., Ltd.",
          "0105561234567",
          thai ? "สาขาที่ 00001" : "Branch 00001",
          thai ? "88/12 ซอยสุขุมวิท 71 แขวงพระโขนงเหนือ เขตวัฒนา กรุงเทพฯ 10110"
               : "88/12 Soi Sukhumvit 71, Phra Khanong Nuea, Watthana, Bangkok 10110",
          "02-123-4567",
          "E05120003A0123",
          thai ? "เปลี่ยนหรือคืนสินค้าได้ภายใน 7 วัน พร้อมใบเสร็จนี้" : "Bring it back within 7 days, with this receipt.",
          thai ? "ขอบคุณที่อุดหนุน โอกาสหน้าเชิญใหม่" : "Thank you. See you again!"};
}

domain::Sale SampleSale(const std::string& language) {
  domain::Sale sale = EmptySale(language);
  const Currency currency = CurrencyOf(language);
  AddRows(sale, language, 99, 1);
  const Money points(InVietnam(language) ? 20'000 : 2'000, currency);
  Money due = sale.totals.total - points;
  const Money paid = due.RoundedTo(InVietnam(language) ? 1'000 : 25, domain::Rounding::kHalfUp);
  sale.totals.rounding = paid - due;
  const Money given(InVietnam(language) ? 800'000 : 200'000, currency);
  sale.tenders = {{domain::TenderKind::kPoints, points, points}, {domain::TenderKind::kCash, due, given}};
  sale.change = given - paid;
  sale.points = {.before = 1240, .earned = 67, .spent = 200, .after = 1107, .provisional = true};
  return sale;
}

domain::Sale SampleRefund(const std::string& language) {
  domain::Sale sale = EmptySale(language);
  sale.receipt = domain::ReceiptNumber("L03-000131");
  AddRows(sale, language, 3, -1);
  const Money points(InVietnam(language) ? -20'000 : -2'000, CurrencyOf(language));
  const Money kept = Money(InVietnam(language) ? 500 : 50, CurrencyOf(language));
  const Money cash = sale.totals.total - points + kept;
  sale.tenders = {{domain::TenderKind::kPoints, points, points},
                  {domain::TenderKind::kPoints, -kept, -kept},
                  {domain::TenderKind::kCash, cash, cash}};
  sale.points = {.before = 1107, .earned = -9, .spent = -200, .after = 1303, .provisional = true};
  sale.points.withheld = 5;
  sale.refund = domain::RefundOf{{}, domain::ReceiptNumber("L03-000123"), {}};
  return sale;
}

domain::ShiftReport SampleShiftReport(const std::string& language, domain::ShiftReport::Kind kind) {
  const Currency currency = CurrencyOf(language);
  const int64_t unit = InVietnam(language) ? 1'000 : 100;
  const auto money = [&](int64_t amount) { return Money(amount * unit, currency); };
  domain::ShiftReport report(currency);
  report.kind = kind;
  report.number = 214;
  report.opened = base::FromUnixMillis(kAtMs - 15'300'000);
  report.until = base::FromUnixMillis(kAtMs + 21'600'000);
  report.opened_by = EmptySale(language).cashier_name;
  report.closed_by = report.opened_by;
  report.first_receipt = domain::ReceiptNumber("L03-000018");
  report.last_receipt = domain::ReceiptNumber("L03-000131");
  report.sales = 112;
  report.refunds = 2;
  report.pieces = 1'463;
  report.voids = 3;
  report.no_sales = 1;
  report.gross = money(48'310);
  report.savings = money(1'204);
  report.refunded = money(196);
  report.rounding = Money(-InVietnam(language) * 500 + 25, currency);
  report.net = report.gross - report.savings - report.refunded + report.rounding;
  report.tax_rows = {{{"VAT", InVietnam(language) ? 8'000 : 7'000}, money(39'804), money(2'786)},
                     {{"EXEMPT", 0}, money(4'320), money(0)}};
  if (InVietnam(language)) report.tax_rows.push_back({{"VAT10", 10'000}, money(2'100), money(210)});
  report.tenders = {{domain::TenderKind::kCash, 110, money(46'102)}, {domain::TenderKind::kPoints, 31, money(808)}};
  report.opening_float = money(2'000);
  report.cash_in = money(500);
  report.cash_out = money(20'000);
  report.expected_cash = money(28'602);
  report.counted_cash = money(28'582);
  report.points_earned = 1'536;
  report.points_spent = 8'080;
  report.grand_total = money(9'731'460);
  report.training = false;
  return report;
}

domain::ParkedSlip SampleParkedSlip(const std::string& language) {
  const domain::Sale sale = SampleSale(language);
  return {"PARK-L03-0042",
          sale.at,
          sale.cashier_name,
          InVietnam(language) ? "Quay lại lấy cà phê"
          : language == "th"  ? "ลูกค้ากลับไปหยิบกาแฟ"
                              : "Back for the coffee",
          sale.member->name,
          {sale.lines.begin(), sale.lines.begin() + 3},
          sale.lines[0].total + sale.lines[1].total + sale.lines[2].total};
}

domain::MemberCard SampleMemberCard(const std::string& language) {
  return {SampleSale(language).member->name,
          "1234567890124821",
          "EV1" + std::string("7Qe2mXw9TzP4vB1nHs6cA0RkL5yJd8fUgW3oIxNbVaMqCtZp") + std::string(90, 'K'),
          "Gold",
          language,
          kAtMs - 86'400'000LL * 400};
}

domain::ShelfLabel SampleShelfLabel(const std::string& language) {
  const Currency currency = CurrencyOf(language);
  if (InVietnam(language)) {
    return {"Nước mắm Phú Quốc Nhĩ Cá Đệ Nhất 40°N 500 ml",
            "Fish sauce 40°N 500 ml",
            "NM-0042",
            "8934000000024",
            domain::SellUnit::kEach,
            Money(165'000, currency),
            Money(189'000, currency),
            Money(330'000, currency),
            base::FromUnixMillis(kAtMs)};
  }
  return {"น้ำปลาแท้ ตราปลาหมึก 700 มล.",
          "Squid Brand Fish Sauce 700 ml",
          "FS-0700",
          "8850000000027",
          domain::SellUnit::kEach,
          Money(3'800, currency),
          Money(4'250, currency),
          Money(5'429, currency),
          base::FromUnixMillis(kAtMs)};
}

domain::ReceiptDocument ComposeSample(const std::string& paper, const std::string& language, ReceiptOptions options) {
  SampleLink link;
  const auto till = SampleTill(language);
  options.shop = SampleShop(language);
  options.links = &link;
  options.language = language;
  options.paper = paper;
  if (paper == "sale" || paper == "refund") options.paper.clear();  // as it is at the counter: with the drawer
  options.invoice = TaxInvoice{"T03-000007", "บริษัท สยามเครื่องเขียน จำกัด",
                               "199 ถนนพระราม 4 แขวงคลองเตย เขตคลองเตย กรุงเทพฯ 10110", "0105559876543", "สำนักงานใหญ่"};
  if (paper == "x-report" || paper == "z-report") {
    const auto kind = paper == "z-report" ? domain::ShiftReport::Kind::kZ : domain::ShiftReport::Kind::kX;
    return ComposeShiftReport(SampleShiftReport(language, kind), till, options);
  }
  if (paper == "parked") return ComposeParkedSlip(SampleParkedSlip(language), till, options);
  if (paper == "member-card") return ComposeMemberCard(SampleMemberCard(language), till, options);
  if (paper == "shelf-label") return ComposeShelfLabel(SampleShelfLabel(language), till, options);
  return ComposeSaleReceipt(paper == "refund" ? SampleRefund(language) : SampleSale(language), till, options);
}

Fields SampleFields(const std::string& paper) {
  const auto till = SampleTill("en");
  const auto words = Words::For("en");
  const ReceiptOptions options{.shop = SampleShop("en")};
  if (paper == "x-report" || paper == "z-report") {
    return ShiftReportFields(SampleShiftReport("en", domain::ShiftReport::Kind::kZ), till, options, *words);
  }
  if (paper == "parked") return ParkedSlipFields(SampleParkedSlip("en"), till, options, *words);
  if (paper == "member-card") return MemberCardFields(SampleMemberCard("en"), till, options, *words);
  if (paper == "shelf-label") return ShelfLabelFields(SampleShelfLabel("en"), till, options, *words);
  return SaleFields(SampleSale("en"), till, options, *words);
}

}  // namespace evertill::presenters
