#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "app/domain/receipt.h"
#include "app/presenters/receipt_template_fields.h"
#include "app/presenters/words.h"

namespace evertill::presenters {

enum class TemplateErrc { kBadTemplate };
[[nodiscard]] constexpr std::string_view ErrorName(TemplateErrc /*code*/) {
  return "bad_receipt_template";
}

/// What a receipt looks like, as data (assets/receipts/README.md tells the language): parts in order, each drawn when
/// its conditions hold. Immutable; any thread.
class ReceiptTemplate {
 public:
  struct Source {
    std::string file;  ///< named in errors
    std::string text;  ///< TOML
  };
  /// Finds what `use = "head"` names; nothing where there is no such file.
  using FindSource = std::function<std::optional<Source>(const std::string& name)>;

  ReceiptTemplate(ReceiptTemplate&&) noexcept;
  ReceiptTemplate& operator=(ReceiptTemplate&&) noexcept;
  ~ReceiptTemplate();

  /// `known` has every name that the template may use, with at least one item in each list. kBadTemplate names file,
  /// line and reason.
  [[nodiscard]] static base::Expected<ReceiptTemplate> Parse(const Source& source, const Fields& known,
                                                             const FindSource& find);

  /// The language that this paper must be in by law; empty: the reader's.
  [[nodiscard]] const std::string& Language() const;
  [[nodiscard]] domain::ReceiptDocument Compose(const Fields& fields, const Words& words) const;

  struct Part;  ///< internal

 private:
  struct Content;
  explicit ReceiptTemplate(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

}  // namespace evertill::presenters
