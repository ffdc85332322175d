#pragma once

#include <atk/atk.h>

#include <string>

class wxWindow;

namespace evertill::ui {

/// What a screen reader says about a window that draws itself. Cheap when nothing changed.
void Describe(wxWindow& window, const std::string& name, AtkRole role);

}  // namespace evertill::ui
