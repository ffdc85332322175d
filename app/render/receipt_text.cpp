#include "app/render/receipt_text.h"

#include <pango/pango.h>

#include <algorithm>
#include <vector>

#include "app/render/clean_text.h"

namespace evertill::render {
namespace {

constexpr int kLeastColumns = 16;
constexpr int kMostColumns = 200;
constexpr int kLeastBlank = 1;  // between what and how much
constexpr int kBlankFromTenthsMm = 15;

int ColumnsOf(gunichar point) {
  if (g_unichar_iszerowidth(point)) return 0;
  return g_unichar_iswide(point) ? 2 : 1;
}

/// One character, where a line may end before it.
struct Letter {
  std::string_view bytes;
  int columns = 0;
  bool may_break = false;
  bool must_break = false;
  bool starts_cluster = true;  ///< no line begins with a mark
};

std::vector<Letter> Letters(const std::string& text, const std::string& language) {
  const auto count = static_cast<size_t>(g_utf8_strlen(text.data(), static_cast<gssize>(text.size())));
  std::vector<PangoLogAttr> attributes(count + 1);
  pango_get_log_attrs(text.data(), static_cast<int>(text.size()), -1, pango_language_from_string(language.c_str()),
                      attributes.data(), static_cast<int>(attributes.size()));
  std::vector<Letter> letters;
  letters.reserve(count);
  const char* at = text.data();
  for (size_t i = 0; i < count; ++i) {
    const char* next = g_utf8_next_char(at);
    letters.push_back({{at, static_cast<size_t>(next - at)},
                       ColumnsOf(g_utf8_get_char(at)),
                       attributes[i].is_line_break != 0,
                       attributes[i].is_mandatory_break != 0,
                       attributes[i].is_cursor_position != 0});
    at = next;
  }
  return letters;
}

void TrimEnd(std::string& line) {
  line.erase(line.find_last_not_of(" \n") + 1);
}

/// The text in lines of at most `first` columns, the later ones `later`.
std::vector<std::string> Wrap(std::string_view raw, const std::string& language, int first, int later) {
  const std::string text = CleanText(raw);
  const auto letters = Letters(text, language);
  std::vector<std::string> lines;
  size_t start = 0;
  while (start < letters.size()) {
    const int room = lines.empty() ? first : later;
    int columns = 0;
    size_t end = start;
    size_t good = start;     // the last place between words
    size_t cluster = start;  // … between letters, for a word that is wider than the paper
    for (; end < letters.size(); ++end) {
      const Letter& letter = letters[end];
      if (end > start && letter.must_break) break;
      if (end > start && letter.may_break) good = end;
      if (end > start && letter.starts_cluster) cluster = end;
      const bool blank = letter.bytes == " " || letter.bytes == "\n";
      if (!blank && columns + letter.columns > room) break;
      columns += letter.columns;
    }
    const bool full = end < letters.size() && !letters[end].must_break;
    if (full) end = good > start ? good : cluster > start ? cluster : end + 1;
    std::string line;
    for (size_t i = start; i < end; ++i) line += letters[i].bytes;
    TrimEnd(line);
    lines.push_back(std::move(line));
    start = end;
  }
  if (lines.empty()) lines.emplace_back();
  return lines;
}

class Writer {
 public:
  Writer(const std::string& language, int columns) : language_(language), columns_(columns) {}

  void Put(const domain::TextElement& text) {
    const int indent = Indent(text.indent);
    for (const std::string& line : Wrap(text.text, language_, columns_ - indent, columns_ - indent)) {
      const int free = columns_ - indent - TextColumns(line);
      const int before = text.align == domain::TextAlign::kCenter  ? free / 2
                         : text.align == domain::TextAlign::kRight ? free
                                                                   : 0;
      Line(indent + std::max(before, 0), line);
    }
  }

  void Put(const domain::ColumnsElement& row) {
    const int indent = Indent(row.indent);
    const std::string amount = CleanText(row.right);
    const int wide = TextColumns(amount);
    if (wide > (columns_ - indent) * 2 / 3) {  // the two cannot stand side by side
      Put(domain::TextElement{row.left, {}, domain::TextAlign::kLeft, row.indent});
      Put(domain::TextElement{row.right, {}, domain::TextAlign::kRight, row.indent});
      return;
    }
    const int room = columns_ - indent - wide - (wide > 0 ? kLeastBlank : 0);
    const auto lines = Wrap(row.left, language_, room, room - 1);
    for (size_t i = 0; i < lines.size(); ++i) {
      if (i > 0) {
        Line(indent + 1, lines[i]);
        continue;
      }
      std::string line = lines[i];
      line.append(static_cast<size_t>(std::max(columns_ - indent - wide - TextColumns(line), 0)), ' ');
      Line(indent, line + amount);
    }
  }

  void Put(const domain::RuleElement& rule) {
    std::string line;
    while (static_cast<int>(line.size()) < columns_) {
      line += rule.style == domain::RuleStyle::kDouble ? "=" : rule.style == domain::RuleStyle::kDashed ? "- " : "-";
    }
    line.resize(static_cast<size_t>(columns_));
    Line(0, line);
  }

  void Put(const domain::SpaceElement& space) {
    if (space.tenths_mm >= kBlankFromTenthsMm) Line(0, "");
  }

  void Put(const domain::QrCodeElement& code) {
    Put(domain::TextElement{code.data, {}, domain::TextAlign::kCenter, 0});
    if (!code.caption.empty() && code.caption != code.data) {
      Put(domain::TextElement{code.caption, {}, domain::TextAlign::kCenter, 0});
    }
  }

  void Put(const domain::BarcodeElement& code) {
    Put(domain::TextElement{"| " + code.text + " |", {}, domain::TextAlign::kCenter, 0});
  }

  void Put(const domain::PictureElement& /*picture*/) {}
  void Put(const domain::CutElement& /*cut*/) {}
  void Put(const domain::DrawerKickElement& /*kick*/) {}

  std::string Take() { return std::move(out_); }

 private:
  [[nodiscard]] int Indent(int steps) const { return std::clamp(steps, 0, columns_ / 3); }

  void Line(int before, std::string line) {
    TrimEnd(line);
    if (!line.empty()) out_.append(static_cast<size_t>(before), ' ');
    out_ += line + "\n";
  }

  const std::string& language_;
  const int columns_;
  std::string out_;
};

}  // namespace

int TextColumns(std::string_view text) {
  const std::string valid = CleanText(text, text.size() + 1);
  int columns = 0;
  for (const char* at = valid.data(); at < valid.data() + valid.size(); at = g_utf8_next_char(at)) {
    columns += ColumnsOf(g_utf8_get_char(at));
  }
  return columns;
}

std::string ReceiptText(const domain::ReceiptDocument& document, int columns) {
  Writer writer(document.language, std::clamp(columns, kLeastColumns, kMostColumns));
  for (const domain::ReceiptElement& element : document.elements) {
    std::visit([&writer](const auto& one) { writer.Put(one); }, element);
  }
  return writer.Take();
}

}  // namespace evertill::render
