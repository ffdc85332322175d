#include "app/presenters/receipt_template.h"

#include <algorithm>

#include "app/domain/barcode.h"
#include "app/presenters/receipt_template_reader.h"

namespace evertill::presenters {
namespace {

using Part = ReceiptTemplate::Part;

constexpr size_t kLongestCode128 = 40;  // more is no code
constexpr size_t kLongestQr = 2000;     // what one holds, with room for damage

/// Names as they are seen from inside of lists: the innermost item's first, the whole paper's last.
using Scopes = std::vector<const Fields*>;

const Fields::Value* Find(const Scopes& scopes, std::string_view name) {
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    if (const auto* value = (*scope)->Find(name)) return value;
  }
  return nullptr;
}

bool IsSet(const Scopes& scopes, const std::string& name) {
  const auto* value = Find(scopes, name);
  return value != nullptr && presenters::IsSet(*value);
}

std::string Trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

class Composition {
 public:
  Composition(const Words& words, domain::ReceiptDocument& document) : words_(words), document_(document) {}

  void Add(const std::vector<Part>& parts, Scopes& scopes) {
    for (const Part& part : parts) Add(part, scopes);
  }

 private:
  void Add(const Part& part, Scopes& scopes) {
    const auto holds = [&](const std::string& name) { return IsSet(scopes, name); };
    if (!std::all_of(part.if_all.begin(), part.if_all.end(), holds)) return;
    if (std::any_of(part.unless_any.begin(), part.unless_any.end(), holds)) return;
    if (part.each.empty()) return Draw(part, scopes);
    const auto* value = Find(scopes, part.each);
    const auto* items = value == nullptr ? nullptr : std::get_if<Fields::List>(value);
    if (items == nullptr) return;
    for (const Fields& item : *items) {
      scopes.push_back(&item);
      Draw(part, scopes);
      scopes.pop_back();
    }
  }

  void Draw(const Part& part, Scopes& scopes) {
    switch (part.kind) {
      case Part::Kind::kGroup:
        return Add(part.parts, scopes);
      case Part::Kind::kText:
        if (auto text = Fill(part.text, scopes); text.says) {
          document_.Add(domain::TextElement{std::move(text.text), part.style, part.align, part.indent});
        }
        return;
      case Part::Kind::kColumns: {
        auto left = Fill(part.text, scopes);
        auto right = Fill(part.other, scopes);
        // A label without its amount says nothing.
        if (part.other.has_fields ? right.says : left.says) {
          document_.Add(domain::ColumnsElement{std::move(left.text), std::move(right.text), part.style, part.indent});
        }
        return;
      }
      case Part::Kind::kRule:
        document_.Add(domain::RuleElement{part.rule});
        return;
      case Part::Kind::kSpace:
        document_.Add(domain::SpaceElement{part.tenths_mm});
        return;
      case Part::Kind::kQr:
        if (auto data = Fill(part.text, scopes); data.says) {
          if (data.text.size() > kLongestQr) return DrawInstead(std::move(data.text));
          document_.Add(domain::QrCodeElement{std::move(data.text), Fill(part.other, scopes).text});
        }
        return;
      case Part::Kind::kBarcode:
        if (auto text = Fill(part.text, scopes); text.says) DrawBarcode(part, std::move(text.text));
        return;
      case Part::Kind::kPicture:
        if (const auto* value = Find(scopes, part.field); value != nullptr && presenters::IsSet(*value)) {
          if (const auto* picture = std::get_if<domain::PictureElement>(value)) document_.Add(*picture);
        }
        return;
      case Part::Kind::kCut:
        document_.Add(domain::CutElement{part.partial});
        return;
      case Part::Kind::kDrawer:
        document_.Add(domain::DrawerKickElement{part.drawer});
        return;
    }
  }

  /// A code that cannot be drawn stands there as text: a receipt is printed in any case.
  void DrawInstead(std::string text) {
    document_.Add(domain::TextElement{std::move(text), {}, domain::TextAlign::kCenter, 0});
  }

