#pragma once

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "app/base/clock.h"
#include "app/base/random.h"
#include "app/base/uuid.h"
#include "app/domain/basket.h"
#include "app/loyalty/ledger.h"
#include "app/sqlite/connection.h"
#include "app/store/till_store.h"

namespace evertill::store {

/// Fails the test with the error's own words.
template <typename T>
T Must(base::Expected<T> result) {
  if (!result) FAIL(result.error().ToString());
  return std::move(*result);
}
inline void Must(const base::Status& status) {
  if (!status) FAIL(status.error().ToString());
}

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "evertill-store-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path File(const std::string& name) const { return path_ / name; }
  [[nodiscard]] std::filesystem::path Write(const std::string& name, std::string_view content) const {
    std::ofstream(File(name), std::ios::binary) << content;
    return File(name);
  }

 private:
  std::filesystem::path path_;
};

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline domain::Currency Currency(const char* code = "THB") {
  return Must(domain::Currency::Find(code));
}

/// A till of its own in a folder of its own.
class Till {
 public:
  explicit Till(const char* currency = "THB") : currency_(Currency(currency)) {
    Must(TillStore::Init(Dir(), {.terminal = Terminal(), .currency = currency_, .language = "th"}, clock, *random));
    Open();
  }
  [[nodiscard]] static domain::Terminal Terminal() { return {domain::StoreCode("S01"), domain::TillCode("L03"), 1}; }
  [[nodiscard]] std::filesystem::path Dir() const { return temp.File("till"); }
  void Open() {
    store.reset();
    options.pin_cost = {64, 1};
    store = Must(TillStore::Open(Dir(), clock, *random, options));
  }
  TillStore& operator*() { return *store; }
  TillStore* operator->() { return store.get(); }

  template <typename Id>
  Id NewId() {
    return Id(base::MakeUuidV7(clock, *random));
  }
  [[nodiscard]] domain::Money Amount(int64_t minor) const { return {minor, currency_}; }

  domain::Sale MakeSale(int lines = 2, const checkout::MemberRecord* member = nullptr, int64_t points = 0) {
    domain::Basket basket(currency_, domain::DefaultTaxScheme(currency_));
    for (int i = 0; i < lines; ++i) {
      const std::string code = "885000000000" + std::to_string(i);
      const domain::Product product{.barcode = code,
                                    .sku = "SKU" + std::to_string(i),
                                    .name = "ข้าวหอมมะลิ " + std::to_string(i),
                                    .names = {},
                                    .price = Amount(4975 + i),
                                    .tax_code = {},
                                    .category = {}};
      Must(basket.Add(product, domain::Quantity::Units(1 + i)));
    }
    const domain::Money total = basket.Totals().total;
    domain::Sale sale{.id = NewId<domain::EventId>(),
                      .terminal = {},
                      .receipt = {},
                      .at = {},
                      .cashier = NewId<domain::CashierId>(),
                      .cashier_name = "Somchai",
                      .shift = NewId<domain::ShiftId>(),
                      .lines = basket.Lines(),
                      .totals = basket.Totals(),
                      .tax_rows = basket.TaxRows(),
                      .tenders = {{domain::TenderKind::kCash, total, total + Amount(100)}},
                      .change = Amount(100),
                      .member = {},
                      .points = {}};
    if (member != nullptr) {
      sale.member = domain::SaleMember{member->id, member->name, member->card.substr(12), member->language};
      sale.points = {member->points, points, 0, member->points + points, true};
    }
    return sale;
  }
  domain::Sale Commit(domain::Sale sale) {
    auto postings = loyalty::EarnPostings(sale.id, sale.points.earned);
    return Must(store->Sales().CommitSale(std::move(sale), std::move(postings), 1, true));
  }
  checkout::MemberRecord Enrol(const std::string& name, const std::string& phone, const std::string& card) {
    checkout::MemberRecord member;
    member.id = NewId<domain::MemberId>();
    member.name = name;
    member.phone = phone;
    member.card = card;
    member.language = "th";
    member.consents = {"points"};
    Must(store->Sales().CommitEnrolment(member, Draft("member_enrol", member.id)));
    return member;
  }
  checkout::EventDraft Draft(const char* kind, std::optional<domain::MemberId> member = {}) {
    checkout::EventDraft draft;
    draft.id = NewId<domain::EventId>();
    draft.core.kind = kind;
    draft.core.member = member;
    return draft;
  }
  /// Another connection to the till's database, as a support engineer would open it.
  [[nodiscard]] sqlite::Connection Raw(const char* name = "till.db") const {
    return Must(sqlite::Connection::Open(Dir() / name));
  }
  [[nodiscard]] int64_t Count(const std::string& sql, const char* name = "till.db") const {
    auto raw = Raw(name);
    auto query = Must(raw.Prepare(sql));
    REQUIRE(Must(query.Step()));
    return query.Int(0);
  }

  TempDir temp;
  base::ManualClock clock{base::FromUnixMillis(1'700'000'000'000)};
  std::unique_ptr<base::Random> random = base::MakeSeededRandom(20221122);
  StoreOptions options;
  std::unique_ptr<TillStore> store;

 private:
  domain::Currency currency_;
};

}  // namespace evertill::store
