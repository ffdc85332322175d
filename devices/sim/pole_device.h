#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace evertill::devices::sim {

/// A customer display of 2 × 20 characters that knows Epson's DM-D commands and those of the CD5220. One thread.
class SimPole {
 public:
  /// `page`: the character set after switching on, by Epson's number for ESC t.
  explicit SimPole(int page) : first_page_(page), page_(page) { Clear(); }

  void Take(std::string_view bytes);
  /// Both lines as UTF-8, always 20 columns; marks that stand on a letter take none.
  [[nodiscard]] std::array<std::string, 2> Lines() const;
  /// True once after each change.
  [[nodiscard]] bool TakeChanged();
  /// `status`, `off` (as when its plug is pulled: dark, and everything forgotten); answers one line of JSON.
  [[nodiscard]] std::string Control(std::string_view line);
  /// Bytes that were no command that it knows.
  [[nodiscard]] int Unknown() const { return unknown_; }

  static constexpr int kColumns = 20;

 private:
  void Clear();
  void Put(char c);
  void Move(int row, int column);
  /// Runs `pending_` when it is a whole command; false while more has to come.
  [[nodiscard]] bool RunPending();
  [[nodiscard]] bool RunEscape();
  [[nodiscard]] bool RunUnitSeparator();
  void Control0(char c);

  const int first_page_;
  int page_;
  int row_ = 0;
  int column_ = 0;
  std::array<std::vector<std::string>, 2> cells_;
  std::string pending_;
  bool changed_ = false;
  int unknown_ = 0;
};

}  // namespace evertill::devices::sim
