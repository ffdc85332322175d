// Two tills redeem points of one member at the same time, online: each sale asks head office for a hold over loopback.
//   bench_redeem DIR_A DIR_B CARD BARCODE SALES     SALES at each till, one point each
// Prints one line a figure: name, value, limit, limit ÷ value. Exit 1 when the target is missed, or a point is.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "app/checkout/counter.h"
#include "app/store/till_store.h"
#include "sync/client/hold_client.h"
#include "sync/client/sync_engine.h"

namespace {

using namespace evertill;
constexpr double kTarget = 500;  // redemptions a second at both tills together

struct Till {
  std::string dir;
  int64_t spent = 0;
  int64_t refused = 0;
  std::string problem;
};

base::Status Sell(Till& till, checkout::Counter& counter, const std::string& card, const std::string& barcode) {
  EVERTILL_TRY(counter.AttachMember(card));
  EVERTILL_TRY(counter.Scan(barcode));
  if (!counter.Redeem("1")) ++till.refused;
  EVERTILL_TRY(counter.TenderCash("exact"));
  till.spent += counter.Saved()->points.spent;
  return {};
}

base::Status Run(Till& till, const std::string& card, const std::string& barcode, int sales, std::atomic<int>& ready,
                 int64_t& nanos) {
  const auto clock = base::MakeSystemClock();
  const auto random = base::MakeSystemRandom();
  EVERTILL_ASSIGN(const auto store, store::TillStore::Open(till.dir, *clock, *random));
  client::HoldClient holds(store->Sync(), *clock, *random);
  EVERTILL_ASSIGN(auto counter,
                  checkout::Counter::Open(store->Identity(), domain::DefaultTaxScheme(store->Identity().currency),
                                          {store->Catalogue(), store->Members(), store->Cashiers(), store->Sales(),
                                           store->Basket(), store->Rules(), store->Rights(), &holds, *clock, *random}));
  EVERTILL_TRY(Sell(till, counter, card, barcode));  // connects
  till.spent = till.refused = 0;
  ++ready;
  while (ready < 2) std::this_thread::yield();
  const int64_t start = base::MonotonicNanos();
  for (int i = 0; i < sales; ++i) EVERTILL_TRY(Sell(till, counter, card, barcode));
  nanos = base::MonotonicNanos() - start;
  client::SyncEngine engine(store->Sync(), store->RightsSync(), *clock, *random);
  EVERTILL_ASSIGN([[maybe_unused]] const auto report, engine.RunOnce());
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fputs("usage: bench_redeem DIR_A DIR_B CARD BARCODE SALES\n", stderr);
    return 2;
  }
  const int sales = std::atoi(argv[5]);
  std::array<Till, 2> tills;
  for (size_t i = 0; i < tills.size(); ++i) tills[i].dir = argv[1 + i];
  std::array<int64_t, 2> nanos{};
  std::atomic<int> ready{0};
  {
    std::array<std::thread, 2> threads;
    for (size_t i = 0; i < 2; ++i) {
      threads[i] = std::thread([&, i] {
        if (const auto done = Run(tills[i], argv[3], argv[4], sales, ready, nanos[i]); !done) {
          tills[i].problem = done.error().ToString();
          ready = 2;
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
  for (const Till& till : tills) {
    if (!till.problem.empty()) {
      std::fprintf(stderr, "bench_redeem: %s: %s\n", till.dir.c_str(), till.problem.c_str());
      return 1;
    }
  }
  const double seconds = static_cast<double>(std::max(nanos[0], nanos[1])) / 1e9;
  const int64_t spent = tills[0].spent + tills[1].spent;
  const int64_t refused = tills[0].refused + tills[1].refused;
  const double rate = static_cast<double>(spent) / seconds;
  std::printf("%-44s %10.2f %-10s target %7.2f  ratio %.2f%s\n", "redemptions of one member at two tills", rate, "/s",
              kTarget, kTarget / rate, rate >= kTarget ? "" : "  MISSED");
  if (spent + refused != 2 * sales)
    std::printf("%lld sales without an answer\n", static_cast<long long>(2 * sales - spent - refused));
  std::printf("spent %lld refused %lld\n", static_cast<long long>(spent), static_cast<long long>(refused));
  return rate >= kTarget && spent + refused == 2 * sales ? 0 : 1;
}
