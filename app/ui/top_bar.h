#pragma once

#include <array>
#include <functional>
#include <string>

#include "app/presenters/device_view.h"
#include "app/presenters/view.h"
#include "app/presenters/words.h"
#include "app/ui/command.h"
#include "app/ui/key_button.h"
#include "app/ui/theme.h"

namespace evertill::ui {

/// The dark bar on top: till and store, the languages, the devices, how the till stands with head office, who sells,
/// the time.
class TopBar final : public wxWindow {
 public:
  TopBar(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command);
  [[nodiscard]] bool AcceptsFocus() const override { return false; }

  void Update(const presenters::View& view, const presenters::SyncView& sync, const presenters::Words& words,
              const presenters::DeviceMark& devices, const std::string& time);
  void ApplyScale();

 private:
  void OnPaint(wxPaintEvent& event);
  void PlaceLanguages();
  [[nodiscard]] std::string MarkText() const;

  const Theme& theme_;
  std::array<KeyButton*, 3> languages_{};
  KeyButton* devices_;
  presenters::DeviceMark mark_;
  std::string till_, store_, pill_, who_, language_;
  presenters::SyncView::State state_ = presenters::SyncView::State::kNotEnrolled;
};

}  // namespace evertill::ui
