#include "devices/link/file_link.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "devices/link/file_descriptor.h"
#include "devices/link/link_error.h"
#include "devices/link/poll_wait.h"

namespace evertill::devices::link {
namespace {

constexpr int kLockStepMs = 20;
constexpr mode_t kFileMode = 0640;  // receipts name members

/// Held while one job is written.
class Turn {
 public:
  /// Waits for another program's job to end.
  Turn(int file, int stall_ms) : file_(file) {
    for (int waited = 0; waited <= stall_ms; waited += kLockStepMs) {
      if (flock(file_, LOCK_EX | LOCK_NB) == 0) {
        mine_ = true;
        return;
      }
      if (errno != EWOULDBLOCK && errno != EINTR) return;
      (void)PollOne(-1, 0, kLockStepMs);
    }
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (mine_) flock(file_, LOCK_UN);
  }
  [[nodiscard]] bool Mine() const { return mine_; }

 private:
  const int file_;
  bool mine_ = false;
};

/// Returns how much was taken; errno tells why not all.
size_t WriteAll(int file, std::string_view job, int stall_ms) {
  size_t written = 0;
  while (written < job.size()) {
    const ssize_t taken = write(file, job.data() + written, job.size() - written);
    if (taken > 0) {
      written += static_cast<size_t>(taken);
      continue;
    }
    if (taken < 0 && errno == EINTR) continue;
    if (taken == 0 || errno != EAGAIN) break;
    if (PollOne(file, POLLOUT, stall_ms) == 0) {
      errno = ETIMEDOUT;
      break;
    }
  }
  return written;
}

/// A regular file: whole jobs.
class FileLink final : public Link {
 public:
  FileLink(FileDescriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  base::Expected<size_t> Write(std::string_view bytes, int stall_ms) override {
    const Turn turn(file_.Get(), stall_ms);
    if (!turn.Mine()) return base::Fail(LinkErrc::kTimeout, path_ + ": another program is writing into it");
    struct stat info {};
    if (fstat(file_.Get(), &info) != 0) return base::Fail(LinkErrc::kLost, path_ + ": " + std::strerror(errno));
    const size_t written = WriteAll(file_.Get(), bytes, stall_ms);
    if (written == bytes.size()) return written;
    const std::string why = path_ + ": " + std::strerror(errno);
    if (written > 0 && ftruncate(file_.Get(), info.st_size) != 0) return written;
    return base::Fail(LinkErrc::kWriteFailed, why);
  }
  base::Expected<std::string> Read(int timeout_ms) override {
    (void)PollOne(-1, 0, timeout_ms);
    return std::string();
  }
  bool Drain(int /*timeout_ms*/) override { return true; }
  [[nodiscard]] bool ReadsBack() const override { return false; }
  [[nodiscard]] int PollFd() const override { return -1; }

 private:
  FileDescriptor file_;
  const std::string path_;
};

/// A device node, which only takes.
class NodeLink final : public Link {
 public:
  NodeLink(FileDescriptor node, std::string path) : node_(std::move(node)), path_(std::move(path)) {}

  base::Expected<size_t> Write(std::string_view bytes, int stall_ms) override {
    const size_t written = WriteAll(node_.Get(), bytes, stall_ms);
    if (written > 0 || bytes.empty() || errno == ETIMEDOUT) return written;
    const LinkErrc code = errno == ENOSPC ? LinkErrc::kWriteFailed : LinkErrc::kLost;
    return base::Fail(code, path_ + ": " + std::strerror(errno));
  }
  base::Expected<std::string> Read(int timeout_ms) override {
    (void)PollOne(-1, 0, timeout_ms);
    return std::string();
  }
  bool Drain(int /*timeout_ms*/) override { return false; }
  [[nodiscard]] bool ReadsBack() const override { return false; }
  [[nodiscard]] int PollFd() const override { return -1; }

 private:
  FileDescriptor node_;
  const std::string path_;
};

LinkErrc WhyNotOpen(int error) {
  if (error == EACCES || error == EPERM) return LinkErrc::kNoPermission;
  return error == EBUSY ? LinkErrc::kBusy : LinkErrc::kUnreachable;
}

}  // namespace

base::Expected<std::unique_ptr<Link>> OpenFileLink(const FileAddress& address) {
  const std::string& path = address.path;
  FileDescriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, kFileMode));
  if (!file.IsOpen()) {
    const int error = errno;
    return base::Fail(WhyNotOpen(error), path + ": " + std::strerror(error));
  }
  struct stat info {};
  if (fstat(file.Get(), &info) != 0) return base::Fail(LinkErrc::kUnreachable, path + ": " + std::strerror(errno));
  if (S_ISREG(info.st_mode)) return std::unique_ptr<Link>(std::make_unique<FileLink>(std::move(file), path));
  if (S_ISCHR(info.st_mode)) return std::unique_ptr<Link>(std::make_unique<NodeLink>(std::move(file), path));
  return base::Fail(LinkErrc::kUnreachable, path + ": neither a file nor a device");
}

}  // namespace evertill::devices::link
