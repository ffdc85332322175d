#include "app/store/basket_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>

#include "app/base/log.h"

namespace evertill::store {

void BasketFile::Keep(std::string_view text) {
  if (text.empty()) {
    if (::unlink(path_.c_str()) != 0 && errno != ENOENT) {
      base::LogWarn("basket file: {}", std::generic_category().message(errno));
    }
    return;
  }
  const std::string beside = path_.string() + ".new";
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool kept = descriptor >= 0;
  while (kept && !text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    kept = written > 0;
    if (kept) text.remove_prefix(static_cast<size_t>(written));
  }
  if (descriptor >= 0) ::close(descriptor);
  kept = kept && ::rename(beside.c_str(), path_.c_str()) == 0;
  if (!kept) base::LogWarn("basket file: {}", std::generic_category().message(errno));
}

std::optional<std::string> BasketFile::Kept() {
  std::ifstream file(path_, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad() || text.empty()) return std::nullopt;
  return text;
}

}  // namespace evertill::store
