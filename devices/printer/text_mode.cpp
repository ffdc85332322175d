#include "devices/printer/text_mode.h"

#include <algorithm>
#include <type_traits>

namespace evertill::devices::printer {
namespace {

using domain::TextAlign;
using domain::TextSize;
using domain::TextStyle;

constexpr int kSmallFont = 0x01;  // of ESC !
constexpr int kBold = 0x08;
constexpr int kTall = 0x10;
constexpr int kWide = 0x20;
constexpr size_t kMaxAmountBytes = 120;  // longer is no amount

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\n'; });
}

/// ToCodePage() line by line: '\n' stays.
std::optional<std::string> LinesToCodePage(std::string_view text, CodePage page) {
  std::string lines;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const auto line = ToCodePage(text.substr(at, end - at), page);
    if (!line) return std::nullopt;
    lines += *line;
    if (end < text.size()) lines += '\n';
    at = end + 1;
  }
  return lines;
}

/// The first verified page of the profile that has every character of `text`.
const CodePageSlot* PageFor(std::string_view text, const PrinterProfile& profile, std::string& encoded) {
  for (const CodePageSlot& slot : profile.code_pages) {
    if (!slot.verified) continue;
    if (auto lines = LinesToCodePage(text, slot.page)) {
      encoded = std::move(*lines);
      return &slot;
    }
  }
  return nullptr;
}

bool CanPrint(std::string_view text, const PrinterProfile& profile) {
  if (IsPlain(text)) return true;
  std::string encoded;
  return profile.text_mode == TextMode::kVerified && PageFor(text, profile, encoded) != nullptr;
}

bool IsMarkOf(char c, const std::optional<CodePage>& page) {
  return page && static_cast<unsigned char>(c) >= 0x80 && CellsOf(std::string_view(&c, 1), *page) == 0;
}

}  // namespace

bool PrintsAsText(const domain::ReceiptDocument& document, const PrinterProfile& profile) {
  if (profile.text_mode == TextMode::kNever) return false;
  return std::all_of(document.elements.begin(), document.elements.end(), [&](const domain::ReceiptElement& element) {
    return std::visit(
        [&](const auto& one) {
          using Element = std::decay_t<decltype(one)>;
          if constexpr (std::is_same_v<Element, domain::TextElement>) return CanPrint(one.text, profile);
          if constexpr (std::is_same_v<Element, domain::ColumnsElement>) {
            return CanPrint(one.left, profile) && CanPrint(one.right, profile);
          }
          if constexpr (std::is_same_v<Element, domain::QrCodeElement>) return CanPrint(one.caption, profile);
          return true;
        },
        element);
  });
}

TextWriter::Encoded TextWriter::Encode(std::string_view text, std::string& storage) {
  if (IsPlain(text)) return {text, std::nullopt};
  const CodePageSlot* slot = PageFor(text, profile_, storage);
  if (slot == nullptr) return {};
  if (page_number_ != slot->number) {
    out_ += "\x1Bt";
    out_ += static_cast<char>(slot->number);
    page_number_ = slot->number;
  }
  return {storage, slot->page};
}

int TextWriter::Cells(const Encoded& text) {
  return text.page ? CellsOf(text.bytes, *text.page) : static_cast<int>(text.bytes.size());
}

int TextWriter::ColumnsOf(TextStyle style) const {
  if (style.size == TextSize::kSmall && profile_.small_columns > 0) return profile_.small_columns;
  return style.size >= TextSize::kHuge ? profile_.columns / 2 : profile_.columns;
}

void TextWriter::SetStyle(TextStyle style) {
  int mode = style.bold ? kBold : 0;
  if (style.size == TextSize::kSmall && profile_.small_columns > 0) mode |= kSmallFont;
  if (style.size == TextSize::kLarge) mode |= kTall;
  if (style.size >= TextSize::kHuge) mode |= kTall | kWide;
  if (mode == mode_) return;
  mode_ = mode;
  out_ += "\x1B!";
  out_ += static_cast<char>(mode);
}

void TextWriter::SetAlign(TextAlign align) {
  if (align == align_) return;
  align_ = align;
  out_ += "\x1B\x61";
  out_ += align == TextAlign::kCenter ? '\x01' : align == TextAlign::kRight ? '\x02' : '\0';
}

