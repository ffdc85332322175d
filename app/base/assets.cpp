#include "app/base/assets.h"

#include <cstdlib>
#include <system_error>

namespace evertill::base {

std::filesystem::path AssetsDir() {
  std::error_code error;
  if (const char* chosen = std::getenv("EVERTILL_ASSETS"); chosen != nullptr && *chosen != '\0') {
    auto path = std::filesystem::absolute(chosen, error);
    if (!error && std::filesystem::is_directory(path, error)) return path.lexically_normal();
  }
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path().parent_path() / "share" / "evertill").lexically_normal();
}

}  // namespace evertill::base
