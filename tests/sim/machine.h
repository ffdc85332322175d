#pragma once

#include <memory>
#include <optional>
#include <random>
#include <string>

#include "app/base/clock.h"
#include "app/base/random.h"
#include "app/store/till_store.h"
#include "sync/client/hold_client.h"
#include "sync/client/sync_engine.h"
#include "tests/sim/vfs.h"

namespace evertill::sim {

/// One till's machine: a disk, a folder of key files, a clock, and the production code when it is switched on.
class Machine {
 public:
  /// `folder`: absolute, with what FirstDay put there. `transport` makes what its requests go through.
  Machine(int number, std::string folder, base::Instant now, uint64_t seed, client::TransportFactory transport,
          loyalty::Safeguards safeguards);
  ~Machine();

  /// Switches the till on; an error where its disk failed over it.
  [[nodiscard]] base::Status Start();
  void Stop();
  [[nodiscard]] bool On() const { return store_ != nullptr; }

  [[nodiscard]] int Number() const { return number_; }
  [[nodiscard]] const std::string& Name() const { return name_; }
  [[nodiscard]] Disk& GetDisk() { return disk_; }
  [[nodiscard]] base::ManualClock& Clock() { return clock_; }
  [[nodiscard]] base::Random& Random() { return *random_; }
  [[nodiscard]] store::TillStore& Till() { return *store_; }
  [[nodiscard]] client::SyncEngine& Sync() { return *sync_; }
  [[nodiscard]] client::HoldClient& Holds() { return *holds_; }
  /// The life that its next event is written in.
  [[nodiscard]] domain::Terminal Terminal();

 private:
  const int number_;
  const std::string name_;
  const client::TransportFactory transport_;
  const loyalty::Safeguards safeguards_;
  Disk disk_;
  base::ManualClock clock_;
  std::unique_ptr<base::Random> random_;
  int boots_ = 0;
  std::unique_ptr<store::TillStore> store_;
  std::unique_ptr<client::SyncEngine> sync_;
  std::unique_ptr<client::HoldClient> holds_;
};

}  // namespace evertill::sim
