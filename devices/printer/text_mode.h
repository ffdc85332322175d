#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/domain/receipt.h"
#include "devices/printer/printer_profile.h"

namespace evertill::devices::printer {

/// Whether every word of the document can be printed by the printer's own font, as its profile allows. What has even
/// one other character is drawn whole, so that a receipt is of one kind.
[[nodiscard]] bool PrintsAsText(const domain::ReceiptDocument& document, const PrinterProfile& profile);

/// Sets text in the printer's own fonts, column by column. Only for documents of which PrintsAsText() is true: it
/// writes what it is given, and nothing of that is then a control character.
class TextWriter {
 public:
  /// Appends to `out`, which must outlive it, as must `profile`.
  TextWriter(std::string& out, const PrinterProfile& profile) : out_(out), profile_(profile) {}

  void Put(const domain::TextElement& text);
  void Put(const domain::ColumnsElement& columns);
  void Put(const domain::RuleElement& rule);
  void Put(const domain::SpaceElement& space);
  /// Back to the plain font at the left margin, for whatever is printed next in another way.
  void Rest();
  /// Lines written so far.
  [[nodiscard]] int Lines() const { return lines_; }

 private:
  /// Text in the bytes of a code page; without a page it is ASCII.
  struct Encoded {
    std::string_view bytes;
    std::optional<CodePage> page;
  };

  Encoded Encode(std::string_view text, std::string& storage);
  void SetStyle(domain::TextStyle style);
  void SetAlign(domain::TextAlign align);
  void EndLine();
  void Blanks(int cells) { out_.append(static_cast<size_t>(cells > 0 ? cells : 0), ' '); }
  [[nodiscard]] int ColumnsOf(domain::TextStyle style) const;
  [[nodiscard]] static int Cells(const Encoded& text);
  /// As much of `text` as fits `cells`, cut between words where it can be; at least one character. Takes it off `text`.
  static std::string_view TakeLine(Encoded& text, int cells);

  std::string& out_;
  const PrinterProfile& profile_;
  int lines_ = 0;
  int mode_ = 0;  ///< As ESC ! has it.
  domain::TextAlign align_ = domain::TextAlign::kLeft;
  std::optional<int> page_number_;
};

}  // namespace evertill::devices::printer
