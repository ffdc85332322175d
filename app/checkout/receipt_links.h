#pragma once

#include <string>

#include "app/base/expected.h"
#include "app/domain/sale.h"

namespace evertill::checkout {

/// What a receipt's QR says. Implemented by store/. Any thread.
class ReceiptLinks {
 public:
  virtual ~ReceiptLinks() = default;
  /// "<head office>/r#<proof>": where the member sees this receipt, with what proves it, signed by this till. The
  /// receipt's number alone where the till is not enrolled, or where the proof is too long for receipt paper.
  [[nodiscard]] virtual base::Expected<std::string> LinkFor(const domain::Sale& sale) = 0;
};

}  // namespace evertill::checkout