void TextWriter::EndLine() {
  out_ += '\n';
  ++lines_;
}

void TextWriter::Rest() {
  SetStyle({});
  SetAlign(TextAlign::kLeft);
}

std::string_view TextWriter::TakeLine(Encoded& text, int cells) {
  std::string_view& rest = text.bytes;
  const size_t end = std::min(rest.find('\n'), rest.size());
  size_t fits = 0;
  size_t space = 0;  // the last one at which the line may end
  for (int used = 0; fits < end; ++fits) {
    if (!IsMarkOf(rest[fits], text.page) && used++ == cells) break;
    if (rest[fits] == ' ') space = fits;
  }
  size_t taken = fits;
  size_t next = fits;
  if (fits < end) {
    if (rest[fits] != ' ' && space > 0) taken = next = space;
    if (taken == 0) taken = next = 1;
    while (next < end && rest[next] == ' ') ++next;
  } else if (end < rest.size()) {
    next = end + 1;
  }
  std::string_view line = rest.substr(0, taken);
  rest.remove_prefix(next);
  while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
  return line;
}

void TextWriter::Put(const domain::TextElement& text) {
  std::string storage;
  Encoded encoded = Encode(text.text, storage);
  SetStyle(text.style);
  SetAlign(text.align);
  const int indent = text.align == TextAlign::kLeft ? std::clamp(text.indent, 0, ColumnsOf(text.style) / 3) : 0;
  do {
    Blanks(indent);
    out_ += TakeLine(encoded, ColumnsOf(text.style) - indent);
    EndLine();
  } while (!encoded.bytes.empty());
}

void TextWriter::Put(const domain::ColumnsElement& columns) {
  const int width = ColumnsOf(columns.style);
  const int indent = std::clamp(columns.indent, 0, width / 3);
  std::string right_storage;
  const Encoded right = Encode(columns.right, right_storage);
  const int right_cells = Cells(right);
  const bool beside = columns.right.size() <= kMaxAmountBytes && right_cells + 1 <= (width - indent) * 2 / 3 &&
                      columns.right.find('\n') == std::string::npos;
  if (!beside) {
    Put(domain::TextElement{columns.left, columns.style, TextAlign::kLeft, columns.indent});
    return Put(domain::TextElement{columns.right, columns.style, TextAlign::kRight, columns.indent});
  }
  std::string left_storage;
  Encoded left = Encode(columns.left, left_storage);
  const std::optional<int> left_page = page_number_;
  SetStyle(columns.style);
  SetAlign(TextAlign::kLeft);
  const int room = width - indent - (right_cells > 0 ? right_cells + 1 : 0);
  Blanks(indent);
  const std::string_view first = TakeLine(left, room);
  out_ += first;
  if (right_cells > 0) {
    Blanks(width - indent - Cells({first, left.page}) - right_cells);
    const Encoded amount = Encode(columns.right, right_storage);  // in its own page again
    out_ += amount.bytes;
  }
  EndLine();
  if (!left.bytes.empty() && left.page && page_number_ != left_page) {
    out_ += "\x1Bt";
    out_ += static_cast<char>(*left_page);
    page_number_ = left_page;
  }
  while (!left.bytes.empty()) {
    Blanks(indent + 1);
    out_ += TakeLine(left, room - 1);
    EndLine();
  }
}

void TextWriter::Put(const domain::RuleElement& rule) {
  Rest();
  const auto columns = static_cast<size_t>(profile_.columns);
  if (rule.style == domain::RuleStyle::kDashed) {
    for (size_t i = 0; i < columns; ++i) out_ += i % 2 == 0 ? '-' : ' ';
  } else {
    out_.append(columns, rule.style == domain::RuleStyle::kDouble ? '=' : '-');
  }
  EndLine();
}

void TextWriter::Put(const domain::SpaceElement& space) {
  constexpr int kMaxFeed = 255;
  for (int dots = std::clamp(space.tenths_mm, 0, 2000) * profile_.dots_per_inch / 254; dots > 0; dots -= kMaxFeed) {
    out_ += "\x1BJ";
    out_ += static_cast<char>(std::min(dots, kMaxFeed));
  }
}

}  // namespace evertill::devices::printer
