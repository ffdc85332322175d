#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/render/bitmap.h"

namespace evertill::devices::sim {

/// One label that came out.
struct SimLabel {
  render::Bitmap picture;
  int copies = 1;
  std::vector<std::string> commands;  ///< The names of all commands that made it, in order.
  int unknown = 0;                    ///< Of these, such as this printer does not know.
};

/// A label printer that speaks ZPL II or EPL2 as far as pictures go, as the makers' guides describe them. One thread.
class SimLabelPrinter {
 public:
  enum class Language { kZpl, kEpl };
  explicit SimLabelPrinter(Language language) : language_(language) {}

  /// Bytes from the host; returns what the printer answers (~HS).
  [[nodiscard]] std::string Take(std::string_view bytes);
  /// Called for each label.
  void OnLabel(std::function<void(const SimLabel&)> callback) { on_label_ = std::move(callback); }
  /// `paper ok|out`, `head open|closed`, `pause on|off`, `status`; answers one line of JSON.
  [[nodiscard]] std::string Control(std::string_view line);
  /// The connection ended: what is not whole is forgotten.
  void Disconnect();

 private:
  [[nodiscard]] std::string TakeZpl();
  void RunZpl(std::string_view name, std::string_view parameters);
  void DrawZplGraphic(std::string_view parameters);
  /// Runs the first command of `pending_`; false while it is not whole.
  [[nodiscard]] bool TakeEpl();
  void Finish();
  [[nodiscard]] std::string HostStatus() const;

  const Language language_;
  std::function<void(const SimLabel&)> on_label_;
  std::string pending_;
  SimLabel label_;
  int width_ = 832;
  int length_ = 1218;
  int x_ = 0;
  int y_ = 0;
  int labels_ = 0;
  bool paper_out_ = false;
  bool head_open_ = false;
  bool paused_ = false;
};

/// The bytes of a ^GFA field's data: hexadecimal digits in runs, ',' fills a row with noughts, '!' with ones, ':'
/// repeats the row above.
[[nodiscard]] std::string DecodeZplRuns(std::string_view data, size_t bytes_in_row, size_t bytes);

}  // namespace evertill::devices::sim
