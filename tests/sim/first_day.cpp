#include "tests/sim/first_day.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/base/check.h"
#include "app/base/uuid.h"
#include "app/checkout/enrolment.h"
#include "app/crypto/pin_hash.h"
#include "app/store/till_store.h"
#include "sync/client/sync_engine.h"
#include "sync/server/access.h"
#include "sync/server/admin.h"
#include "sync/server/office_cards.h"
#include "sync/wire/enrol_code.h"
#include "tests/sim/head_office.h"
#include "tests/sim/machine.h"
#include "tests/sim/network.h"

namespace evertill::sim {
namespace {

namespace fs = std::filesystem;
constexpr int64_t kMorning = 1'790'000'000'000;
constexpr const char* kPin = "2468";

std::string Slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

domain::Currency Baht() {
  return *domain::Currency::Find("THB");
}

/// A road to head office without any fault.
class Straight final : public client::Transport {
 public:
  explicit Straight(HeadOffice& office) : office_(office) {}
  base::Expected<client::HttpAnswer> Get(const std::string& path, const std::string& bearer) override;
  base::Expected<client::HttpAnswer> Post(const std::string& path, const std::string& bearer, const std::string&,
                                          const std::string& body) override {
    return Ask("POST", path, bearer, body);
  }

 private:
  base::Expected<client::HttpAnswer> Ask(const char* method, const std::string& path, const std::string& bearer,
                                         const std::string& body);
  HeadOffice& office_;
};

base::Expected<client::HttpAnswer> Straight::Get(const std::string& path, const std::string& bearer) {
  return Ask("GET", path, bearer, {});
}

base::Expected<client::HttpAnswer> Straight::Ask(const char* method, const std::string& path, const std::string& bearer,
                                                 const std::string& body) {
  const auto answer = office_.Answer(RequestOf(method, path, bearer, body));
  EVERTILL_CHECK(answer.has_value());
  return client::HttpAnswer{answer->status, answer->body};
}

class Maker {
 public:
  explicit Maker(int tills) : count_(tills + FirstDay::kSpares), random_(base::MakeSeededRandom(20'261'122)) {}

  base::Expected<std::unique_ptr<FirstDay>> Make() {
    day_->now = clock_.Now();
    std::string pattern = (fs::exists("/dev/shm") ? std::string("/dev/shm") : fs::temp_directory_path().string()) +
                          "/evertill-sim-XXXXXX";
    EVERTILL_CHECK(::mkdtemp(pattern.data()) != nullptr);
    day_->root = pattern;
    EVERTILL_TRY(MakeOffice());
    for (int i = 0; i < count_; ++i) EVERTILL_TRY(MakeTill(i));
    EVERTILL_TRY(MakeMembers());
    for (auto& machine : machines_) {
      EVERTILL_TRY(machine->Sync().RunOnce());
      EVERTILL_TRY(machine->Sync().RunOnce());
    }
    for (int i = 0; i < count_; ++i) {
      machines_[static_cast<size_t>(i)]->Stop();
      day_->tills[static_cast<size_t>(i)].disk = machines_[static_cast<size_t>(i)]->GetDisk().Image();
    }
    office_->Stop();
    day_->office = office_->GetDisk().Image();
    return std::move(day_);
  }

 private:
  base::Status MakeOffice() {
    const fs::path database = fs::path(day_->root) / "hq" / "hq.db";
    EVERTILL_TRY(server::Initialise(database, {"localhost"}, clock_, *random_));
    const std::vector<std::string> hosts{"localhost"};
    EVERTILL_ASSIGN(auto keys, server::LoadOrCreateKeys(server::KeyFolderFor(database), hosts, clock_, *random_));
    day_->keys = std::make_unique<server::HeadOfficeKeys>(std::move(keys));
    office_ =
        std::make_unique<HeadOffice>(database.parent_path(), clock_, *random_, *day_->keys, loyalty::Safeguards{});
    office_->GetDisk().Put({{"hq.db", Slurp(database)}});
    EVERTILL_TRY(office_->Start());
    return office_->Do([&](server::Store& store, const server::DeskParts&) -> base::Status {
      EVERTILL_TRY(store.AddStore({"S01", "Siam", "THB"}, clock_.Now()));
      return store.AddStore({"S02", "Sathorn", "THB"}, clock_.Now());
    });
  }

