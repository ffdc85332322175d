#pragma once

#include <memory>
#include <random>
#include <string>

#include "app/base/clock.h"
#include "app/base/random.h"
#include "app/loyalty/safeguards.h"
#include "sync/server/http.h"
#include "sync/server/keys.h"
#include "sync/server/store.h"
#include "sync/server/till_desk.h"
#include "tests/sim/vfs.h"

namespace evertill::sim {

/// One head office: the production store and desk on a disk of its own, without threads and sockets.
class HeadOffice {
 public:
  /// `folder`: absolute; `clock`, `random` and `keys` outlive it.
  HeadOffice(std::string folder, const base::Clock& clock, base::Random& random, const server::HeadOfficeKeys& keys,
             loyalty::Safeguards safeguards);
  ~HeadOffice();

  /// Opens what is on the disk. False when the disk failed meanwhile: restart and try again.
  [[nodiscard]] base::Status Start();
  void Stop();
  /// After a kill or a power cut: the disk settles, and it is opened again.
  void Restart(Halt how, std::mt19937_64& rng);

  /// A till's request; nothing when the machine died over it.
  [[nodiscard]] std::optional<server::HttpResponse> Answer(const server::HttpRequest& request);
  /// An operator's act in one transaction. An error when it was refused or the machine died over it.
  [[nodiscard]] base::Status Do(const std::function<base::Status(server::Store&, const server::DeskParts&)>& act);
  /// For looking only.
  [[nodiscard]] server::Store& Look() { return *store_; }
  [[nodiscard]] bool Running() const { return store_ != nullptr; }

  /// Records a copy as production does, then takes it.
  [[nodiscard]] base::Expected<DiskImage> BackUp(const std::string& name);
  /// Puts a copy in place of what is there and begins another epoch.
  [[nodiscard]] base::Status RestoreFrom(const DiskImage& copy, int64_t highest_epoch);

  [[nodiscard]] Disk& GetDisk() { return disk_; }
  [[nodiscard]] const wire::Epoch& Epoch() const { return epoch_; }
  [[nodiscard]] server::DeskParts Desk() const { return {clock_, random_, keys_, epoch_, safeguards_}; }

 private:
  const base::Clock& clock_;
  base::Random& random_;
  const server::HeadOfficeKeys& keys_;
  const loyalty::Safeguards safeguards_;
  Disk disk_;
  wire::Epoch epoch_;
  std::unique_ptr<server::Store> store_;
};

}  // namespace evertill::sim
