#include "devices/printer/test_page.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "app/render/text_painter.h"
#include "devices/printer/escpos_encoder.h"
#include "devices/printer/printer_error.h"
#include "devices/printer/raster_bands.h"

namespace evertill::devices::printer {
namespace {

using namespace std::string_literals;
using domain::TextAlign;
using domain::TextElement;
using domain::TextSize;

constexpr std::array kWidths = {360, 384, 420, 432, 512, 576, 640};
constexpr std::array kColumns = {30, 32, 35, 42, 44, 48};
constexpr std::array kSmallColumns = {40, 42, 56, 57, 60, 64};
constexpr int kBarDots = 320;
constexpr int kNumberSize = 30;
constexpr const char* kNativeQr = "EVERTILL PRINTER QR";
constexpr const char* kNativeCode128 = "Printer-128";
constexpr const char* kNativeEan = "8850999220017";

std::string SampleOf(CodePage page) {
  switch (page) {
    case CodePage::kCp437:
    case CodePage::kCp850:
      return "Café Übung niño £5 ½";
    case CodePage::kCp858:
    case CodePage::kCp1252:
      return "Café Übung niño £5 €9";
    case CodePage::kCp874:
      return "น้ำปลา กุ้งแห้งป่น ที่นี่ ๑๒๓";
    case CodePage::kCp1258:
    case CodePage::kTcvn3:
      break;
  }
  return "cà phê sữa đá, nước mắm, ở đây";
}

/// Sends only what every printer knows.
PrinterProfile Cautious(const PrinterProfile& profile) {
  PrinterProfile cautious = profile;
  cautious.text_mode = TextMode::kNever;
  cautious.justifies_raster = cautious.column_images = false;
  cautious.native_qr = cautious.native_code128 = cautious.native_ean = false;
  return cautious;
}

base::Expected<render::Bitmap> Drawn(const std::string& text, int size) {
  EVERTILL_ASSIGN(render::PaintedText painted,
                  render::TextPainter::ForThisThread().Paint({.text = text, .size_px = size, .bold = true}));
  return std::move(painted.bitmap);
}

/// Writes the page part by part, each with its number.
class Page {
 public:
  explicit Page(const PrinterProfile& profile) : profile_(profile), cautious_(Cautious(profile)) {}

  base::Expected<std::string> Compose() {
    domain::ReceiptDocument head;
    head.Add(TextElement{"Printer test", {TextSize::kHuge, true}, TextAlign::kCenter})
        .Add(TextElement{profile_.name + " · " + profile_.title, {TextSize::kSmall, false}, TextAlign::kCenter});
    EVERTILL_TRY(Put(head));
    EVERTILL_TRY(Rulers());
    EVERTILL_TRY(Pictures());
    EVERTILL_TRY(Codes());
    EVERTILL_TRY(Fonts());
    EVERTILL_TRY(CodePages());
    EVERTILL_TRY(Languages());
    out_ += "\x1BJ\x78\x1DV\x42\x00"s;  // to the tear bar, and a cut for whoever can
    return std::move(out_);
  }

 private:
  base::Status Put(const domain::ReceiptDocument& document) {
    EVERTILL_ASSIGN(const std::string bytes, EncodeReceipt(document, cautious_));
    out_ += bytes;
    return {};
  }

  base::Status Title(const std::string& text) {
    domain::ReceiptDocument document;
    document.Add(domain::SpaceElement{15}).Add(TextElement{text, {TextSize::kNormal, true}, TextAlign::kLeft});
    return Put(document);
  }

  void Raw(const render::Bitmap& rows, RasterCommand command) { AppendRaster(out_, rows, {command, 192}); }

