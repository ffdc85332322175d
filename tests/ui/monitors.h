#pragma once

#include <vector>

#include "tests/ui/screen.h"

namespace evertill::tests {

/// Makes one X screen look like several monitors to the programs on it (RandR 1.5); with fewer areas than before,
/// monitors are unplugged. The display that DISPLAY names.
void UseMonitors(const std::vector<Screen::Area>& areas);

}  // namespace evertill::tests
