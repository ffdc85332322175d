#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "app/presenters/act.h"

namespace evertill::presenters {

/// What the entry line is being typed for.
enum class EntryMode { kCode, kQuantity, kMember, kCash };

/// The one line of typed characters at the counter, and what the keys around it make of it. A verb works before or
/// after its number: "3, Qty" and "Qty, 3, Enter" are the same.
class EntryLine {
 public:
  static constexpr size_t kLongest = 64;

  [[nodiscard]] const std::string& Text() const { return text_; }
  [[nodiscard]] EntryMode Mode() const { return mode_; }

  /// A typed character. Where a number is wanted, only digits and one decimal point are taken (a comma is a point).
  void Type(char character);
  /// Takes the last character away; on an empty line, goes back to kCode.
  void Erase();
  /// Empties the line, and leaves its mode.
  void Clear();

  /// Each key answers with the act to send, or with nothing when it only changed what the line is for.
  /// `line` is the basket's chosen line.
  [[nodiscard]] std::optional<Act> Enter(std::optional<int> line);
  [[nodiscard]] std::optional<Act> PressQuantity(std::optional<int> line);
  [[nodiscard]] std::optional<Act> PressMember();
  /// Takes the typed amount as cash; without one, asks for it; pressed again without one, takes the exact sum.
  [[nodiscard]] std::optional<Act> PressPay();
  /// Asks for cash, as PressPay() does, unless something is typed or asked for already.
  void AskCash();

 private:
  std::string TakeText();

  std::string text_;
  EntryMode mode_ = EntryMode::kCode;
};

}  // namespace evertill::presenters
