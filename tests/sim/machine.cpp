#include "tests/sim/machine.h"

#include <filesystem>

namespace evertill::sim {

Machine::Machine(int number, std::string folder, base::Instant now, uint64_t seed, client::TransportFactory transport,
                 loyalty::Safeguards safeguards)
    : number_(number),
      name_(std::filesystem::path(folder).filename()),
      transport_(std::move(transport)),
      safeguards_(safeguards),
      disk_(std::move(folder)),
      clock_(now),
      random_(base::MakeSeededRandom(seed)) {}

Machine::~Machine() {
  Stop();
}

base::Status Machine::Start() {
  store::StoreOptions options;
  options.vfs = kVfsName;
  options.pin_cost = {.memory_kib = 8, .passes = 1};
  options.boot_id = "boot-" + std::to_string(++boots_);
  options.safeguards = safeguards_;
  EVERTILL_ASSIGN(store_, store::TillStore::Open(disk_.Folder(), clock_, *random_, options));
  client::SyncEngineOptions engine;
  engine.safeguards = safeguards_;
  engine.transport = transport_;
  sync_ = std::make_unique<client::SyncEngine>(store_->Sync(), store_->RightsSync(), clock_, *random_, engine);
  client::HoldClientOptions holds;
  holds.safeguards = safeguards_;
  holds.transport = transport_;
  holds_ = std::make_unique<client::HoldClient>(store_->Sync(), clock_, *random_, holds);
  return {};
}

void Machine::Stop() {
  holds_.reset();
  sync_.reset();
  store_.reset();
}

domain::Terminal Machine::Terminal() {
  const auto identity = store_->Sync().Identity();
  return identity ? identity->terminal : domain::Terminal{};
}

}  // namespace evertill::sim
