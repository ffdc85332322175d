#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/ui/command.h"
#include "app/ui/key_button.h"
#include "app/ui/painter.h"

namespace evertill::ui {

/// What the notice bar says, and the key that leads out.
struct NoticeText {
  enum class Tone { kBad, kWarn, kCalm };
  Tone tone = Tone::kBad;
  std::string message;
  std::string detail;
  std::optional<Command> way_out;
  std::string key;               ///< label of the way out
  std::string shortcut;          ///< of the way out
  std::optional<Command> other;  ///< a second answer, where there are two
  std::string other_key;
  std::string other_shortcut;
  bool operator==(const NoticeText&) const = default;
};

/// One row under the basket's lines: why an act was refused, and what to do. It waits for nobody: the next act takes it
/// away.
class NoticeBar final : public wxWindow {
 public:
  NoticeBar(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command);
  [[nodiscard]] bool AcceptsFocus() const override { return false; }
  void ShowText(const NoticeText& notice);
  void ApplyScale();

 private:
  void OnPaint(wxPaintEvent& event);
  void Place();

  const Theme& theme_;
  KeyButton* key_;
  KeyButton* other_;
  NoticeText notice_;
};

}  // namespace evertill::ui
