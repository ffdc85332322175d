#pragma once

#include <optional>

#include "app/ui/command.h"

namespace evertill::ui {

/// The keyboard's shortcuts. `key` is a WXK_ code; `in_field`: a text field has the focus and keeps the keys that edit.
[[nodiscard]] std::optional<Command> CommandFor(int key, bool shift, bool control, bool in_field);
/// Ctrl and the key that prints `character` on a US keyboard, whatever the layout in use.
[[nodiscard]] std::optional<Command> ControlCommandFor(char character);

}  // namespace evertill::ui
