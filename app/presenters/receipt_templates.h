#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/base/error.h"
#include "app/presenters/receipt_template.h"

namespace evertill::presenters {

/// Every kind of paper that a till prints. Each is a file NAME.toml.
inline constexpr std::string_view kPaperNames[] = {"sale",     "refund",   "gift",   "copy",        "tax-invoice",
                                                   "x-report", "z-report", "parked", "member-card", "shelf-label"};

/// What all papers of a shop look like. Immutable; any thread.
class ReceiptTemplates {
 public:
  /// Looks for each file in `folders`, the first first (a shop's own), then in what is built in. A broken file is told
  /// in Problems(), and the next one of that name is used in its place: a receipt is printed in any case.
  [[nodiscard]] static ReceiptTemplates Load(const std::vector<std::filesystem::path>& folders);
  /// Of a till: DIR/receipts, then share/evertill/receipts.
  [[nodiscard]] static ReceiptTemplates ForTill(const std::filesystem::path& data_dir);
  /// What is built in.
  [[nodiscard]] static const ReceiptTemplates& BuiltIn();

  /// `name`: one of kPaperNames.
  [[nodiscard]] const ReceiptTemplate& Get(std::string_view name) const;
  /// What is wrong with a shop's own files: file, line, reason.
  [[nodiscard]] const std::vector<base::Error>& Problems() const { return problems_; }

 private:
  std::map<std::string, ReceiptTemplate, std::less<>> templates_;
  std::vector<base::Error> problems_;
};

/// The files of assets/receipts: name without extension, and text.
[[nodiscard]] std::span<const std::pair<std::string_view, std::string_view>> BuiltInReceiptTexts();

}  // namespace evertill::presenters
