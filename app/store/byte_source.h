#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "app/base/expected.h"

namespace evertill::store {

/// A file read from its start to its end; .xz is unpacked on the way (known by its first bytes, not by its name).
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// kImportFile when it cannot be opened or is a folder.
  [[nodiscard]] static base::Expected<std::unique_ptr<ByteSource>> Open(const std::filesystem::path& path);

  /// Bytes put into `out`; 0 at the end. kImportFile when reading fails or the packed data is damaged.
  [[nodiscard]] virtual base::Expected<size_t> Read(std::span<char> out) = 0;
  /// Bytes of the file read so far, and all of them: for a progress bar.
  [[nodiscard]] virtual uint64_t Position() const = 0;
  [[nodiscard]] virtual uint64_t Size() const = 0;
};

}  // namespace evertill::store
