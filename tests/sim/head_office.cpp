#include "tests/sim/head_office.h"

#include "app/base/check.h"
#include "sync/server/admin.h"
#include "sync/server/errors.h"
#include "sync/server/office_backup.h"
#include "sync/server/sqlite_store.h"

namespace evertill::sim {

HeadOffice::HeadOffice(std::string folder, const base::Clock& clock, base::Random& random,
                       const server::HeadOfficeKeys& keys, loyalty::Safeguards safeguards)
    : clock_(clock), random_(random), keys_(keys), safeguards_(safeguards), disk_(std::move(folder)) {}

HeadOffice::~HeadOffice() = default;

base::Status HeadOffice::Start() {
  EVERTILL_ASSIGN(store_, server::OpenSqliteStore(disk_.Folder() + "/hq.db", server::StoreAccess::kWrite, clock_,
                                                  {.vfs = kVfsName, .safeguards = safeguards_}));
  EVERTILL_ASSIGN(epoch_, server::LoadEpoch(*store_));
  return {};
}

void HeadOffice::Stop() {
  store_.reset();
}

void HeadOffice::Restart(sim::Halt how, std::mt19937_64& rng) {
  store_.reset();
  disk_.Restart(how, rng);
  const auto started = Start();
  EVERTILL_CHECK(started);
}

std::optional<server::HttpResponse> HeadOffice::Answer(const server::HttpRequest& request) {
  if (!store_ || disk_.Dead()) return std::nullopt;
  server::HttpResponse response = server::AnswerNow(*store_, Desk(), request);
  if (disk_.Dead()) return std::nullopt;
  return response;
}

base::Status HeadOffice::Do(const std::function<base::Status(server::Store&, const server::DeskParts&)>& act) {
  const server::DeskParts desk = Desk();
  return server::InTransaction(*store_, [&] { return act(*store_, desk); });
}

base::Expected<DiskImage> HeadOffice::BackUp(const std::string& name) {
  EVERTILL_TRY(server::InTransaction(*store_, [&] { return store_->RecordCopy(name, clock_.Now()); }));
  return disk_.Image();
}

base::Status HeadOffice::RestoreFrom(const DiskImage& copy, int64_t highest_epoch) {
  store_.reset();
  disk_.Put(copy);
  EVERTILL_TRY(Start());
  return server::InTransaction(*store_, [&]() -> base::Status {
    EVERTILL_ASSIGN(epoch_, server::BeginEpoch(*store_, highest_epoch, clock_, random_));
    return {};
  });
}

}  // namespace evertill::sim
