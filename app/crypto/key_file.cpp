#include "app/crypto/key_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace evertill::crypto {
namespace {

/// An open file descriptor that closes itself.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int Get() const { return descriptor_; }
  [[nodiscard]] bool IsOpen() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

tl::unexpected<base::Error> FailWith(const std::filesystem::path& path, int error_number) {
  return base::Fail(CryptoErrc::kKeyFile, path.string() + ": " + std::generic_category().message(error_number));
}

bool WriteAll(int descriptor, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return true;
}

base::Status WriteNew(const std::filesystem::path& path, ByteView bytes) {
  const std::filesystem::path temporary = path.string() + ".new." + std::to_string(::getpid());
  ::unlink(temporary.c_str());  // left by a crash of a process that had our id
  int failed = 0;
  {
    File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.IsOpen()) return FailWith(path, errno);
    if (!WriteAll(file.Get(), bytes) || ::fsync(file.Get()) != 0) failed = errno;
  }
  // No replacing: when another process was faster, its key counts and the caller reads it.
  if (failed == 0 && ::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0 &&
      errno != EEXIST) {
    failed = errno;
  }
  ::unlink(temporary.c_str());
  if (failed != 0) return FailWith(path, failed);
  File folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.IsOpen() || ::fsync(folder.Get()) != 0) return FailWith(path, errno);
  return {};
}

}  // namespace

base::Expected<Bytes> LoadKeyFile(const std::filesystem::path& path, size_t size) {
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.IsOpen()) return FailWith(path, errno);
  struct stat status {};
  if (::fstat(file.Get(), &status) != 0) return FailWith(path, errno);
  if ((status.st_mode & 077) != 0) {
    return base::Fail(CryptoErrc::kKeyFile,
                      path.string() + ": others can read this key; run: chmod 600 " + path.string());
  }
  Bytes bytes(size + 1);
  size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(file.Get(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailWith(path, errno);
    if (got == 0) break;
    have += static_cast<size_t>(got);
  }
  if (have != size) {
    return base::Fail(CryptoErrc::kKeyFile,
                      path.string() + ": a key of " + std::to_string(size) + " bytes is expected");
  }
  bytes.resize(size);
  return bytes;
}

base::Expected<Bytes> LoadOrCreateKeyFile(const std::filesystem::path& path, size_t size, base::Random& random) {
  if (::access(path.c_str(), F_OK) != 0) {
    if (::mkdir(path.parent_path().c_str(), 0700) != 0 && errno != EEXIST) return FailWith(path.parent_path(), errno);
    Bytes fresh(size);
    random.Fill(fresh);
    EVERTILL_TRY(WriteNew(path, fresh));
  }
  return LoadKeyFile(path, size);
}

}  // namespace evertill::crypto
