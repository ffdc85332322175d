#include "app/store/basket_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "app/base/log.h"
#include "app/crypto/hash.h"

namespace evertill::store {
namespace {

/// As it stands in the file, in the machine's own byte order: the file never leaves the machine.
struct Header {
  uint64_t number;
  uint64_t bytes;
  crypto::Digest digest;  ///< SHA-256 of number, bytes and text
};

crypto::ByteView BytesOf(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

crypto::Digest DigestOf(const Header& header, std::string_view text) {
  const std::string_view fields(reinterpret_cast<const char*>(&header), offsetof(Header, digest));
  return crypto::Sha256({BytesOf(fields), BytesOf(text)});
}

off_t OffsetOf(uint64_t number) {
  return static_cast<off_t>(number % 2 * BasketFile::kSlotBytes);
}

}  // namespace

BasketFile::BasketFile(std::filesystem::path path)
    : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (descriptor_ < 0) base::LogWarn("basket file: {}", std::generic_category().message(errno));
  if (const auto newest = Newest()) last_ = newest->number;
}

BasketFile::~BasketFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void BasketFile::Keep(std::string_view text) {
  if (descriptor_ < 0) return;
  Header header{last_ + 1, text.size(), {}};
  header.digest = DigestOf(header, text);
  std::string record(reinterpret_cast<const char*>(&header), sizeof header);
  record += text;
  if (record.size() > kSlotBytes) {
    base::LogWarn("basket file: a basket of {} bytes is too large to keep", text.size());
    return;
  }
  const ssize_t written = ::pwrite(descriptor_, record.data(), record.size(), OffsetOf(header.number));
  if (written != static_cast<ssize_t>(record.size())) {
    base::LogWarn("basket file: {}", std::generic_category().message(written < 0 ? errno : ENOSPC));
    return;
  }
  last_ = header.number;
}

std::optional<BasketFile::Record> BasketFile::ReadSlot(int slot) const {
  Header header{};
  const off_t at = OffsetOf(static_cast<uint64_t>(slot));
  if (::pread(descriptor_, &header, sizeof header, at) != static_cast<ssize_t>(sizeof header)) return std::nullopt;
  if (header.bytes > kSlotBytes - sizeof header) return std::nullopt;
  Record record{header.number, std::string(header.bytes, '\0')};
  const ssize_t got =
      ::pread(descriptor_, record.text.data(), record.text.size(), at + static_cast<off_t>(sizeof header));
  if (got != static_cast<ssize_t>(record.text.size()) || DigestOf(header, record.text) != header.digest) {
    return std::nullopt;
  }
  return record;
}

std::optional<BasketFile::Record> BasketFile::Newest() const {
  if (descriptor_ < 0) return std::nullopt;
  auto even = ReadSlot(0);
  auto odd = ReadSlot(1);
  if (!even || (odd && odd->number > even->number)) return odd;
  return even;
}

std::optional<std::string> BasketFile::Kept() {
  auto newest = Newest();
  if (!newest || newest->text.empty()) return std::nullopt;
  return std::move(newest->text);
}

}  // namespace evertill::store
