#pragma once

#include <optional>
#include <string>

#include "app/cli/context.h"
#include "app/presenters/receipt_composer.h"

namespace evertill::cli {

/// What a command about receipts was told of the paper: which, how wide, for whom, and where to.
struct PaperChoice {
  std::string paper;     ///< --template; empty: as the sale is
  int paper_mm = 0;      ///< --paper; 0: the till's
  std::string language;  ///< --lang; empty: the reader's
  bool text = false;
  std::string png;
  std::string pdf;
  presenters::TaxInvoice invoice;

  [[nodiscard]] bool WantsOutput() const { return text || !png.empty() || !pdf.empty(); }
};

/// --template, --lang, --buyer …
void AddTemplateOptions(CLI::App& command, PaperChoice& choice);
/// --text, --png FILE, --pdf FILE, --paper 58|80
void AddOutputOptions(CLI::App& command, PaperChoice& choice);

/// A till's templates with its shop's words and logo, and the options that refer to them.
class PaperLook {
 public:
  /// Complains of a shop's broken templates on stderr; what is built in is used for those.
  PaperLook(const Context& context, domain::ShopFacts shop, int paper_mm);
  PaperLook(const PaperLook&) = delete;
  PaperLook& operator=(const PaperLook&) = delete;

  [[nodiscard]] presenters::ReceiptOptions Options(const PaperChoice& choice) const;

 private:
  presenters::ReceiptTemplates templates_;
  domain::ShopFacts shop_;
  std::optional<domain::PictureElement> logo_;
};

/// A tax invoice only where the law knows one, from who may issue it, to somebody. bad_config, with what to do.
[[nodiscard]] base::Status CheckInvoice(const PaperChoice& choice, const checkout::TillIdentity& till,
                                        const domain::ShopFacts& shop);

/// Writes what was chosen: text to stdout, PNG and PDF into files.
[[nodiscard]] base::Status WritePaper(const domain::ReceiptDocument& document, const PaperChoice& choice, int paper_mm);

/// receipt sample PAPER: a template with made-up data.
void AddReceiptSample(CLI::App& receipt, Context& context);

}  // namespace evertill::cli
