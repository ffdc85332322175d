#include "app/store/basket_file.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

using evertill::store::BasketFile;

namespace {

std::filesystem::path TemporaryFile() {
  std::string pattern = (std::filesystem::temp_directory_path() / "evertill-basket-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  return std::filesystem::path(pattern) / "basket.kept";
}

void Damage(const std::filesystem::path& file, std::streamoff at) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(at);
  stream.put('\x7F');
}

}  // namespace

TEST_CASE("BasketFile: the last basket kept is the one that comes back", "[store][basket]") {
  const auto path = TemporaryFile();
  {
    BasketFile file(path);
    CHECK_FALSE(file.Kept());
    file.Keep("one");
    file.Keep("two, and longer than one");
    file.Keep("three");
  }
  CHECK(BasketFile(path).Kept() == "three");
  BasketFile(path).Keep("");
  CHECK_FALSE(BasketFile(path).Kept());
  std::filesystem::remove_all(path.parent_path());
}

TEST_CASE("BasketFile: a write that was cut short leaves the basket before it", "[store][basket]") {
  const auto path = TemporaryFile();
  {
    BasketFile file(path);
    file.Keep("first");
    file.Keep("second");
  }
  Damage(path, 50);  // slot 0 holds the second record; its text begins after a header of 48 bytes
  CHECK(BasketFile(path).Kept() == "first");
  Damage(path, static_cast<std::streamoff>(BasketFile::kSlotBytes) + 50);
  CHECK_FALSE(BasketFile(path).Kept());
  std::filesystem::remove_all(path.parent_path());
}

TEST_CASE("BasketFile: a basket too large is not kept, and the one before stays", "[store][basket]") {
  const auto path = TemporaryFile();
  BasketFile file(path);
  file.Keep("small");
  file.Keep(std::string(BasketFile::kSlotBytes, 'x'));
  CHECK(file.Kept() == "small");
  std::filesystem::remove_all(path.parent_path());
}
