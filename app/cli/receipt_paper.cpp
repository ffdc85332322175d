#include "app/cli/receipt_paper.h"

#include <CLI/CLI.hpp>

#include "app/cli/output.h"
#include "app/presenters/receipt_template_samples.h"
#include "app/render/receipt_page.h"
#include "app/render/receipt_renderer.h"
#include "app/render/receipt_text.h"
#include "app/render/write_file.h"
#include "app/store/errors.h"
#include "devices/setup/till_config.h"

namespace evertill::cli {
namespace {

std::vector<std::string> PaperNames() {
  return {std::begin(presenters::kPaperNames), std::end(presenters::kPaperNames)};
}

/// What a sale can be printed as.
std::vector<std::string> SalePapers() {
  return {"sale", "refund", "copy", "gift", "tax-invoice"};
}

std::string OneLine(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

void AddTemplateOptions(CLI::App& command, PaperChoice& choice) {
  command.add_option("--template", choice.paper, "sale, refund, copy, gift or tax-invoice (default: as the sale is)")
      ->check(CLI::IsMember(SalePapers()));
  command.add_option("--lang", choice.language, "en, th or vi (default: the member's, or the till's)")
      ->check(CLI::IsMember(presenters::Words::Languages()));
  command.add_option("--invoice-number", choice.invoice.number, "Of a tax invoice (default: the receipt's number)");
  command.add_option("--buyer", choice.invoice.buyer_name, "Whom a tax invoice is made out to");
  command.add_option("--buyer-address", choice.invoice.buyer_address);
  command.add_option("--buyer-tax-id", choice.invoice.buyer_tax_id);
  command.add_option("--buyer-branch", choice.invoice.buyer_branch);
}

void AddOutputOptions(CLI::App& command, PaperChoice& choice) {
  command.add_flag("--text", choice.text, "The paper as plain text");
  command.add_option("--png", choice.png, "The paper as a picture into FILE")->type_name("FILE");
  command.add_option("--pdf", choice.pdf, "The paper as a page into FILE")->type_name("FILE");
  command.add_option("--paper", choice.paper_mm, "Width of the paper in mm: 58 or 80 (default: the till's)")
      ->check(CLI::IsMember({58, 80}));
}

PaperLook::PaperLook(const Context& context, domain::ShopFacts shop, int paper_mm)
    : templates_(presenters::ReceiptTemplates::ForTill(context.data_dir)), shop_(std::move(shop)) {
  for (const auto& problem : templates_.Problems()) Complain(OneLine(problem.ToString()));
  const auto file = context.data_dir / "receipts" / "logo.png";
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return;
  auto logo = render::ReadPicture(file, (paper_mm == 58 ? render::kDots58mm : render::kDots80mm) * 2 / 3);
  if (logo) {
    logo_ = std::move(*logo);
  } else {
    Complain(logo.error().ToString());
  }
}

presenters::ReceiptOptions PaperLook::Options(const PaperChoice& choice) const {
  presenters::ReceiptOptions options;
  options.shop = shop_;
  options.templates = &templates_;
  options.paper = choice.paper;
  options.language = choice.language;
  options.invoice = choice.invoice;
  options.logo = logo_;
  return options;
}

base::Status CheckInvoice(const PaperChoice& choice, const checkout::TillIdentity& till,
                          const domain::ShopFacts& shop) {
  if (choice.paper != "tax-invoice") return {};
  using store::StoreErrc;
  if (till.currency.Code() != "THB") {
    return base::Fail(StoreErrc::kBadConfig,
                      "a full tax invoice is Thailand's; this till takes " + std::string(till.currency.Code()));
  }
  if (shop.tax_id.empty() || shop.address.empty()) {
    return base::Fail(StoreErrc::kBadConfig, "a tax invoice needs tax_id and address under [shop] in till.toml");
  }
  if (choice.invoice.buyer_name.empty() || choice.invoice.buyer_address.empty()) {
    return base::Fail(StoreErrc::kBadConfig, "a tax invoice needs --buyer and --buyer-address");
  }
  return {};
}

base::Status WritePaper(const domain::ReceiptDocument& document, const PaperChoice& choice, int paper_mm) {
  if (!choice.png.empty()) {
    EVERTILL_ASSIGN(const std::string png, render::ReceiptPng(document, paper_mm));
    EVERTILL_TRY(render::WriteWholeFile(choice.png, png));
  }
  if (!choice.pdf.empty()) {
    EVERTILL_ASSIGN(const std::string pdf, render::ReceiptPdf(document, paper_mm));
    EVERTILL_TRY(render::WriteWholeFile(choice.pdf, pdf));
  }
  if (choice.text) {
    std::string text = render::ReceiptText(document, paper_mm == 58 ? render::kColumns58mm : render::kColumns80mm);
    if (!text.empty()) text.pop_back();
    PrintLine(text);
  }
  return {};
}

void AddReceiptSample(CLI::App& receipt, Context& context) {
  auto choice = std::make_shared<PaperChoice>();
  choice->language = "en";
  auto* sample = receipt.add_subcommand("sample", "Show a template with made-up data: sale, x-report, shelf-label, …");
  sample->add_option("PAPER", choice->paper)->required()->check(CLI::IsMember(PaperNames()));
  sample->add_option("--lang", choice->language, "en, th or vi")
      ->check(CLI::IsMember(presenters::Words::Languages()))
      ->capture_default_str();
  AddOutputOptions(*sample, *choice);
  sample->callback([choice, &context] {
    context.run = [choice, &context] {
      const int paper_mm = choice->paper_mm == 0 ? 80 : choice->paper_mm;
      const PaperLook look(context, {}, paper_mm);
      if (choice->png.empty() && choice->pdf.empty()) choice->text = true;
      const auto document = presenters::ComposeSample(choice->paper, choice->language, look.Options(*choice));
      const auto written = WritePaper(document, *choice, paper_mm);
      return written ? kDone : Complain(written.error().ToString());
    };
  });
}

}  // namespace evertill::cli
