#include "app/base/assets.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

namespace evertill::base {
namespace {

namespace fs = std::filesystem;

TEST_CASE("Assets: a program of the build tree finds the demo shop and the translations", "[base][assets]") {
  unsetenv("EVERTILL_ASSETS");
  const fs::path assets = AssetsDir();
  INFO(assets);
  CHECK(assets.is_absolute());
  CHECK(fs::exists(assets / "demo" / "catalogue.csv"));
  CHECK(fs::exists(assets / "icons" / "evertill.svg"));
}

TEST_CASE("Assets: EVERTILL_ASSETS wins where it is a directory, and is ignored where it is not", "[base][assets]") {
  unsetenv("EVERTILL_ASSETS");
  const fs::path usual = AssetsDir();
  const fs::path chosen = fs::temp_directory_path();
  setenv("EVERTILL_ASSETS", chosen.c_str(), 1);
  CHECK(fs::equivalent(AssetsDir(), chosen));
  setenv("EVERTILL_ASSETS", "/nowhere/at/all", 1);
  CHECK(AssetsDir() == usual);
  setenv("EVERTILL_ASSETS", "", 1);
  CHECK(AssetsDir() == usual);
  unsetenv("EVERTILL_ASSETS");
}

}  // namespace
}  // namespace evertill::base