  void DrawBarcode(const Part& part, std::string text) {
    const auto all = [&](auto&& good) { return std::all_of(text.begin(), text.end(), good); };
    const bool digits = all([](char c) { return c >= '0' && c <= '9'; });
    auto kind = part.barcode;
    if (part.auto_barcode && domain::IsGtin(text)) {
      if (text.size() == 12) text = '0' + text;  // a UPC-A is an EAN-13 that begins with 0
      if (text.size() == 13) kind = domain::BarcodeKind::kEan13;
      if (text.size() == 8) kind = domain::BarcodeKind::kEan8;
    }
    const size_t ean = kind == domain::BarcodeKind::kEan13 ? 13 : 8;
    const bool drawable = kind == domain::BarcodeKind::kCode128
                              ? text.size() <= kLongestCode128 && all([](char c) { return c >= ' ' && c <= '~'; })
                              : digits && text.size() == ean && domain::IsGtin(text);
    if (!drawable) return DrawInstead(std::move(text));
    document_.Add(domain::BarcodeElement{std::move(text), kind});
  }

  struct Filled {
    std::string text;
    bool says = false;  ///< a text that speaks of fields says nothing when all of them are empty
  };

  [[nodiscard]] Filled Fill(const TextPattern& pattern, const Scopes& scopes) const {
    bool some_field = false;
    const std::string text = pattern.translate ? words_.Tr(pattern.whole.c_str()) : pattern.whole;
    std::string out;
    for (size_t at = 0; at < text.size(); ++at) {
      const char c = text[at];
      if ((c == '{' || c == '}') && at + 1 < text.size() && text[at + 1] == c) {  // "{{" is a brace
        out += c;
        ++at;
        continue;
      }
      const size_t end = c == '{' ? text.find('}', at) : std::string::npos;
      if (end == std::string::npos) {
        out += c;
        continue;
      }
      const auto* value = Find(scopes, text.substr(at + 1, end - at - 1));
      const auto* words = value == nullptr ? nullptr : std::get_if<std::string>(value);
      if (words != nullptr && !words->empty()) {
        out += *words;
        some_field = true;
      }
      at = end;
    }
    out = Trimmed(out);
    const bool says = pattern.has_fields ? some_field : !out.empty();
    return {std::move(out), says};
  }

  const Words& words_;
  domain::ReceiptDocument& document_;
};

}  // namespace

bool IsSet(const Fields::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return !text->empty();
  if (const auto* yes = std::get_if<bool>(&value)) return *yes;
  if (const auto* picture = std::get_if<domain::PictureElement>(&value)) return picture->width > 0;
  return !std::get<Fields::List>(value).empty();
}

struct ReceiptTemplate::Content {
  std::string language;
  std::vector<Part> parts;
};

ReceiptTemplate::ReceiptTemplate(std::unique_ptr<Content> content) : content_(std::move(content)) {}
ReceiptTemplate::ReceiptTemplate(ReceiptTemplate&&) noexcept = default;
ReceiptTemplate& ReceiptTemplate::operator=(ReceiptTemplate&&) noexcept = default;
ReceiptTemplate::~ReceiptTemplate() = default;

base::Expected<ReceiptTemplate> ReceiptTemplate::Parse(const Source& source, const Fields& known,
                                                       const FindSource& find) {
  EVERTILL_ASSIGN(TemplateReader::Result read, TemplateReader(known, find).Read(source));
  auto content = std::make_unique<Content>();
  content->language = std::move(read.language);
  content->parts = std::move(read.parts);
  return ReceiptTemplate(std::move(content));
}

const std::string& ReceiptTemplate::Language() const {
  return content_->language;
}

domain::ReceiptDocument ReceiptTemplate::Compose(const Fields& fields, const Words& words) const {
  domain::ReceiptDocument document;
  document.language = words.Language();
  Scopes scopes{&fields};
  Composition(words, document).Add(content_->parts, scopes);
  return document;
}

}  // namespace evertill::presenters