  base::Status Rulers() {
    EVERTILL_TRY(Title("1  Width: which blocks are whole?"));
    for (const int width : kWidths) {
      constexpr int kBlock = 16;
      EVERTILL_ASSIGN(const render::Bitmap number, Drawn(std::to_string(width), 22));
      render::Bitmap row(width, std::max(number.Height(), kBlock) + 2);
      row.Fill(0, row.Height() / 2 - 1, width - number.Width() - kBlock - 16, 2);
      row.Blend(number, width - number.Width() - kBlock - 8, 0);
      row.Fill(width - kBlock, row.Height() / 2 - kBlock / 2, kBlock, kBlock);
      Raw(row, RasterCommand::kGsV0);
    }
    EVERTILL_TRY(Title("2  How many millimetres long is this?"));
    render::Bitmap bar(kBarDots, 20);
    bar.Fill(0, 0, 3, 20);
    bar.Fill(kBarDots - 3, 0, 3, 20);
    bar.Fill(0, 9, kBarDots, 2);
    Raw(bar, RasterCommand::kGsV0);
    return {};
  }

  base::Expected<render::Bitmap> Framed(const std::string& text) {
    EVERTILL_ASSIGN(const render::Bitmap letter, Drawn(text, kNumberSize));
    render::Bitmap box(144, 48);
    box.Fill(0, 0, 144, 2);
    box.Fill(0, 46, 144, 2);
    box.Fill(0, 0, 2, 48);
    box.Fill(142, 0, 2, 48);
    box.Blend(letter, (144 - letter.Width()) / 2, (48 - letter.Height()) / 2);
    return box;
  }

  base::Status Pictures() {
    EVERTILL_TRY(Title("3  Which pictures are whole?"));
    constexpr std::array kCommands = {RasterCommand::kGsV0, RasterCommand::kGs8L, RasterCommand::kGsParenL};
    for (size_t i = 0; i < kCommands.size(); ++i) {
      EVERTILL_ASSIGN(const render::Bitmap box, Framed(std::to_string(i + 1)));
      Raw(box, kCommands[i]);
      out_ += "\x1BJ\x08";
    }
    EVERTILL_ASSIGN(const render::Bitmap box, Framed("4"));
    render::Bitmap wide(profile_.dots, 48);
    wide.Blend(box, 0, 0);
    wide.Blend(box, profile_.dots - box.Width(), 0);  // far apart, so that it goes as column images
    AppendRaster(out_, wide, {.band_rows = 192, .column_images = true});
    EVERTILL_TRY(Title("4  Is this in the middle?"));
    EVERTILL_ASSIGN(const render::Bitmap middle, Framed("C"));
    out_ += "\x1B\x61\x01";
    Raw(middle, RasterCommand::kGsV0);
    out_ += "\x1B\x61\x00"s;
    return {};
  }

  base::Status Codes() {
    PrinterProfile native = cautious_;
    native.native_qr = native.native_code128 = native.native_ean = true;
    const auto put = [&](const std::string& title, domain::ReceiptElement element) -> base::Status {
      EVERTILL_TRY(Title(title));
      domain::ReceiptDocument document;
      document.elements.push_back(std::move(element));
      EVERTILL_ASSIGN(const std::string bytes, EncodeReceipt(document, native));
      out_ += bytes;
      return {};
    };
    EVERTILL_TRY(put("5  Does a phone read this?", domain::QrCodeElement{kNativeQr, ""}));
    EVERTILL_TRY(put("6  Does a scanner read this?", domain::BarcodeElement{kNativeCode128}));
    return put("7  And this?", domain::BarcodeElement{kNativeEan, domain::BarcodeKind::kEan13});
  }

  base::Status Fonts() {
    EVERTILL_TRY(Title("8  Largest number on the line it began on?"));
    for (const int columns : kColumns) ColumnLine(columns);
    EVERTILL_TRY(Title("9  And here?"));
    out_ += "\x1B!\x01";
    for (const int columns : kSmallColumns) ColumnLine(columns);
    out_ += "\x1B!\x00"s;
    return {};
  }

  void ColumnLine(int columns) {
    out_.append(static_cast<size_t>(columns) - 2, '.');
    out_ += std::to_string(columns) + "\n";
  }

