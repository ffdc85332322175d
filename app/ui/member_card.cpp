#include "app/ui/member_card.h"

#include <algorithm>
#include <utility>

#include "app/ui/accessible.h"
#include "app/ui/text.h"

namespace evertill::ui {
namespace {

constexpr int kHeight = 168;

/// A language's name in itself: what the receipt will be in.
std::string OwnName(const std::string& language) {
  if (language == "th") return "ไทย";
  if (language == "vi") return "Tiếng Việt";
  return language == "en" ? "English" : std::string();
}

/// Why no points can be used now, in a few words; the whole sentence comes when somebody tries.
std::string ShortReason(const std::string& code, const presenters::Words& words) {
  if (code == "card_needed") return words.Tr("Using points needs the member's card or phone");
  if (code == "pin_locked") return words.Tr("PIN locked: head office must help first");
  if (code == "pin_unknown_here") return words.Tr("The PIN cannot be checked here now");
  if (code == "clock_unsafe") return words.Tr("Clock not sure: no points used until online");
  if (code == "denylist_old") return words.Tr("Offline for long: no points used until online");
  return words.Tr("No points can be used now");
}

}  // namespace

MemberCard::MemberCard(wxWindow* parent, const Theme& theme, std::function<void(Command)> on_command)
    : Card(parent, theme),
      key_(new KeyButton(this, theme, KeyStyle::kSoft, 17)),
      remove_(new KeyButton(this, theme, KeyStyle::kGhost, 16)) {
  key_->Bind(wxEVT_BUTTON, [this, on_command](wxCommandEvent&) {
    on_command(content_.attached ? Command::kUsePoints : Command::kEnrol);
  });
  remove_->Bind(wxEVT_BUTTON, [on_command](wxCommandEvent&) { on_command(Command::kDetachMember); });
  remove_->Hide();
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    Place();
    event.Skip();
  });
  ApplyScale();
}

void MemberCard::ApplyScale() {
  SetMinSize(wxSize(-1, GetTheme().Px(kHeight)));
  key_->Refit();
  remove_->Refit();
  Place();
}

void MemberCard::Place() {
  const Theme& theme = GetTheme();
  const wxSize size = GetClientSize();
  if (size.x < 200) return;  // not laid out yet
  const int width = theme.Px(176);
  const int height = theme.Px(50);
  key_->SetSize(size.x - width - theme.Px(12), theme.Px(91), width, height);
  const int small = theme.Px(44);
  remove_->SetSize(size.x - small - theme.Px(12), theme.Px(12), small, small);
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
    ShowUsable(member, words, next);
    const bool used = view.points.spent > 0 && view.phase == presenters::Phase::kRinging;
    key_->SetText(used ? words.Tr("Undo points") : words.Tr("Use points"), "F4");
    remove_->SetText("✕", {}, words.Tr("Remove the member from this sale"));
    remove_->SetToolTip(ToWx(words.Tr("Remove the member from this sale") + " (Shift F2)"));
  } else {
    next.name = words.Tr("No member yet");
    next.detail = words.Tr("Scan a card, or type the phone number");
    next.points_label = words.Tr("Points count from the first purchase.");
    key_->SetText(words.Tr("New member"), "F5");
  }
  const bool ringing = view.phase == presenters::Phase::kRinging && !view.refund;
  key_->Enable(view.member ? ringing && !view.lines.empty() : !view.refund);
  remove_->Show(view.member && ringing);
  if (next == content_) return;
  content_ = next;
  std::string spoken = next.name + ", " + (next.attached ? next.points_label + " " + next.points : next.detail);
  for (const std::string& part : next.usable) spoken += ", " + part;
  Describe(*this, spoken, ATK_ROLE_PANEL);
  Refresh();
}

