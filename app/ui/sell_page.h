#pragma once

#include <wx/panel.h>

#include <functional>

#include "app/ui/basket_card.h"
#include "app/ui/controller.h"
#include "app/ui/device_page.h"
#include "app/ui/enrol_panel.h"
#include "app/ui/entry_card.h"
#include "app/ui/keypad.h"
#include "app/ui/member_card.h"
#include "app/ui/paid_card.h"
#include "app/ui/pin_panel.h"
#include "app/ui/search_panel.h"
#include "app/ui/tender_keys.h"
#include "app/ui/totals_card.h"

namespace evertill::ui {

/// Selling: the basket (or what stands in its place) and its total at the left; the member, the entry line and the keys
/// at the right.
class SellPage final : public wxPanel {
 public:
  struct Handlers {
    std::function<void(Command)> command;
    std::function<void(char)> digit;
    SearchPanel::Handlers search;
    EnrolPanel::Handlers enrol;
    PinPanel::Handlers pin;
    DevicePage::Handlers devices;
  };
  SellPage(wxWindow* parent, const Theme& theme, Handlers handlers);

  void Update(const Controller& controller, const presenters::View& view);
  void UpdateEntry(const Controller& controller, const presenters::View& view);
  void UseWords(const presenters::Words& words);
  void ApplyScale();
  void OpenPanel(Panel panel, const std::string& text, const std::string& language);
  void ClosePanel();
  /// Where the focus stands while selling.
  void TakeFocus() { entry_->SetFocus(); }

  [[nodiscard]] BasketList& List() { return basket_->List(); }
  [[nodiscard]] const BasketList& List() const { return basket_->List(); }
  [[nodiscard]] SearchPanel& Search() { return *search_; }
  [[nodiscard]] EnrolPanel& Enrol() { return *enrol_; }
  [[nodiscard]] PinPanel& Pin() { return *pin_; }
  [[nodiscard]] DevicePage& Devices() { return *devices_; }

 private:
  void Place();
  void ShowLeft(bool paid);

  const Theme& theme_;
  BasketCard* basket_;
  TotalsCard* totals_;
  PaidCard* paid_;
  SearchPanel* search_;
  EnrolPanel* enrol_;
  PinPanel* pin_;
  DevicePage* devices_;
  MemberCard* member_;
  EntryCard* entry_;
  Keypad* keypad_;
  TenderKeys* tender_;
  Panel panel_ = Panel::kNone;
  bool was_paid_ = false;
  int64_t search_answers_ = 0;
};

}  // namespace evertill::ui
