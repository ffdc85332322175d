#pragma once

#include <string>
#include <vector>

#include "app/presenters/view.h"
#include "app/presenters/words.h"
#include "app/ui/card.h"

namespace evertill::ui {

/// After the sale: it is saved, this is the change, these are the points, and this is how the receipt stands. Stays
/// until the next act, which may be the next customer's first scan.
class PaidCard final : public Card {
 public:
  PaidCard(wxWindow* parent, const Theme& theme);
  void Update(const presenters::View& view, const presenters::PrintView& print, const presenters::Words& words);

 protected:
  void Draw(Painter& paint, const wxRect& area) override;

 private:
  enum class Tone { kCalm, kGood, kWarn };
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
    std::string print;
    Tone print_tone = Tone::kCalm;
    bool operator==(const Content&) const = default;
  };
  [[nodiscard]] static std::string PrintText(const presenters::PrintView& print, const presenters::Words& words,
                                             Tone& tone);
  [[nodiscard]] static std::string ReceiptText(const presenters::View& view, const presenters::PrintView& print,
                                               const presenters::Words& words, Tone& tone);
  void DrawFigures(Painter& paint, const std::vector<Figure>& figures, const wxRect& area);

  Content content_;
};

}  // namespace evertill::ui