void MemberCard::ShowUsable(const presenters::MemberView& member, const presenters::Words& words, Content& next) {
  if (member.debt > 0) {
    next.usable.push_back(words.TrN("%1 point owed", "%1 points owed", member.debt));
  }
  if (member.why_not) {
    next.usable.push_back(ShortReason(member.why_not->code, words));
  } else {
    next.usable.push_back(words.TrN("%1 can be used here", "%1 can be used here", member.spendable));
  }
  next.hindered = member.debt > 0 || member.why_not.has_value();
  if (member.elsewhere > 0 && !member.why_not) {
    next.usable.push_back(
        member.asks_head_office
            ? words.TrN("%1 more if head office agrees", "%1 more if head office agrees", member.elsewhere)
            : words.TrN("%1 more at other stores until this till is online",
                        "%1 more at other stores until this till is online", member.elsewhere));
  }
  if (member.not_active > 0) {
    next.usable.push_back(words.TrN("%1 not active yet", "%1 not active yet", member.not_active));
  }
}

void MemberCard::DrawUsable(Painter& paint, const wxRect& area) {
  const TextStyle style{13, false, content_.hindered ? paint.Colours().warn : paint.Colours().muted};
  const int room = area.width - paint.Px(24 + 16);
  std::string shown;
  for (const std::string& part : content_.usable) {
    const std::string longer = shown.empty() ? part : shown + "  ·  " + part;
    if (!shown.empty() && paint.Width(longer, style) > room) break;
    shown = longer;
  }
  paint.Text(shown, paint.Px(24), paint.BaselineFor(paint.Px(153), 13), style, room);
}

void MemberCard::Draw(Painter& paint, const wxRect& area) {
  const Palette& p = paint.Colours();
  const int radius = paint.Px(28);
  const wxPoint centre(paint.Px(48), paint.Px(43));
  const wxRect round(centre.x - radius, centre.y - radius, 2 * radius, 2 * radius);
  paint.Circle(centre, radius, content_.attached ? p.accent_soft : p.ground);
  if (content_.attached) {
    paint.TextCentre(content_.initials, round, {20, true, p.accent});
  } else {
    // A head and shoulders.
    paint.Circle({centre.x, centre.y - paint.Px(8)}, paint.Px(8), p.muted);
    paint.Round(wxRect(centre.x - paint.Px(14), centre.y + paint.Px(4), paint.Px(28), paint.Px(14)), 7, p.muted);
  }
  const int left = paint.Px(92);
  const int room = area.width - left - paint.Px(remove_->IsShown() ? 68 : 20);
  // Two lines beside the picture, or three.
  const bool doubtful = !content_.as_of.empty();
  paint.Text(content_.name, left, paint.BaselineFor(paint.Px(doubtful ? 22 : 32), 19), {19, true, p.text}, room);
  paint.Text(content_.detail, left, paint.BaselineFor(paint.Px(doubtful ? 46 : 56), 14), {14, false, p.muted}, room);
  paint.Text(content_.as_of, left, paint.BaselineFor(paint.Px(67), 13), {13, false, p.warn}, room);
  paint.Line({paint.Px(20), paint.Px(84)}, {area.width - paint.Px(20), paint.Px(84)}, p.line);

  const int key = key_->GetPosition().x - paint.Px(12);
  if (!content_.attached) {
    paint.Paragraph(content_.points_label, wxRect(paint.Px(24), paint.Px(104), key - paint.Px(24), 0),
                    {14, false, p.muted}, false);
    return;
  }
  const int label = paint.BaselineFor(paint.Px(102), 14);
  const int second = std::max(paint.Px(134), paint.Px(48) + paint.Width(content_.points, {21, true, p.text}));
  paint.Text(content_.points_label, paint.Px(24), label, {14, false, p.muted}, second - paint.Px(32));
  paint.Text(content_.worth_label, second, label, {14, false, p.muted}, key - second);
  const int value = paint.BaselineFor(paint.Px(126), 21);
  paint.Text(content_.points, paint.Px(24), value, {21, true, p.text});
  paint.Text(content_.worth, second, value, {21, true, p.good}, key - second);
  DrawUsable(paint, area);
}

}  // namespace evertill::ui
