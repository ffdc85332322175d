#pragma once

#include <string>

#include "app/presenters/entry.h"
#include "app/presenters/view.h"
#include "app/presenters/words.h"
#include "app/ui/card.h"

namespace evertill::ui {

/// The entry line: what is being typed, what for, and for cash what the change will be.
class EntryCard final : public Card {
 public:
  EntryCard(wxWindow* parent, const Theme& theme);
  void Update(const presenters::EntryLine& entry, const presenters::View& view, const presenters::Words& words);
  void ApplyScale();
  /// The focus rests here while selling: every key is meant for the entry line.
  [[nodiscard]] bool AcceptsFocus() const override { return true; }

 protected:
  void Draw(Painter& paint, const wxRect& area) override;

 private:
  struct Content {
    std::string hint;
    std::string text;
    std::string aside;  ///< at the right: the change
    presenters::EntryMode mode = presenters::EntryMode::kCode;
    bool operator==(const Content&) const = default;
  };
  Content content_;
};

}  // namespace evertill::ui