  base::Status CodePages() {
    if (profile_.code_pages.empty()) return {};
    EVERTILL_TRY(Title("10  Which lines are right?"));
    for (const CodePageSlot& slot : profile_.code_pages) {
      const auto sample = ToCodePage(SampleOf(slot.page), slot.page);
      out_ += std::to_string(slot.number) + " ";
      out_ += "\x1Bt"s + static_cast<char>(slot.number) + sample.value_or("") + "\n";
    }
    out_ += "\x1Bt\x00"s;
    return {};
  }

  base::Status Languages() {
    domain::ReceiptDocument document;
    document.language = "th";
    document.Add(domain::SpaceElement{15})
        .Add(domain::RuleElement{})
        .Add(domain::ColumnsElement{"นมสดพาสเจอร์ไรซ์ กุ้งแห้งป่น", "99.50"})
        .Add(domain::ColumnsElement{"Nước mắm Phú Quốc, cà phê sữa đá", "165.000"})
        .Add(domain::RuleElement{domain::RuleStyle::kDashed});
    return Put(document);
  }

  const PrinterProfile& profile_;
  const PrinterProfile cautious_;
  std::string out_;
};

/// Reads one profile from answers.
class Answers {
 public:
  explicit Answers(const std::map<std::string, std::string>& answers) : answers_(answers) {}

  /// Nothing when the question was not answered.
  [[nodiscard]] base::Expected<std::vector<int>> Numbers(const std::string& key) const {
    std::vector<int> numbers;
    const std::string text = Text(key);
    for (size_t at = 0; at < text.size();) {
      if (text[at] == ' ' || text[at] == ',') {
        ++at;
        continue;
      }
      int value = 0;
      const size_t start = at;
      for (; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0 && at - start < 5; ++at) {
        value = value * 10 + (text[at] - '0');
      }
      if (at == start)
        return base::Fail(PrinterErrc::kAnswerInvalid, key + ": \"" + text + "\" is not a list of numbers");
      numbers.push_back(value);
    }
    return numbers;
  }

