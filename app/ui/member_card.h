#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/presenters/view.h"
#include "app/presenters/words.h"
#include "app/ui/card.h"
#include "app/ui/command.h"
#include "app/ui/key_button.h"

namespace evertill::ui {

/// Who is buying: the member's name, points, what they are worth, and how many can be used here and why not more; or
/// how to attach one.
class MemberCard final : public Card {
 public:
  MemberCard(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command);
  void Update(const presenters::View& view, const presenters::Words& words);
  void ApplyScale();

 protected:
  void Draw(Painter& paint, const wxRect& area) override;

 private:
  void Place();
  struct Content {
    bool attached = false;
    std::string initials, name, detail;
    std::string points_label, points, worth_label, worth, as_of;
    std::vector<std::string> usable;  ///< the most important first: as many as there is room for are shown
    bool hindered = false;
    bool operator==(const Content&) const = default;
  };
  static void ShowUsable(const presenters::MemberView& member, const presenters::Words& words, Content& next);
  void DrawUsable(Painter& paint, const wxRect& area);

  Content content_;
  KeyButton* key_;     ///< uses points, or makes a member
  KeyButton* remove_;  ///< takes the member off this sale
};

}  // namespace evertill::ui
