#pragma once

#include <wx/timer.h>

#include <functional>
#include <string>
#include <vector>

#include "app/presenters/view.h"
#include "app/presenters/words.h"
#include "app/ui/card.h"
#include "app/ui/fields.h"
#include "app/ui/key_button.h"
#include "app/ui/search_list.h"

namespace evertill::ui {

/// Looks products up by name while they are typed. Choosing one is as good as scanning it.
class SearchPanel final : public Card {
 public:
  struct Handlers {
    std::function<void(std::string text)> search;
    std::function<void(std::string barcode)> choose;
    std::function<void()> close;
  };
  SearchPanel(wxWindow* parent, const Theme& theme, Handlers handlers);

  /// Begins with `text` already typed.
  void Open(const std::string& text);
  void ShowFound(const std::vector<presenters::FoundView>& found, const presenters::Words& words);
  void UseWords(const presenters::Words& words);
  void ApplyScale();
  [[nodiscard]] TextField& Field() { return *field_; }
  void Choose(int delta) { list_->Choose(delta); }
  void Accept();

 protected:
  void Draw(Painter& paint, const wxRect& area) override;

 private:
  void Place();
  void SearchNow();

  Handlers handlers_;
  TextField* field_;
  KeyButton* close_;
  SearchList* list_;
  wxTimer pause_;
  std::vector<std::string> barcodes_;
  std::vector<presenters::FoundView> found_;
  std::string hint_, none_;
  bool answered_ = false;
};

}  // namespace evertill::ui
