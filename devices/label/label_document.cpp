#include "devices/label/label_document.h"

#include <string>

namespace evertill::devices::label {
namespace {

using domain::TextAlign;
using domain::TextElement;
using domain::TextSize;

void AddText(domain::ReceiptDocument& document, const std::string& text, TextSize size, bool bold = false,
             TextAlign align = TextAlign::kLeft) {
  if (!text.empty()) document.Add(TextElement{text, {size, bold}, align});
}

}  // namespace

domain::ReceiptDocument ToDocument(const ShelfLabel& label) {
  domain::ReceiptDocument document;
  document.language = label.language;
  AddText(document, label.name, TextSize::kLarge, true);
  AddText(document, label.name_other, TextSize::kSmall);
  AddText(document, label.was, TextSize::kSmall, false, TextAlign::kRight);
  AddText(document, label.price, TextSize::kHuge, true, TextAlign::kRight);
  if (!label.price_for.empty() || !label.unit_price.empty()) {
    document.Add(domain::ColumnsElement{label.unit_price, label.price_for, {TextSize::kSmall}});
  }
  if (!label.barcode.empty()) document.Add(domain::BarcodeElement{label.barcode});
  if (!label.sku.empty() || !label.note.empty()) {
    document.Add(domain::ColumnsElement{label.sku, label.note, {TextSize::kSmall}});
  }
  document.Add(domain::CutElement{});
  return document;
}

domain::ReceiptDocument ToDocument(const CardLabel& label) {
  domain::ReceiptDocument document;
  document.language = label.language;
  AddText(document, label.shop, TextSize::kNormal, false, TextAlign::kCenter);
  AddText(document, label.name, TextSize::kLarge, true, TextAlign::kCenter);
  AddText(document, label.tier, TextSize::kNormal, false, TextAlign::kCenter);
  document.Add(domain::QrCodeElement{label.qr, label.number});
  document.Add(domain::CutElement{});
  return document;
}

}  // namespace evertill::devices::label
