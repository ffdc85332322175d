#pragma once

#include <filesystem>

#include "app/base/expected.h"
#include "app/store/errors.h"

namespace evertill::store {

/// A till's data directory, held by this process alone until this object goes away. Inside: lock, till.db,
/// catalogue.db, basket.kept, keys/.
class DataDir {
 public:
  /// Makes the directory (mode 0700) when it is not there. kDataDirInUse names the other process where it is known.
  [[nodiscard]] static base::Expected<DataDir> Create(const std::filesystem::path& path);
  /// kNoDataDir when there is no till.db in it.
  [[nodiscard]] static base::Expected<DataDir> Open(const std::filesystem::path& path);

  ~DataDir();
  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&&) = delete;

  [[nodiscard]] const std::filesystem::path& Path() const { return path_; }
  [[nodiscard]] std::filesystem::path TillDatabase() const { return path_ / "till.db"; }
  [[nodiscard]] std::filesystem::path CatalogueDatabase() const { return path_ / "catalogue.db"; }
  [[nodiscard]] std::filesystem::path BasketFile() const { return path_ / "basket.kept"; }
  [[nodiscard]] std::filesystem::path KeyFile(const char* name) const { return path_ / "keys" / name; }

 private:
  DataDir(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  [[nodiscard]] static base::Expected<DataDir> Lock(const std::filesystem::path& path);

  std::filesystem::path path_;
  int lock_;  ///< file descriptor; the lock ends with it, also when the process is killed
};

}  // namespace evertill::store
