#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/presenters/view.h"
#include "app/presenters/words.h"
#include "app/ui/basket_list.h"
#include "app/ui/card.h"
#include "app/ui/command.h"
#include "app/ui/notice_bar.h"

namespace evertill::ui {

/// The basket: its head, its lines, and below them what a refused act has to say.
class BasketCard final : public Card {
 public:
  BasketCard(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command);

  void Update(const presenters::View& view, const presenters::Words& words);
  void ShowNotice(const NoticeText& notice);
  void HideNotice();
  [[nodiscard]] BasketList& List() { return *list_; }
  void ApplyScale();

 protected:
  void Draw(Painter& paint, const wxRect& area) override;

 private:
  void Place();

  BasketList* list_;
  NoticeBar* notice_;
  std::string title_, items_, sale_, above_, empty_title_, empty_hint_;
  bool empty_ = true;
  const presenters::Words* words_ = nullptr;
};

/// The basket's lines in words.
[[nodiscard]] std::vector<BasketRow> MakeRows(const presenters::View& view, const presenters::Words& words);

}  // namespace evertill::ui
