#include "app/ui/fields.h"

#include <gtk/gtk.h>

#include "app/ui/accessible.h"
#include "app/ui/text.h"

namespace evertill::ui {

TextField::TextField(wxWindow* parent, const Theme& theme, int design_px, long style)
    : wxTextCtrl(parent, wxID_ANY, wxEmptyString, wxDefaultPosition, wxDefaultSize, style | wxTE_PROCESS_ENTER),
      theme_(theme),
      design_px_(design_px) {
  gtk_style_context_add_class(gtk_widget_get_style_context(GetHandle()), "pos");
  ApplyScale();
}

void TextField::ApplyScale() {
  SetFont(theme_.Font(design_px_, false));
  SetMinSize(wxSize(theme_.Px(120), theme_.Px(52)));
}

void TextField::Name(const std::string& spoken, const std::string& hint) {
  Describe(*this, spoken, ATK_ROLE_ENTRY);
  if (GetHint() != ToWx(hint)) SetHint(ToWx(hint));
}

}  // namespace evertill::ui
