#include "devices/printer/file_printer.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "devices/link/file_descriptor.h"
#include "devices/printer/escpos_encoder.h"
#include "devices/printer/printer_error.h"

namespace evertill::devices::printer {
namespace {

using checkout::PrintState;

constexpr int kLockStepMs = 20;
constexpr mode_t kFileMode = 0640;  // receipts name members

/// Waits for another program's job to end.
bool Lock(int file, int stall_ms) {
  for (int waited = 0; waited <= stall_ms; waited += kLockStepMs) {
    if (flock(file, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK && errno != EINTR) return false;
    poll(nullptr, 0, kLockStepMs);
  }
  return false;
}

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
    pollfd entry{file, POLLOUT, 0};
    if (poll(&entry, 1, stall_ms) <= 0) {
      errno = ETIMEDOUT;
      break;
    }
  }
  return written;
}

}  // namespace

FilePrinter::FilePrinter(FileAddress address, PrinterProfile profile, int stall_ms)
    : address_(std::move(address)), profile_(profile), stall_ms_(stall_ms) {}

base::Expected<PrintState> FilePrinter::Print(const domain::ReceiptDocument& document) {
  EVERTILL_ASSIGN(const std::string job, EncodeReceipt(document, profile_));
  return Send(job);
}

base::Expected<PrintState> FilePrinter::Send(std::string_view job) {
  const std::string& path = address_.path;
  const link::FileDescriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, kFileMode));
  if (!file.IsOpen()) return base::Fail(PrinterErrc::kUnreachable, path + ": " + std::strerror(errno));
  struct stat info {};
  if (fstat(file.Get(), &info) != 0) return base::Fail(PrinterErrc::kUnreachable, path + ": " + std::strerror(errno));
  const bool regular = S_ISREG(info.st_mode);
  if (!regular && !S_ISCHR(info.st_mode)) {
    return base::Fail(PrinterErrc::kUnreachable, path + ": neither a file nor a printer's device");
  }
  if (regular && !Lock(file.Get(), stall_ms_)) {
    return base::Fail(PrinterErrc::kTimeout, path + ": another program is printing into it");
  }
  if (regular && fstat(file.Get(), &info) != 0) {  // its size once nobody else writes
    return base::Fail(PrinterErrc::kUnreachable, path + ": " + std::strerror(errno));
  }
  const size_t written = WriteAll(file.Get(), job, stall_ms_);
  if (written == job.size()) return PrintState::kSent;
  const std::string why = path + ": " + std::strerror(errno);
  const bool taken_back = written == 0 || (regular && ftruncate(file.Get(), info.st_size) == 0);
  if (!taken_back) return PrintState::kUnknown;
  return base::Fail(PrinterErrc::kWriteFailed, why);
}

}  // namespace evertill::devices::printer
