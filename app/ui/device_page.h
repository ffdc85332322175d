#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/presenters/device_view.h"
#include "app/ui/card.h"
#include "app/ui/command.h"
#include "app/ui/key_button.h"

namespace evertill::ui {

/// What hangs on the till, live: each device, how it is, what to do about it; and how the last receipt stands. Selling
/// goes on meanwhile: a scan closes it.
class DevicePage final : public Card {
 public:
  struct Handlers {
    std::function<void(presenters::DeviceAct, checkout::DeviceKind, std::string address)> use;
    std::function<void(Command)> command;
    std::function<void()> close;
  };
  /// How the last receipt stands; `text` is empty where there was none.
  struct LastReceipt {
    std::string text;
    presenters::PrintWords print;
    bool operator==(const LastReceipt&) const = default;
  };

  DevicePage(wxWindow* parent, const Theme& theme, Handlers handlers);
  void Open();
  /// Devices in the order in which they are shown.
  void Update(std::vector<presenters::DeviceView> devices, LastReceipt last, const presenters::Words& words);
  /// More rows than fit are scrolled.
  void Scroll(int delta);
  void ApplyScale();

 protected:
  void Draw(Painter& paint, const wxRect& area) override;

 private:
  void Place();
  [[nodiscard]] int RowHeight() const;
  [[nodiscard]] size_t RowsThatFit() const;
  [[nodiscard]] wxRect RowArea(size_t place) const;
  void DrawRow(Painter& paint, const wxRect& area, const presenters::DeviceView& device);
  static void DrawPicture(Painter& paint, const wxRect& area, checkout::DeviceKind kind, const wxColour& ink);
  static void DrawMark(Painter& paint, wxPoint centre, presenters::Tone tone);
  void DrawLast(Painter& paint, const wxRect& area);

  Handlers handlers_;
  std::vector<presenters::DeviceView> devices_;
  LastReceipt last_;
  std::string title_, lead_, empty_, more_;
  size_t first_ = 0;
  std::vector<KeyButton*> keys_;  ///< one for each place on the page
  KeyButton* again_;
  KeyButton* leave_;
  KeyButton* close_;
};

}  // namespace evertill::ui
