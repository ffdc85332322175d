#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/presenters/print_words.h"
#include "app/presenters/view.h"
#include "app/presenters/words.h"
#include "app/ui/card.h"
#include "app/ui/command.h"
#include "app/ui/key_button.h"

namespace evertill::ui {

/// After the sale: it is saved, this is the change, these are the points, and this is how the receipt stands. Stays
/// until the next act, which may be the next customer's first scan.
class PaidCard final : public Card {
 public:
  PaidCard(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command);
  /// `print`: how this sale's receipt stands, or what keeps it waiting.
  void Update(const presenters::View& view, const presenters::PrintWords& print, const presenters::Words& words);
  void ApplyScale();

 protected:
  void Draw(Painter& paint, const wxRect& area) override;

 private:
  struct Figure {
    std::string label;
    std::string value;
    bool good = false;
    bool operator==(const Figure&) const = default;
  };
  struct Content {
    std::string saved, change_label, change, next;
    int decimals = 0;
    bool exact = false;  ///< nothing to give back: `change` is what was paid
    std::vector<Figure> sums;
    std::string points_title;
    std::vector<Figure> points;
    presenters::PrintWords print;
    bool operator==(const Content&) const = default;
  };
  void Place();
  [[nodiscard]] int Foot() const;
  void DrawPrint(Painter& paint, const wxRect& foot);
  void DrawFigures(Painter& paint, const std::vector<Figure>& figures, const wxRect& area);

  Content content_;
  KeyButton* again_;
  KeyButton* leave_;
};

}  // namespace evertill::ui
