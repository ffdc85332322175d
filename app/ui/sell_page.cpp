#include "app/ui/sell_page.h"

#include <gtk/gtk.h>

#include <algorithm>
#include <utility>

namespace evertill::ui {
namespace {

constexpr int kGap = 12;
constexpr int kRightColumn = 508;
constexpr double kSmallestKeyMm = 20;

/// Pixels of one millimetre on the monitor that shows `window`; 0 where the monitor doesn't say.
double PixelsPerMm(wxWindow& window) {
  GdkWindow* surface = gtk_widget_get_window(window.GetHandle());
  if (surface == nullptr) return 0;
  GdkMonitor* monitor = gdk_display_get_monitor_at_window(gdk_window_get_display(surface), surface);
  if (monitor == nullptr || gdk_monitor_get_width_mm(monitor) < 50) return 0;
  GdkRectangle area;
  gdk_monitor_get_geometry(monitor, &area);
  const double density = static_cast<double>(area.width) / gdk_monitor_get_width_mm(monitor);
  // Outside of what screens are, the monitor's word is worth nothing (televisions and adapters invent sizes).
  return density < 2.5 || density > 12 ? 0 : density;
}

}  // namespace

SellPage::SellPage(wxWindow* parent, const Theme& theme, Handlers handlers)
    : wxPanel(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxTAB_TRAVERSAL), theme_(theme) {
  SetBackgroundColour(theme.Colours().ground);
  basket_ = new BasketCard(this, theme, handlers.command);
  totals_ = new TotalsCard(this, theme);
  paid_ = new PaidCard(this, theme, handlers.command);
  search_ = new SearchPanel(this, theme, std::move(handlers.search));
  enrol_ = new EnrolPanel(this, theme, std::move(handlers.enrol));
  pin_ = new PinPanel(this, theme, std::move(handlers.pin));
  devices_ = new DevicePage(this, theme, std::move(handlers.devices));
  member_ = new MemberCard(this, theme, handlers.command);
  entry_ = new EntryCard(this, theme);
  keypad_ = new Keypad(this, theme, Keypad::Kind::kSell, handlers.digit, handlers.command);
  tender_ = new TenderKeys(this, theme, handlers.command);
  paid_->Hide();
  search_->Hide();
  enrol_->Hide();
  pin_->Hide();
  devices_->Hide();
  Bind(wxEVT_SIZE, [this](wxSizeEvent&) { Place(); });
}

void SellPage::Place() {
  const wxSize size = GetClientSize();
  const int gap = theme_.Px(kGap);
  // Four keys across; each at least a thumb wide, where the screen says how big it is and has the room.
  const int for_thumbs = static_cast<int>(4 * kSmallestKeyMm * PixelsPerMm(*this)) + 3 * theme_.Px(8);
  const int most = std::max(theme_.Px(kRightColumn), size.x * 46 / 100);
  const int right = std::clamp(for_thumbs, theme_.Px(kRightColumn), most);
  const int left = size.x - right - 3 * gap;
  if (left < 100 || size.y < 400) return;  // not laid out yet

  const int height = size.y - 2 * gap;
  const int totals = totals_->GetMinSize().y;
  basket_->SetSize(gap, gap, left, height - totals - gap);
  search_->SetSize(basket_->GetRect());
  enrol_->SetSize(gap, gap, left, height);
  pin_->SetSize(gap, gap, left, height);
  devices_->SetSize(gap, gap, left, height);
  totals_->SetSize(gap, size.y - gap - totals, left, totals);
  paid_->SetSize(gap, gap, left, height);

  const int x = left + 2 * gap;
  int y = gap;
  const int member = member_->GetMinSize().y;
  member_->SetSize(x, y, right, member);
  y += member + gap;
  const int entry = entry_->GetMinSize().y;
  entry_->SetSize(x, y, right, entry);
  y += entry + theme_.Px(8);
  const int tender = tender_->GetMinSize().y;
  const int tender_top = size.y - gap - tender;
  keypad_->SetSize(x, y, right, tender_top - gap - y);
  keypad_->Layout();
  tender_->SetSize(x, tender_top, right, tender);
}

void SellPage::ApplyScale() {
  basket_->ApplyScale();
  totals_->ApplyScale();
  search_->ApplyScale();
  enrol_->ApplyScale();
  pin_->ApplyScale();
  devices_->ApplyScale();
  paid_->ApplyScale();
  member_->ApplyScale();
  entry_->ApplyScale();
  keypad_->ApplyScale();
  tender_->ApplyScale();
  Place();
}

void SellPage::UseWords(const presenters::Words& words) {
  search_->UseWords(words);
  enrol_->UseWords(words);
  pin_->UseWords(words);
  keypad_->UseWords(words);
}

void SellPage::ShowLeft(bool paid) {
  const bool paid_now = paid && panel_ == Panel::kNone;
  paid_->Show(paid_now);
  basket_->Show(!paid_now && panel_ == Panel::kNone);
  search_->Show(panel_ == Panel::kSearch);
  enrol_->Show(panel_ == Panel::kEnrol);
  pin_->Show(panel_ == Panel::kPin);
  devices_->Show(panel_ == Panel::kDevices);
  totals_->Show(!paid_now && (panel_ == Panel::kNone || panel_ == Panel::kSearch));
}

void SellPage::OpenPanel(Panel panel, const std::string& text, const std::string& language) {
  panel_ = panel;
  ShowLeft(was_paid_);
  if (panel == Panel::kSearch) search_->Open(text);
  if (panel == Panel::kEnrol) enrol_->Open(text, language);
  if (panel == Panel::kPin) pin_->Open();
  if (panel == Panel::kDevices) devices_->Open();
}

void SellPage::ClosePanel() {
  panel_ = Panel::kNone;
  ShowLeft(was_paid_);
  TakeFocus();
}

void SellPage::Update(const Controller& controller, const presenters::View& view) {
  const presenters::Words& words = controller.GetWords();
  const bool paid = view.phase == presenters::Phase::kPaid;
  if (paid) paid_->Update(view, controller.ReceiptWords(), words);
  if (const auto notice = controller.CurrentNotice()) {
    basket_->ShowNotice(*notice);
  } else {
    basket_->HideNotice();
  }
  basket_->Update(view, words);
  totals_->Update(view, words);
  member_->Update(view, words);
  if (controller.SearchAnswers() != search_answers_) {
    search_answers_ = controller.SearchAnswers();
    search_->ShowFound(view.found, words);
  }
  if (panel_ == Panel::kDevices) {
    auto [receipt, print] = controller.LastPrint();
    devices_->Update(controller.Devices(), {std::move(receipt), std::move(print)}, words);
  }
  if (panel_ == Panel::kEnrol) enrol_->ShowProblem(controller.Refusal());
  if (panel_ == Panel::kPin) pin_->ShowProblem(controller.Refusal());
  if (paid != was_paid_) {
    was_paid_ = paid;
    ShowLeft(paid);
  }
  UpdateEntry(controller, view);
}

void SellPage::UpdateEntry(const Controller& controller, const presenters::View& view) {
  entry_->Update(controller.Entry(), view, controller.GetWords());
  tender_->Update(view, controller.Entry(), controller.Clearing(), controller.GetWords());
}

}  // namespace evertill::ui
