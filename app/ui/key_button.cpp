#include "app/ui/key_button.h"

#include <gtk/gtk.h>
#include <wx/dcclient.h>

#include "app/ui/accessible.h"
#include "app/ui/text.h"

namespace evertill::ui {
namespace {

const char* ClassOf(KeyStyle style) {
  switch (style) {
    case KeyStyle::kDigit:
      return nullptr;
    case KeyStyle::kGhost:
      return "ghost";
    case KeyStyle::kSoft:
      return "soft";
    case KeyStyle::kPrimary:
      return "primary";
    case KeyStyle::kLanguage:
      return "lang";
  }
  return nullptr;
}

GtkLabel* FindLabel(GtkWidget* widget) {
  if (GTK_IS_LABEL(widget)) return GTK_LABEL(widget);
  if (!GTK_IS_BIN(widget)) return nullptr;
  GtkWidget* child = gtk_bin_get_child(GTK_BIN(widget));
  return child == nullptr ? nullptr : FindLabel(child);
}

}  // namespace

KeyButton::KeyButton(wxWindow* parent, const Theme& theme, KeyStyle style, int design_px)
    : wxButton(parent, wxID_ANY, " ", wxDefaultPosition, wxDefaultSize, wxBORDER_NONE),
      theme_(theme),
      design_px_(design_px),
      bold_(style != KeyStyle::kGhost) {
  SetMinSize(wxSize(10, 10));
  SetStyleClass("pos", true);
  if (const char* name = ClassOf(style); name != nullptr) SetStyleClass(name, true);
  gtk_widget_set_focus_on_click(GetHandle(), FALSE);
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    Fit(false);
    event.Skip();
  });
}

void KeyButton::SetStyleClass(const char* name, bool on) {
  GtkStyleContext* context = gtk_widget_get_style_context(GetHandle());
  if (on) {
    gtk_style_context_add_class(context, name);
  } else {
    gtk_style_context_remove_class(context, name);
  }
}

void KeyButton::SetText(const std::string& label, const std::string& shortcut, const std::string& spoken) {
  Describe(*this, spoken.empty() ? label : spoken, ATK_ROLE_PUSH_BUTTON);
  if (label == label_ && shortcut == shortcut_) return;
  label_ = label;
  shortcut_ = shortcut;
  Fit(true);
}

void KeyButton::Refit() {
  Fit(true);
}

/// Chooses the largest letters, up to the design's, with which the label is not wider than the key.
void KeyButton::Fit(bool force) {
  const wxSize size = GetClientSize();
  if (size.x < 20 || (!force && size == fitted_)) return;
  fitted_ = size;
  // On a tall key the shortcut stands below the label, on a flat one beside it.
  const bool below = !shortcut_.empty() && size.y >= theme_.Px(64) && size.x < theme_.Px(200);
  const std::string small = shortcut_.empty() ? "" : (below ? shortcut_ : "  " + shortcut_);
  wxClientDC dc(this);
  int px = design_px_;
  for (; px > 9; --px) {
    dc.SetFont(theme_.Font(px, bold_));
    int width = dc.GetTextExtent(ToWx(label_)).x;
    if (!small.empty() && !below) {
      dc.SetFont(theme_.Font(px * 4 / 5, bold_));
      width += dc.GetTextExtent(ToWx(small)).x;
    }
    if (width <= size.x - theme_.Px(12)) break;
  }
  SetFont(theme_.Font(px, bold_));
  // Straight to GTK: wx's own markup knows no sizes in percent.
  GtkLabel* inner = FindLabel(GetHandle());
  if (inner == nullptr) return;
  std::string markup = EscapeMarkup(label_);
  if (!small.empty()) {
    const std::string style = below ? "\n<span size='70%' alpha='80%'>" : "  <span size='78%' alpha='80%'>";
    markup += style + EscapeMarkup(shortcut_) + "</span>";
  }
  gtk_label_set_markup(inner, markup.c_str());
  gtk_label_set_justify(inner, GTK_JUSTIFY_CENTER);
  gtk_label_set_ellipsize(inner, PANGO_ELLIPSIZE_END);
}

}  // namespace evertill::ui
