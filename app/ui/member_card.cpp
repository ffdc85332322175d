#include "app/ui/member_card.h"

#include <algorithm>
#include <utility>

#include "app/ui/accessible.h"

namespace evertill::ui {
namespace {

constexpr int kHeight = 160;

/// A language's name in itself: what the receipt will be in.
std::string OwnName(const std::string& language) {
  if (language == "th") return "ไทย";
  if (language == "vi") return "Tiếng Việt";
  return language == "en" ? "English" : std::string();
}

}  // namespace

MemberCard::MemberCard(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command)
    : Card(parent, theme), key_(new KeyButton(this, theme, KeyStyle::kSoft, 16)) {
  key_->Bind(wxEVT_BUTTON, [this, on_command = std::move(on_command)](wxCommandEvent&) {
    on_command(content_.attached ? Command::kDetachMember : Command::kEnrol);
  });
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    Place();
    event.Skip();
  });
  ApplyScale();
}

void MemberCard::ApplyScale() {
  SetMinSize(wxSize(-1, GetTheme().Px(kHeight)));
  key_->Refit();
  Place();
}

void MemberCard::Place() {
  const Theme& theme = GetTheme();
  const wxSize size = GetClientSize();
  if (size.x < 200) return;  // not laid out yet
  const int width = theme.Px(176);
  const int height = theme.Px(50);
  key_->SetSize(size.x - width - theme.Px(12), size.y - height - theme.Px(12), width, height);
}

void MemberCard::Update(const presenters::View& view, const presenters::Words& words) {
  Content next;
  next.attached = view.member.has_value();
  if (view.member) {
    const presenters::MemberView& member = *view.member;
    next.initials = member.initials;
    next.name = member.name;
    next.detail = words.Tr("Member ••• %1", {member.card_tail});
    if (const std::string own = OwnName(member.language); !own.empty()) next.detail += "  ·  " + own;
    next.points_label = words.Tr("Points");
    next.points = words.Count(member.points);
    next.worth_label = words.Tr("Worth today");
    next.worth = words.Amount(member.worth);
    if (member.provisional) next.as_of = words.Tr("not yet confirmed by head office");
    key_->SetText(words.Tr("Remove"), "Shift F2", words.Tr("Remove the member from this sale"));
  } else {
    next.name = words.Tr("No member yet");
    next.detail = words.Tr("Scan a card, or type the phone number");
    next.points_label = words.Tr("Points count from the first purchase.");
    key_->SetText(words.Tr("New member"), "F5");
  }
  key_->Enable(view.phase == presenters::Phase::kRinging || !view.member);
  if (next == content_) return;
  content_ = next;
  Describe(*this, next.name + ", " + (next.attached ? next.points_label + " " + next.points : next.detail),
           ATK_ROLE_PANEL);
  Refresh();
}

void MemberCard::Draw(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int radius = paint.Px(30);
  const wxPoint centre(paint.Px(50), paint.Px(48));
  const wxRect round(centre.x - radius, centre.y - radius, 2 * radius, 2 * radius);
  paint.Circle(centre, radius, content_.attached ? p.accent_soft : p.ground);
  if (content_.attached) {
    paint.TextCentre(content_.initials, round, {20, true, p.accent});
  } else {
    // A head and shoulders.
    paint.Circle({centre.x, centre.y - paint.Px(8)}, paint.Px(8), p.muted);
    paint.Round(wxRect(centre.x - paint.Px(14), centre.y + paint.Px(4), paint.Px(28), paint.Px(14)), 7, p.muted);
  }
  const int left = paint.Px(96);
  const int room = area.width - left - paint.Px(20);
  // Two lines beside the picture, or three.
  const bool doubtful = !content_.as_of.empty();
  paint.Text(content_.name, left, paint.BaselineFor(paint.Px(doubtful ? 26 : 36), 19), {19, true, p.text}, room);
  paint.Text(content_.detail, left, paint.BaselineFor(paint.Px(doubtful ? 50 : 61), 14), {14, false, p.muted}, room);
  paint.Text(content_.as_of, left, paint.BaselineFor(paint.Px(73), 13), {13, false, p.warn}, room);
  paint.Line({paint.Px(20), paint.Px(90)}, {area.width - paint.Px(20), paint.Px(90)}, p.line);

  const int label = paint.BaselineFor(paint.Px(111), 14);
  const int key = key_->GetPosition().x - paint.Px(12);
  if (!content_.attached) {
    paint.Paragraph(content_.points_label, wxRect(paint.Px(24), paint.Px(102), key - paint.Px(24), 0),
                    {14, false, p.muted}, false);
    return;
  }
  const int second = std::max(paint.Px(134), paint.Px(48) + paint.Width(content_.points, {21, true, p.text}));
  paint.Text(content_.points_label, paint.Px(24), label, {14, false, p.muted}, second - paint.Px(32));
  paint.Text(content_.worth_label, second, label, {14, false, p.muted}, key - second);
  const int value = paint.BaselineFor(paint.Px(135), 21);
  paint.Text(content_.points, paint.Px(24), value, {21, true, p.text});
  paint.Text(content_.worth, second, value, {21, true, p.good});
}

}  // namespace evertill::ui
