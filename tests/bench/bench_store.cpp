// Measures a till's store: barcode look-up over a full catalogue, and the commit of a sale against the disk itself.
//   bench_store lookup DATA_DIR        warm look-ups of known codes
//   bench_store commit DATA_DIR        8-line sales with a member, interleaved with 4 KiB append + fdatasync
// Prints one line a figure: name, value, limit, value ÷ limit. Exit 1 when a limit is passed.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "app/checkout/counter.h"
#include "app/store/till_store.h"

namespace {

using namespace evertill;
using Steady = std::chrono::steady_clock;

double MicrosSince(Steady::time_point start) {
  return std::chrono::duration<double, std::micro>(Steady::now() - start).count();
}

double Quantile(std::vector<double>& values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(q * static_cast<double>(values.size() - 1))];
}

bool Report(const char* name, double value, double limit, const char* unit) {
  std::printf("%-44s %10.2f %-10s limit %8.2f  ratio %.2f%s\n", name, value, unit, limit, value / limit,
              value <= limit ? "" : "  MISSED");
  return value <= limit;
}

int Stop(const base::Error& error) {
  std::fprintf(stderr, "bench_store: %s\n", error.ToString().c_str());
  return 1;
}

std::vector<std::string> SomeCodes(store::TillStore& store) {
  std::vector<std::string> codes;
  for (const char* word : {"milk", "rice", "tea", "chocolate", "water", "bread", "sauce", "juice", "oil", "fish"}) {
    if (const auto found = store.Catalogue().Search(word, 20)) {
      for (const auto& product : *found) codes.push_back(product.barcode);
    }
  }
  return codes;
}

int BenchLookup(store::TillStore& store) {
  // Codes spread over the whole file: the ones of the search, and misses, which cost as much.
  std::vector<std::string> codes = SomeCodes(store);
  const size_t known = codes.size();
  if (known == 0) return Stop({store::StoreErrc::kBadStored, "the catalogue is empty"});
  for (int i = 0; i < 2000; ++i) codes.push_back(std::to_string(3'000'000'000'000LL + 7'000'001LL * i));
  std::vector<double> times;
  for (int round = 0; round < 20; ++round) {
    for (const auto& code : codes) {
      const auto start = Steady::now();
      const auto found = store.Catalogue().FindByBarcode(code);
      const double took = MicrosSince(start);
      if (!found) return Stop(found.error());
      if (round > 0) times.push_back(took);  // the first round warms up
    }
  }
  bool good = Report("barcode look-up p50", Quantile(times, 0.50), 100, "us");
  good &= Report("barcode look-up p99", Quantile(times, 0.99), 100, "us");
  return good ? 0 : 1;
}

int BenchCommit(store::TillStore& store, const std::string& dir, base::Clock& clock, base::Random& random) {
  auto counter = checkout::Counter::Open(store.Identity(), domain::DefaultTaxScheme(store.Identity().currency),
                                         {store.Catalogue(), store.Members(), store.Cashiers(), store.Sales(),
                                          store.Basket(), store.Rules(), store.Rights(), nullptr, clock, random});
  if (!counter) return Stop(counter.error());
  const std::vector<std::string> codes = SomeCodes(store);
  if (codes.size() < 8) return Stop({store::StoreErrc::kBadStored, "fewer than 8 products to sell"});
  if (auto enrolled = counter->Enrol("Bench", "0800000001", "en", {}); !enrolled) {
    if (auto known = counter->AttachMember("0800000001"); !known) return Stop(known.error());
  }
  const std::string peer_path = dir + "/append.bin";
  const int peer = open(peer_path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  std::array<char, 4096> block{};
  std::vector<double> sales;
  std::vector<double> appends;
  for (int i = 0; i < 1100; ++i) {
    std::memset(block.data(), i & 0x7F, block.size());
    auto start = Steady::now();
    if (write(peer, block.data(), block.size()) != static_cast<ssize_t>(block.size()) || fdatasync(peer) != 0) return 1;
    const double append = MicrosSince(start);
    if (auto attached = counter->AttachMember("0800000001"); !attached) return Stop(attached.error());
    for (size_t line = 0; line < 8; ++line) {
      if (auto scanned = counter->Scan(codes[(static_cast<size_t>(i) + line) % codes.size()]); !scanned) {
        return Stop(scanned.error());
      }
    }
    start = Steady::now();
    if (auto paid = counter->TenderCash("exact"); !paid) return Stop(paid.error());
    const double sale = MicrosSince(start);
    if (i < 100) continue;  // warming up
    sales.push_back(sale);
    appends.push_back(append);
  }
  close(peer);
  unlink(peer_path.c_str());
  const double append = Quantile(appends, 0.5);
  std::printf("%-44s %10.2f us\n", "4 KiB append + fdatasync, median", append);
  std::printf("%-44s %10.2f us\n", "8-line sale with member, commit p99", Quantile(sales, 0.99));
  return Report("8-line sale with member, commit median", Quantile(sales, 0.5), 1.3 * append, "us") ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_store lookup|commit DATA_DIR\n", stderr);
    return 2;
  }
  const auto clock = base::MakeSystemClock();
  const auto random = base::MakeSystemRandom();
  auto store = store::TillStore::Open(argv[2], *clock, *random);
  if (!store) return Stop(store.error());
  if (std::strcmp(argv[1], "lookup") == 0) return BenchLookup(**store);
  return BenchCommit(**store, argv[2], *clock, *random);
}
