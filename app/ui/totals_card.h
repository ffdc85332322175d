#pragma once

#include <string>
#include <vector>

#include "app/presenters/view.h"
#include "app/presenters/words.h"
#include "app/ui/card.h"

namespace evertill::ui {

/// What the basket comes to.
class TotalsCard final : public Card {
 public:
  TotalsCard(wxWindow* parent, const Theme& theme);
  void Update(const presenters::View& view, const presenters::Words& words);
  void ApplyScale();

 protected:
  void Draw(Painter& paint, const wxRect& area) override;

 private:
  struct Row {
    std::string label;
    std::string value;
    bool good = false;
    bool strong = false;
    bool operator==(const Row&) const = default;
  };
  struct Content {
    std::vector<Row> rows;
    std::string title;
    std::string total;
    std::string paid;
    int decimals = 0;
    bool operator==(const Content&) const = default;
  };
  static void ShowSum(const presenters::View& view, const presenters::Words& words, Content& next);

  Content content_;
};

}  // namespace evertill::ui
