#include "app/store/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace evertill::store {
namespace {

tl::unexpected<base::Error> FailWith(const std::filesystem::path& path, int error_number) {
  return base::Fail(StoreErrc::kDataDir, path.string() + ": " + std::generic_category().message(error_number));
}

std::string HolderOf(int descriptor) {
  char text[32] = {};
  const ssize_t got = ::pread(descriptor, text, sizeof(text) - 1, 0);
  std::string pid;
  for (ssize_t i = 0; i < got && text[i] >= '0' && text[i] <= '9'; ++i) pid.push_back(text[i]);
  return pid.empty() ? std::string("another process") : "process " + pid;
}

}  // namespace

base::Expected<DataDir> DataDir::Create(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return FailWith(path, errno);
  }
  return Lock(path);
}

base::Expected<DataDir> DataDir::Open(const std::filesystem::path& path) {
  if (::access((path / "till.db").c_str(), F_OK) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) return FailWith(path, errno);
    return base::Fail(StoreErrc::kNoDataDir, path.string() + ": there is no till here; run `evertillctl init` first");
  }
  return Lock(path);
}

base::Expected<DataDir> DataDir::Lock(const std::filesystem::path& path) {
  const std::filesystem::path file = path / "lock";
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return FailWith(file, errno);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    const std::string holder = HolderOf(descriptor);
    ::close(descriptor);
    if (reason != EWOULDBLOCK) return FailWith(file, reason);
    return base::Fail(StoreErrc::kDataDirInUse, path.string() + ": in use by " + holder);
  }
  // Only for the words of the error above; the lock itself is the kernel's.
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    const int reason = errno;
    ::close(descriptor);
    return FailWith(file, reason);
  }
  return DataDir(path, descriptor);
}

DataDir::DataDir(DataDir&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDir::~DataDir() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace evertill::store