  base::Status Number(const std::string& key, int least, int most, int& to) const {
    EVERTILL_ASSIGN(const std::vector<int> numbers, Numbers(key));
    if (numbers.empty()) return {};
    if (numbers.size() > 1 || numbers[0] < least || numbers[0] > most) {
      return base::Fail(PrinterErrc::kAnswerInvalid,
                        key + ": one number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    to = numbers[0];
    return {};
  }

  base::Status Yes(const std::string& key, bool& to) const {
    const std::string text = Text(key);
    if (text.empty()) return {};
    if (text != "y" && text != "yes" && text != "n" && text != "no") {
      return base::Fail(PrinterErrc::kAnswerInvalid, key + ": answer y or n");
    }
    to = text.front() == 'y';
    return {};
  }

 private:
  [[nodiscard]] std::string Text(const std::string& key) const {
    const auto found = answers_.find(key);
    return found == answers_.end() ? "" : found->second;
  }

  const std::map<std::string, std::string>& answers_;
};

base::Status ApplyPictures(const Answers& answers, PrinterProfile& profile) {
  EVERTILL_ASSIGN(const std::vector<int> seen, answers.Numbers("pictures"));
  if (seen.empty()) return {};
  const auto saw = [&seen](int number) { return std::find(seen.begin(), seen.end(), number) != seen.end(); };
  if (!saw(1) && !saw(2) && !saw(3)) {
    return base::Fail(PrinterErrc::kAnswerInvalid, "pictures: without 1, 2 or 3 this printer cannot print receipts");
  }
  profile.raster = saw(1) ? RasterCommand::kGsV0 : saw(2) ? RasterCommand::kGs8L : RasterCommand::kGsParenL;
  profile.column_images = saw(4);
  return {};
}

base::Status ApplyLength(const Answers& answers, PrinterProfile& profile) {
  constexpr std::array kUsual = {180, 200, 203, 240};
  int millimetres = 0;
  EVERTILL_TRY(answers.Number("length_mm", 25, 60, millimetres));
  if (millimetres == 0) return {};
  const int measured = kBarDots * 254 / (millimetres * 10);
  profile.dots_per_inch = *std::min_element(kUsual.begin(), kUsual.end(), [measured](int one, int other) {
    return std::abs(one - measured) < std::abs(other - measured);
  });
  if (profile.dots_per_inch == 200) profile.dots_per_inch = 203;
  return {};
}

}  // namespace

std::vector<TestQuestion> TestQuestions(const PrinterProfile& profile) {
  std::vector<TestQuestion> questions = {
      {"width", "1. The largest number whose block at the right is whole (360 to 640)"},
      {"length_mm", "2. How long the line between the two bars is, in millimetres"},
      {"pictures", "3. The numbers of the pictures that are whole, without white lines (4 is there twice)"},
      {"centred", "4. Is the box with C in the middle of the paper? (y/n)"},
      {"qr", "5. Does a phone read the QR code? (y/n)"},
      {"code128", "6. Does a scanner read the first barcode? (y/n)"},
      {"ean", "7. Does a scanner read the second barcode? (y/n)"},
      {"columns", "8. The largest number that is on the line on which its dots began"},
      {"small_columns", "9. The same for the small letters (0: they are not smaller)"}};
  if (!profile.code_pages.empty()) {
    questions.push_back(
        {"code_pages", "10. The numbers before the lines that are right, marks over letters too (none: 999)"});
  }
  questions.push_back(
      {"fast_text", "Print receipts in the printer's own letters where it has them all? Faster, plainer. (y/n)"});
  questions.push_back({"cut", "Was the paper cut? (y/n)"});
  return questions;
}

base::Expected<std::string> EncodeTestPage(const PrinterProfile& profile) {
  return Page(profile).Compose();
}

base::Expected<PrinterProfile> ApplyAnswers(PrinterProfile profile, const std::map<std::string, std::string>& given) {
  for (const auto& [key, value] : given) {
    const auto questions = TestQuestions(profile);
    if (std::none_of(questions.begin(), questions.end(), [&](const auto& one) { return one.key == key; })) {
      return base::Fail(PrinterErrc::kAnswerInvalid, "\"" + key + "\" is no question of this page");
    }
  }
  const Answers answers(given);
  EVERTILL_TRY(answers.Number("width", 200, 1200, profile.dots));
  if (given.count("width") != 0) profile.paper_mm = profile.dots < 480 ? 58 : 80;
  EVERTILL_TRY(ApplyLength(answers, profile));
  EVERTILL_TRY(ApplyPictures(answers, profile));
  EVERTILL_TRY(answers.Yes("centred", profile.justifies_raster));
  EVERTILL_TRY(answers.Yes("qr", profile.native_qr));
  EVERTILL_TRY(answers.Yes("code128", profile.native_code128));
  EVERTILL_TRY(answers.Yes("ean", profile.native_ean));
  EVERTILL_TRY(answers.Number("columns", 16, 100, profile.columns));
  EVERTILL_TRY(answers.Number("small_columns", 0, 130, profile.small_columns));
  EVERTILL_ASSIGN(const std::vector<int> pages, answers.Numbers("code_pages"));
  for (CodePageSlot& slot : profile.code_pages) {
    if (!pages.empty()) slot.verified = std::find(pages.begin(), pages.end(), slot.number) != pages.end();
  }
  bool fast = profile.text_mode != TextMode::kNever;
  EVERTILL_TRY(answers.Yes("fast_text", fast));
  const bool any = std::any_of(profile.code_pages.begin(), profile.code_pages.end(),
                               [](const CodePageSlot& slot) { return slot.verified; });
  profile.text_mode = !fast ? TextMode::kNever : any ? TextMode::kVerified : TextMode::kAscii;
  EVERTILL_TRY(answers.Yes("cut", profile.has_cutter));
  return profile;
}

}  // namespace evertill::devices::printer
