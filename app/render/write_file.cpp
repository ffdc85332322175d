#include "app/render/write_file.h"

#include <fstream>

#include "app/render/render_error.h"

namespace evertill::render {

base::Status WriteWholeFile(const std::filesystem::path& file, std::string_view bytes) {
  std::filesystem::path part = file;
  part += ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(part, file, error);
  if (!out || error) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    return base::Fail(RenderErrc::kImageUnwritable, file.string() + ": cannot be written");
  }
  return {};
}

}  // namespace evertill::render
