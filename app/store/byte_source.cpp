#include "app/store/byte_source.h"

#include <fcntl.h>
#include <lzma.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

#include "app/store/errors.h"

namespace evertill::store {
namespace {

/// What unpacking may use: `xz -9` needs 65 MiB.
constexpr uint64_t kMostMemory = 100ULL << 20;
constexpr std::array<char, 6> kXzMagic{'\xfd', '7', 'z', 'X', 'Z', '\0'};

class PlainFile final : public ByteSource {
 public:
  PlainFile(std::string name, int descriptor, uint64_t size)
      : name_(std::move(name)), descriptor_(descriptor), size_(size) {}
  ~PlainFile() override { ::close(descriptor_); }

  base::Expected<size_t> Read(std::span<char> out) override {
    for (;;) {
      const ssize_t got = ::read(descriptor_, out.data(), out.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return base::Fail(StoreErrc::kImportFile, name_ + ": " + std::generic_category().message(errno));
      position_ += static_cast<uint64_t>(got);
      return static_cast<size_t>(got);
    }
  }
  [[nodiscard]] uint64_t Position() const override { return position_; }
  [[nodiscard]] uint64_t Size() const override { return size_; }
  [[nodiscard]] const std::string& Name() const { return name_; }
  [[nodiscard]] bool StartsWithXz() const {
    std::array<char, kXzMagic.size()> first{};
    return ::pread(descriptor_, first.data(), first.size(), 0) == static_cast<ssize_t>(first.size()) &&
           first == kXzMagic;
  }

 private:
  std::string name_;
  int descriptor_;
  uint64_t size_;
  uint64_t position_ = 0;
};

class XzFile final : public ByteSource {
 public:
  explicit XzFile(std::unique_ptr<PlainFile> file) : file_(std::move(file)), in_(64 * 1024) {}
  ~XzFile() override { lzma_end(&stream_); }

  [[nodiscard]] bool Start() { return lzma_stream_decoder(&stream_, kMostMemory, LZMA_CONCATENATED) == LZMA_OK; }

  base::Expected<size_t> Read(std::span<char> out) override {
    if (ended_) return 0;
    stream_.next_out = reinterpret_cast<uint8_t*>(out.data());
    stream_.avail_out = out.size();
    while (stream_.avail_out > 0) {
      if (stream_.avail_in == 0 && !input_ended_) {
        EVERTILL_ASSIGN(const size_t got, file_->Read(in_));
        input_ended_ = got == 0;
        stream_.next_in = reinterpret_cast<const uint8_t*>(in_.data());
        stream_.avail_in = got;
      }
      const lzma_ret result = lzma_code(&stream_, input_ended_ ? LZMA_FINISH : LZMA_RUN);
      ended_ = result == LZMA_STREAM_END;
      if (ended_) break;
      if (result != LZMA_OK) return base::Fail(StoreErrc::kImportFile, file_->Name() + ": " + Reason(result));
    }
    return out.size() - stream_.avail_out;
  }
  [[nodiscard]] uint64_t Position() const override { return file_->Position(); }
  [[nodiscard]] uint64_t Size() const override { return file_->Size(); }

 private:
  static const char* Reason(lzma_ret result) {
    if (result == LZMA_BUF_ERROR) return "the packed file is cut short";
    if (result == LZMA_MEMLIMIT_ERROR) return "unpacking needs more than 100 MiB of memory";
    return "the packed file is damaged";
  }

  std::unique_ptr<PlainFile> file_;
  std::vector<char> in_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool input_ended_ = false;
  bool ended_ = false;
};

}  // namespace

base::Expected<std::unique_ptr<ByteSource>> ByteSource::Open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return base::Fail(StoreErrc::kImportFile, path.string() + ": " + std::generic_category().message(errno));
  }
  struct stat status {};
  const bool known = ::fstat(descriptor, &status) == 0;
  auto file = std::make_unique<PlainFile>(path.string(), descriptor,
                                          known && status.st_size > 0 ? static_cast<uint64_t>(status.st_size) : 0);
  if (known && S_ISDIR(status.st_mode)) return base::Fail(StoreErrc::kImportFile, path.string() + ": is a folder");
  if (!file->StartsWithXz()) return std::unique_ptr<ByteSource>(std::move(file));
  auto packed = std::make_unique<XzFile>(std::move(file));
  if (!packed->Start()) return base::Fail(StoreErrc::kImportFile, path.string() + ": cannot be unpacked");
  return std::unique_ptr<ByteSource>(std::move(packed));
}

}  // namespace evertill::store
