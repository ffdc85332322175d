#pragma once

#include <functional>
#include <string>

#include "app/presenters/view.h"
#include "app/presenters/words.h"
#include "app/ui/card.h"
#include "app/ui/command.h"
#include "app/ui/key_button.h"

namespace evertill::ui {

/// Who is buying: the member's name, points and what they are worth; or how to attach one.
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
    bool operator==(const Content&) const = default;
  };
  Content content_;
  KeyButton* key_;
};

}  // namespace evertill::ui
