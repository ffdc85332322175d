#include <CLI/CLI.hpp>

#include "app/checkout/errors.h"
#include "app/cli/context.h"
#include "app/cli/output.h"
#include "app/cli/receipt_paper.h"
#include "app/presenters/receipt_composer.h"
#include "devices/printer/open_printer.h"
#include "devices/setup/devices.h"
#include "devices/setup/till_config.h"

namespace evertill::cli {
namespace {

namespace json = boost::json;

json::object ToJson(const domain::Sale& sale, const std::string& link) {
  json::array lines;
  for (const auto& line : sale.lines) {
    lines.push_back({{"line", line.number},
                     {"sku", line.sku},
                     {"barcode", line.barcode},
                     {"name", line.name},
                     {"qty", line.quantity.ToString()},
                     {"unit_price", line.unit_price.ToDecimal()},
                     {"total", line.total.ToDecimal()},
                     {"tax", line.tax.ToDecimal()}});
  }
  json::array tenders;
  for (const auto& tender : sale.tenders) {
    tenders.push_back({{"kind", std::string(domain::TenderName(tender.kind))},
                       {"amount", tender.amount.ToDecimal()},
                       {"given", tender.given.ToDecimal()}});
  }
  return {{"receipt", sale.receipt.Value()},
          {"kind", std::string(domain::SaleKind(sale))},
          {"refund_of", sale.refund ? json::value(sale.refund->receipt.Value()) : json::value(nullptr)},
          {"link", link},
          {"store", sale.terminal.store.Value()},
          {"till", sale.terminal.till.Value()},
          {"at", base::FormatUtc(sale.at)},
          {"cashier", sale.cashier_name},
          {"event", sale.id.ToString()},
          {"seq", sale.seq},
          {"lines", std::move(lines)},
          {"subtotal", sale.totals.subtotal.ToDecimal()},
          {"savings", sale.totals.savings.ToDecimal()},
          {"tax", sale.totals.tax.ToDecimal()},
          {"total", sale.totals.total.ToDecimal()},
          {"rounding", sale.totals.rounding.ToDecimal()},
          {"tenders", std::move(tenders)},
          {"change", sale.change.ToDecimal()},
          {"member", sale.member ? json::value(sale.member->id.ToString()) : json::value(nullptr)},
          {"points",
           {{"before", sale.points.before},
            {"earned", sale.points.earned},
            {"spent", sale.points.spent},
            {"after", sale.points.after},
            {"provisional", sale.points.provisional},
            {"withheld", sale.points.withheld}}}};
}

void PrintText(const domain::Sale& sale) {
  PrintLine(sale.receipt.Value() + "  " + base::FormatLocal(sale.at) + "  " + sale.cashier_name);
  for (const auto& line : sale.lines) {
    PrintLine("  " + line.quantity.ToString() + " x " + line.unit_price.ToDecimal() + "  " + line.total.ToDecimal() +
              "  " + line.name);
  }
  PrintLine("  total " + sale.totals.total.ToDecimal() + "  tax " + sale.totals.tax.ToDecimal() + "  change " +
            sale.change.ToDecimal());
  if (sale.member) {
    PrintLine("  points " + std::to_string(sale.points.before) + " + " + std::to_string(sale.points.earned) + " - " +
              std::to_string(sale.points.spent) + " = " + std::to_string(sale.points.after) +
              (sale.points.provisional ? "  (provisional)" : ""));
  }
}

base::Expected<domain::Sale> FindSale(store::TillStore& store, const std::string& number) {
  EVERTILL_ASSIGN(const std::optional<domain::Sale> sale, store.Sales().FindSale(domain::ReceiptNumber(number)));
  if (!sale) return base::Fail(checkout::CheckoutErrc::kReceiptNotFound, number);
  return *sale;
}

base::Expected<int> List(Context& context, store::TillStore& store, int64_t limit) {
  EVERTILL_ASSIGN(const std::vector<store::ReceiptRow> rows, store.Sales().List(limit));
  if (context.json) {
    json::array receipts;
    for (const auto& row : rows) {
      receipts.push_back({{"receipt", row.receipt.Value()},
                          {"at", base::FormatUtc(row.at)},
                          {"total", row.total.ToDecimal()},
                          {"lines", row.lines},
                          {"seq", row.seq},
                          {"print", row.wants_print ? std::string(store::PrintStateName(row.print)) : "none"}});
    }
    PrintJson(json::object{{"receipts", std::move(receipts)}});
    return kDone;
  }
  for (const auto& row : rows) {
    PrintLine(row.receipt.Value() + "  " + base::FormatLocal(row.at) + "  " + row.total.ToDecimal() + "  " +
              std::to_string(row.lines) + (row.lines == 1 ? " line" : " lines") +
              (row.wants_print ? "  " + std::string(store::PrintStateName(row.print)) : ""));
  }
  return kDone;
}

base::Expected<int> Show(Context& context, store::TillStore& store, const std::string& number, PaperChoice choice) {
  EVERTILL_ASSIGN(const domain::Sale sale, FindSale(store, number));
  if (!choice.paper.empty() && !choice.WantsOutput()) choice.text = true;
  if (choice.WantsOutput()) {
    EVERTILL_ASSIGN(const devices::setup::TillConfig config, devices::setup::LoadTillConfig(context.data_dir));
    const int paper_mm = choice.paper_mm == 0 ? config.paper_mm : choice.paper_mm;
    EVERTILL_TRY(CheckInvoice(choice, store.Identity(), config.shop));
    const PaperLook look(context, config.shop, paper_mm);
    auto options = look.Options(choice);
    options.links = &store.Links();
    EVERTILL_TRY(WritePaper(presenters::ComposeSaleReceipt(sale, store.Identity(), options), choice, paper_mm));
  } else if (context.json) {
    EVERTILL_ASSIGN(const std::string link, store.Links().LinkFor(sale));
    PrintJson(ToJson(sale, link));
  } else {
    PrintText(sale);
  }
  return kDone;
}

base::Expected<int> Print(Context& context, store::TillStore& store, const std::string& number, std::string to,
                          const PaperChoice& choice) {
  EVERTILL_ASSIGN(const devices::setup::TillConfig config, devices::setup::LoadTillConfig(context.data_dir));
  if (to.empty()) to = config.printer;
  if (to.empty()) {
    return base::Fail(store::StoreErrc::kBadConfig, "no printer: use --to, or set [printer] address in till.toml");
  }
  EVERTILL_ASSIGN(const auto profile, devices::setup::PrinterProfileOf(config, context.data_dir));
  EVERTILL_ASSIGN(const std::unique_ptr<checkout::ReceiptPrinter> printer, devices::printer::OpenPrinter(to, profile));
  EVERTILL_ASSIGN(const domain::Sale sale, FindSale(store, number));
  EVERTILL_ASSIGN(const std::optional<checkout::PrintRecord> before, store.Prints().PrintStateOf(sale.receipt));
  EVERTILL_TRY(CheckInvoice(choice, store.Identity(), config.shop));
  const PaperLook look(context, config.shop, config.paper_mm);
  auto options = look.Options(choice);
  options.links = &store.Links();
  options.drawer_kick = config.drawer.where == devices::setup::DrawerConfig::Where::kPrinter;
  // Another paper than the receipt itself says nothing about whether that was printed.
  const bool receipt = choice.paper.empty();
  options.copy = receipt && before && before->state != checkout::PrintState::kQueued &&
                 before->state != checkout::PrintState::kFailed;
  auto printed = printer->Print(presenters::ComposeSaleReceipt(sale, store.Identity(), options));
  if (!printed) return base::Fail(std::move(printed.error()));
  if (receipt) EVERTILL_TRY(store.Prints().SetPrintState({sale.receipt, *printed, {}}));
  const std::string state(store::PrintStateName(*printed));
  if (context.json) {
    PrintJson(json::object{{"receipt", number}, {"print", state}});
  } else {
    PrintLine(number + ": " + state);
  }
  if (*printed != checkout::PrintState::kUnknown && *printed != checkout::PrintState::kFailed) return kDone;
  return Complain(to + " stopped taking data; look whether " + number + " is on paper before printing it again");
}

void AddList(CLI::App& receipt, Context& context) {
  auto limit = std::make_shared<int64_t>(0);
  auto* list = receipt.add_subcommand("list", "List receipts, newest first");
  list->add_option("--limit", *limit, "At most this many (default: all)")->check(ZeroOrMore());
  list->callback([limit, &context] {
    context.run = [limit, &context] {
      return WithStore(context, [&](store::TillStore& store) { return List(context, store, *limit); });
    };
  });
}

void AddShow(CLI::App& receipt, Context& context) {
  auto number = std::make_shared<std::string>();
  auto choice = std::make_shared<PaperChoice>();
  auto* show = receipt.add_subcommand("show", "Show a receipt: its numbers, or the paper as text, PNG or PDF");
  show->add_option("NUMBER", *number)->required();
  AddOutputOptions(*show, *choice);
  AddTemplateOptions(*show, *choice);
  show->callback([number, choice, &context] {
    context.run = [number, choice, &context] {
      return WithStore(context, [&](store::TillStore& store) { return Show(context, store, *number, *choice); });
    };
  });
}

void AddPrint(CLI::App& receipt, Context& context) {
  auto number = std::make_shared<std::string>();
  auto to = std::make_shared<std::string>();
  auto choice = std::make_shared<PaperChoice>();
  auto* print = receipt.add_subcommand(
      "print", "Print a receipt: the original once, after that marked as a copy that opens no drawer");
  print->add_option("NUMBER", *number)->required();
  print->add_option("--to", *to, "tcp://HOST[:PORT], usb:, serial:PATH, cups:QUEUE or file:PATH (default: the till's)");
  AddTemplateOptions(*print, *choice);
  print->callback([number, to, choice, &context] {
    context.run = [number, to, choice, &context] {
      return WithStore(context, [&](store::TillStore& store) { return Print(context, store, *number, *to, *choice); });
    };
  });
}

}  // namespace

void AddReceiptCommands(CLI::App& app, Context& context) {
  auto* receipt = app.add_subcommand("receipt", "Saved sales and their paper")->require_subcommand(1);
  AddList(*receipt, context);
  AddShow(*receipt, context);
  AddPrint(*receipt, context);
  AddReceiptSample(*receipt, context);
}

}  // namespace evertill::cli
