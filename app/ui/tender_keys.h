#pragma once

#include <wx/panel.h>

#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "app/presenters/entry.h"
#include "app/presenters/view.h"
#include "app/presenters/words.h"
#include "app/ui/command.h"
#include "app/ui/key_button.h"

namespace evertill::ui {

/// The keys at the bottom right: exact cash and likely notes; search, void, clear, lock; and Pay.
class TenderKeys final : public wxPanel {
 public:
  TenderKeys(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command);
  /// `clearing`: Clear was pressed once and waits to be pressed again.
  void Update(const presenters::View& view, const presenters::EntryLine& entry, bool clearing,
              const presenters::Words& words);
  void ApplyScale();

 private:
  KeyButton* Add(Command command, KeyStyle style, int px);
  void Place();

  const Theme& theme_;
  std::function<void(Command)> on_command_;
  KeyButton* exact_;
  std::array<KeyButton*, 3> notes_{};
  KeyButton *search_, *void_line_, *clear_, *lock_, *pay_;
};

}  // namespace evertill::ui
