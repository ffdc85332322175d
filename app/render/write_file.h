#pragma once

#include <filesystem>
#include <string_view>

#include "app/base/expected.h"

namespace evertill::render {

/// Replaces the file whole or leaves it as it was. render_image_unwritable.
[[nodiscard]] base::Status WriteWholeFile(const std::filesystem::path& file, std::string_view bytes);

}  // namespace evertill::render
