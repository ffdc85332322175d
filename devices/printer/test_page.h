#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/expected.h"
#include "devices/printer/printer_profile.h"

namespace evertill::devices::printer {

/// Something to be seen on the test page, and how to answer.
struct TestQuestion {
  std::string key;   ///< As in a file of answers.
  std::string text;  ///< Plain English, one line.
};

/// What is asked about the test page of `profile`, in the order of the page.
[[nodiscard]] std::vector<TestQuestion> TestQuestions(const PrinterProfile& profile);

/// A page that shows what a printer can do: width ruler, picture commands, centring, codes that it draws itself,
/// columns of its fonts, each code page's sample, Thai and Vietnamese, cut. It sends what the printer may not know:
/// that is what the questions are for. Opens no drawer. Thread-safe. Errors: those of render::LayoutReceipt().
[[nodiscard]] base::Expected<std::string> EncodeTestPage(const PrinterProfile& profile);

/// The profile that fits what was seen. `answers` by key; what is missing or empty changes nothing.
/// Errors: printer_answer_invalid, naming the question.
[[nodiscard]] base::Expected<PrinterProfile> ApplyAnswers(PrinterProfile profile,
                                                          const std::map<std::string, std::string>& answers);

}  // namespace evertill::devices::printer
