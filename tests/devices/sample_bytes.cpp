// Prints what a receipt is as bytes, for programs of others to judge: `sample_bytes PROFILE ELEMENT…`, where an element
// is sample, cut, kick, or KIND=TEXT with text, qr, code128, ean13 or ean8. `sample_bytes --png FILE ELEMENT…` draws it
// at 200 % with margins instead.

#include <cstdio>
#include <cstdlib>
#include <string>

#include "app/render/png.h"
#include "app/render/receipt_renderer.h"
#include "devices/printer/escpos_encoder.h"
#include "devices/printer/profiles.h"
#include "tests/unit/render/sample_receipt.h"

namespace evertill {
namespace {

int Complain(const std::string& what) {
  std::fprintf(stderr, "sample_bytes: %s\n", what.c_str());
  return 1;
}

bool Add(domain::ReceiptDocument& document, const std::string& element) {
  const size_t equals = element.find('=');
  const std::string kind = element.substr(0, equals);
  const std::string text = equals == std::string::npos ? "" : element.substr(equals + 1);
  if (kind == "sample") {
    document = test::SampleReceipt();
  } else if (kind == "text") {
    document.Add(domain::TextElement{text});
  } else if (kind == "qr") {
    document.Add(domain::QrCodeElement{text, ""});
  } else if (kind == "code128") {
    document.Add(domain::BarcodeElement{text});
  } else if (kind == "ean13") {
    document.Add(domain::BarcodeElement{text, domain::BarcodeKind::kEan13});
  } else if (kind == "ean8") {
    document.Add(domain::BarcodeElement{text, domain::BarcodeKind::kEan8});
  } else if (kind == "cut") {
    document.Add(domain::CutElement{});
  } else if (kind == "kick") {
    document.Add(domain::DrawerKickElement{});
  } else {
    return false;
  }
  return true;
}

/// Twice the size with corners rounded (Scale2x), as ink is: what a reader of print is made for.
render::Bitmap Doubled(const render::Bitmap& dots) {
  render::Bitmap large(2 * dots.Width(), 2 * dots.Height());
  for (int y = 0; y < dots.Height(); ++y) {
    for (int x = 0; x < dots.Width(); ++x) {
      const bool own = dots.At(x, y);
      const bool up = dots.At(x, y - 1);
      const bool down = dots.At(x, y + 1);
      const bool left = dots.At(x - 1, y);
      const bool right = dots.At(x + 1, y);
      large.Set(2 * x, 2 * y, left == up && left != down && up != right ? up : own);
      large.Set(2 * x + 1, 2 * y, up == right && up != left && right != down ? right : own);
      large.Set(2 * x, 2 * y + 1, down == left && down != right && left != up ? left : own);
      large.Set(2 * x + 1, 2 * y + 1, right == down && right != up && down != left ? down : own);
    }
  }
  return large;
}

int WritePicture(const domain::ReceiptDocument& document, const char* file) {
  constexpr int kMargin = 20;
  const auto rows = render::RenderReceipt(document);
  if (!rows) return Complain(rows.error().ToString());
  render::Bitmap page(rows->Width() + 2 * kMargin, rows->Height() + 2 * kMargin);
  page.Blend(*rows, kMargin, kMargin);
  const auto written = render::WritePng(Doubled(page), file);
  return written ? 0 : Complain(written.error().ToString());
}

int Run(int argc, char** argv) {
  if (argc < 3) return Complain("PROFILE ELEMENT…");
  const std::string first = argv[1];
  domain::ReceiptDocument document;
  for (int i = first == "--png" ? 3 : 2; i < argc; ++i) {
    if (!Add(document, argv[i])) return Complain(std::string("what is ") + argv[i] + "?");
  }
  if (first == "--png") return WritePicture(document, argv[2]);
  const auto profile = devices::printer::Profiles(std::string(EVERTILL_SOURCE) + "/assets/printers", {}).Find(first);
  if (!profile) return Complain(profile.error().ToString());
  const auto bytes = devices::printer::EncodeReceipt(document, *profile);
  if (!bytes) return Complain(bytes.error().ToString());
  std::fwrite(bytes->data(), 1, bytes->size(), stdout);
  return 0;
}

}  // namespace
}  // namespace evertill

int main(int argc, char** argv) {
  return evertill::Run(argc, argv);
}