  base::Status MakeTill(int number) {
    const std::string store = number % 2 == 0 ? "S01" : "S02";
    std::string till = std::to_string(number + 1);
    till = "L" + std::string(till.size() < 2 ? 1 : 0, '0') + till;
    const fs::path folder = fs::path(day_->root) / till;
    const store::InitOptions init{{domain::StoreCode(store), domain::TillCode(till), 1}, Baht()};
    EVERTILL_TRY(store::TillStore::Init(folder, init, clock_, *random_));
    const fs::path twin = folder.string() + "-twin";
    fs::copy(folder, twin, fs::copy_options::recursive);
    day_->tills.push_back({folder, twin, {}});
    const auto road = [this](const checkout::Enrolment&) -> base::Expected<std::unique_ptr<client::Transport>> {
      return std::unique_ptr<client::Transport>(std::make_unique<Straight>(*office_));
    };
    machines_.push_back(std::make_unique<Machine>(number, folder, clock_.Now(), 7000 + static_cast<uint64_t>(number),
                                                  road, loyalty::Safeguards{}));
    Machine& machine = *machines_.back();
    machine.GetDisk().Put({{"till.db", Slurp(folder / "till.db")}});
    EVERTILL_TRY(machine.Start());
    return Enrol(machine, store, till);
  }

  base::Status Enrol(Machine& machine, const std::string& store_code, const std::string& till) {
    checkout::SyncStore& sync = machine.Till().Sync();
    wire::EnrolReply reply;
    const auto let_in = [&](server::Store& store, const server::DeskParts& desk) -> base::Status {
      EVERTILL_ASSIGN(const auto text,
                      server::MakeTillCode(store, store_code, till, desk.keys.ca_pem, clock_.Now(), *random_));
      EVERTILL_ASSIGN(const auto code, wire::EnrolCode::Parse(text));
      EVERTILL_ASSIGN(const auto key, sync.PublicKey());
      const wire::EnrolRequest request{code.secret, store_code, till, 1, 0, key, "", "THB"};
      EVERTILL_ASSIGN(reply, server::EnrolTill(store, request, clock_.Now(), *random_));
      return {};
    };
    EVERTILL_TRY(office_->Do(let_in));
    checkout::Enrolment enrolment;
    enrolment.server_url = "http://localhost";
    enrolment.token = reply.token;
    enrolment.server_key = crypto::AsText(day_->keys->signing.PublicKey());
    enrolment.epoch = {office_->Epoch().counter, base::ToHex(crypto::AsBytes(office_->Epoch().random))};
    return sync.SetEnrolment(enrolment, {domain::StoreCode(store_code), domain::TillCode(till), reply.incarnation},
                             store_code);
  }

  base::Status MakeMembers() {
    Machine& first = *machines_.front();
    for (int i = 0; i < kMembers; ++i) {
      EVERTILL_ASSIGN(auto enrolled, checkout::PrepareEnrolment(
                                         {"Member " + std::to_string(i), "081234567" + std::to_string(i), "en", {}},
                                         Baht(), clock_, *random_));
      EVERTILL_TRY(first.Till().Sales().CommitEnrolment(enrolled.member, enrolled.event));
      SimMember member;
      member.id = enrolled.member.id;
      day_->members.push_back(member);
    }
    EVERTILL_TRY(first.Sync().RunOnce());
    for (SimMember& member : day_->members) EVERTILL_TRY(GiveCards(member));
    return {};
  }

  base::Status GiveCards(SimMember& member) {
    const std::string id = member.id.ToString();
    return office_->Do([&](server::Store& store, const server::DeskParts& desk) -> base::Status {
      EVERTILL_ASSIGN(const auto paper, server::IssueMemberCard(store, desk, id, 1));
      EVERTILL_ASSIGN(const auto phone, server::IssueMemberCard(store, desk, id, 2));
      member.signed_card = paper.text;
      member.phone_card = phone.text;
      member.phone_serial = phone.serial;
      member.phone_secret = server::PhoneSecret(desk.keys, *base::FromHex(phone.serial));
      if (&member != &day_->members[1] && &member != &day_->members[2]) return {};
      member.pin = kPin;
      EVERTILL_ASSIGN(const auto hash, crypto::HashPin(kPin, crypto::AsBytes(desk.keys.pepper), *random_,
                                                       {.memory_kib = 8, .passes = 1}));
      EVERTILL_TRY(server::SetMemberPin(store, desk, id, hash));
      return {};
    });
  }

  const int count_;
  base::ManualClock clock_{base::FromUnixMillis(kMorning)};
  std::unique_ptr<base::Random> random_;
  std::unique_ptr<FirstDay> day_ = std::make_unique<FirstDay>();
  std::unique_ptr<HeadOffice> office_;
  std::vector<std::unique_ptr<Machine>> machines_;
};

}  // namespace

FirstDay::~FirstDay() {
  std::error_code ignored;
  if (!root.empty()) fs::remove_all(root, ignored);
}

base::Expected<std::unique_ptr<FirstDay>> MakeFirstDay(int tills) {
  return Maker(tills).Make();
}

}  // namespace evertill::sim
