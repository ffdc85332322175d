#include "app/ui/accessible.h"

#include <gtk/gtk.h>
#include <wx/window.h>

namespace evertill::ui {

void Describe(wxWindow& window, const std::string& name, AtkRole role) {
  if (window.GetHandle() == nullptr) return;
  AtkObject* accessible = gtk_widget_get_accessible(window.GetHandle());
  if (accessible == nullptr) return;
  const char* before = atk_object_get_name(accessible);
  if (before == nullptr || name != before) atk_object_set_name(accessible, name.c_str());
  if (atk_object_get_role(accessible) != role) atk_object_set_role(accessible, role);
}

}  // namespace evertill::ui
