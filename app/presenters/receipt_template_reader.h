#pragma once

#include <string>
#include <vector>

#include "app/presenters/receipt_template_part.h"

namespace evertill::presenters {

/// Reads the parts of a template, and of those that it uses. kBadTemplate names file, line and reason.
class TemplateReader {
 public:
  TemplateReader(const Fields& known, const ReceiptTemplate::FindSource& find) : known_(known), find_(find) {}

  struct Result {
    std::string language;
    std::vector<ReceiptTemplate::Part> parts;
  };
  [[nodiscard]] base::Expected<Result> Read(const ReceiptTemplate::Source& source);

 private:
  const Fields& known_;
  const ReceiptTemplate::FindSource& find_;
};

}  // namespace evertill::presenters
