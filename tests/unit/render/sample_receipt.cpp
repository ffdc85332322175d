#include "tests/unit/render/sample_receipt.h"

namespace evertill::test {
namespace {

using namespace domain;

constexpr TextStyle kNote{TextSize::kSmall, false};
constexpr TextStyle kNoteBold{TextSize::kSmall, true};
constexpr TextStyle kBold{TextSize::kNormal, true};

void AddHead(ReceiptDocument& receipt) {
  receipt.Add(DrawerKickElement{})
      .Add(TextElement{"บ้านสวนมินิมาร์ท", {TextSize::kHuge, true}, TextAlign::kCenter})
      .Add(TextElement{"Baan Suan Mini Mart", kBold, TextAlign::kCenter})
      .Add(TextElement{"88/12 ซอยสุขุมวิท 71 แขวงพระโขนงเหนือ เขตวัฒนา กรุงเทพฯ 10110", kNote, TextAlign::kCenter})
      .Add(TextElement{"โทร. 02-123-4567 · เลขประจำตัวผู้เสียภาษี 0105561234567", kNote, TextAlign::kCenter})
      .Add(SpaceElement{15})
      .Add(TextElement{"ใบเสร็จรับเงิน / ใบกำกับภาษีอย่างย่อ", kBold, TextAlign::kCenter})
      .Add(RuleElement{RuleStyle::kSolid})
      .Add(ColumnsElement{"เลขที่ L03-000123", "22/11/2569 10:15", kNote})
      .Add(ColumnsElement{"สาขา S01 สุขุมวิท 71", "แคชเชียร์: นกน้อย", kNote})
      .Add(RuleElement{RuleStyle::kDashed});
}

void AddLines(ReceiptDocument& receipt) {
  receipt.Add(ColumnsElement{"นมสดพาสเจอร์ไรซ์ รสจืด 830 มล.", "99.50"})
      .Add(TextElement{"2 × 49.75", kNote, TextAlign::kLeft, 2})
      .Add(ColumnsElement{"น้ำปลาแท้ ตราปลาหมึก 700 มล.", "38.00"})
      .Add(ColumnsElement{"Cà phê sữa đá hòa tan Trung Nguyên G7 3 trong 1, hộp 18 gói × 16 g", "145.00"})
      .Add(ColumnsElement{"กุ้งแห้งป่น ตราผู้ใหญ่ลี (ซื้อ 2 ชิ้น ลด 10%)", "120.00"})
      .Add(TextElement{"2 × 60.00", kNote, TextAlign::kLeft, 2})
      .Add(ColumnsElement{"ส่วนลดโปรโมชั่น", "−12.00", kNote, 2})
      .Add(ColumnsElement{"มะม่วงน้ำดอกไม้", "86.45"})
      .Add(TextElement{"0.728 กก. × 118.75", kNote, TextAlign::kLeft, 2})
      .Add(ColumnsElement{"Nước mắm Phú Quốc Nhĩ Cá Đệ Nhất 40°N", "165.00"})
      .Add(ColumnsElement{"Coca-Cola Zero Sugar 325 ml", "1,140.00"})
      .Add(TextElement{"60 × 19.00", kNote, TextAlign::kLeft, 2})
      .Add(ColumnsElement{"ข้าวหอมมะลิใหม่ต้นฤดู 100% ตราฉัตร ถุง 5 กิโลกรัม", "239.00"});
}

void AddSums(ReceiptDocument& receipt) {
  receipt.Add(RuleElement{RuleStyle::kDashed})
      .Add(ColumnsElement{"รวม 68 ชิ้น", "2,032.95"})
      .Add(ColumnsElement{"ส่วนลด", "−12.00"})
      .Add(SpaceElement{5})
      .Add(ColumnsElement{"ยอดสุทธิ", "฿2,020.95", {TextSize::kLarge, true}})
      .Add(SpaceElement{5})
      .Add(ColumnsElement{"เงินสด", "2,100.00"})
      .Add(ColumnsElement{"เงินทอน", "79.05", kBold})
      .Add(ColumnsElement{"ภาษีมูลค่าเพิ่ม 7% (รวมในราคาแล้ว)", "132.21", kNote})
      .Add(RuleElement{RuleStyle::kSolid})
      .Add(ColumnsElement{"สมาชิก คุณปิ่นแก้ว ••• 4821", "Gold", kNoteBold})
      .Add(ColumnsElement{"แต้มก่อนซื้อ", "1,240", kNote, 1})
      .Add(ColumnsElement{"ได้รับครั้งนี้", "+80", kNote, 1})
      .Add(ColumnsElement{"แต้มคงเหลือ", "1,320", kNoteBold, 1});
}

}  // namespace

ReceiptDocument SampleReceipt() {
  ReceiptDocument receipt;
  receipt.language = "th";
  AddHead(receipt);
  AddLines(receipt);
  AddSums(receipt);
  receipt.Add(RuleElement{RuleStyle::kSolid})
      .Add(QrCodeElement{kSampleQr, "L03-000123"})
      .Add(SpaceElement{10})
      .Add(TextElement{"ขอบคุณที่อุดหนุน · Cảm ơn quý khách · Thank you", kBold, TextAlign::kCenter})
      .Add(TextElement{"เปลี่ยนหรือคืนสินค้าได้ภายใน 7 วัน พร้อมใบเสร็จนี้", kNote, TextAlign::kCenter})
      .Add(CutElement{});
  return receipt;
}

}  // namespace evertill::test
