#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "devices/link/open_link.h"

namespace evertill::devices::link {
namespace {

struct TempFolder {
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "evertill-link-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

std::string Contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::unique_ptr<Link> Open(const std::filesystem::path& file) {
  auto link = OpenLink(FileAddress{file.string()});
  REQUIRE(link);
  return std::move(*link);
}

}  // namespace

TEST_CASE("File link: jobs are appended whole, by several programs in turn", "[devices][link][file]") {
  const TempFolder folder;
  const auto file = folder.path / "jobs.bin";
  const std::string a(300'000, 'a');
  const std::string b(300'000, 'b');
  std::thread other([&] {
    auto link = OpenLink(FileAddress{file.string()});
    for (int i = 0; i < 5; ++i) (void)(*link)->Write(b, 5000);
  });
  auto link = Open(file);
  for (int i = 0; i < 5; ++i) CHECK(*link->Write(a, 5000) == a.size());
  other.join();
  const std::string all = Contents(file);
  REQUIRE(all.size() == 10 * a.size());
  for (size_t at = 0; at < all.size(); at += a.size()) {
    const std::string job = all.substr(at, a.size());
    CHECK((job == a || job == b));
  }
  CHECK_FALSE(link->ReadsBack());
  CHECK(link->PollFd() == -1);
}

TEST_CASE("File link: a job that does not fit leaves nothing behind", "[devices][link][file]") {
  const TempFolder folder;
  const auto file = folder.path / "jobs.bin";
  auto link = Open(file);
  REQUIRE(link->Write("first job", 1000));
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit tight{100, old.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &tight);
  const auto written = link->Write(std::string(5000, 'x'), 1000);
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(written);
  CHECK(written.error().Name() == "device_write_failed");
  CHECK(Contents(file) == "first job");
}

TEST_CASE("File link: a missing folder, a folder and a full device are clear errors", "[devices][link][file]") {
  const TempFolder folder;
  const auto missing = OpenLink(FileAddress{(folder.path / "no" / "r.bin").string()});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().Name() == "device_unreachable");
  CHECK(missing.error().Detail().find("r.bin") != std::string::npos);
  CHECK_FALSE(OpenLink(FileAddress{folder.path.string()}));
  const auto full = Open("/dev/full")->Write("x", 100);
  REQUIRE_FALSE(full);
  CHECK(full.error().Name() == "device_write_failed");
}

}  // namespace evertill::devices::link
