#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/random.h"
#include "app/checkout/counter.h"
#include "app/checkout/errors.h"
#include "app/checkout/ports.h"
#include "app/loyalty/ledger.h"
#include "tests/support/fake_rights.h"

/// A till's outside in memory, for tests of checkout and presenters: keeps what a store would keep, fails when told.
namespace evertill::support {

enum class FakeErrc { kDiskFull };
inline std::string_view ErrorName(FakeErrc) {
  return "disk_full";
}

inline domain::Currency Thb() {
  return *domain::Currency::Find("THB");
}

inline domain::Product MakeProduct(const std::string& barcode, const std::string& name, const char* price) {
  return {.row = 1,
          .barcode = barcode,
          .sku = barcode,
          .name = name,
          .names = {},
          .price = *domain::Money::Parse(price, Thb()),
          .tax_code = {},
          .category = {},
          .unit = domain::SellUnit::kEach,
          .min_age = 0,
          .price_derived = false};
}

class FakeTill final : public checkout::Catalogue,
                       public checkout::Members,
                       public checkout::Cashiers,
                       public checkout::SaleLog,
                       public checkout::BasketKeeper,
                       public checkout::Rules {
 public:
  std::map<std::string, domain::Product> products;
  std::vector<checkout::MemberRecord> members;
  std::vector<std::pair<checkout::CashierRecord, std::string>> cashiers;
  std::vector<domain::Sale> sales;
  std::vector<checkout::EventDraft> events;
  std::vector<std::vector<domain::Posting>> postings;
  std::optional<checkout::ShiftRecord> shift;
  std::string kept;
  bool disk_full = false;
  FakeRights rights;
  FakeReserver reserver;
  bool enrolled = false;  ///< head office may be asked
  base::ManualClock clock{base::FromUnixMillis(1'700'000'000'000)};
  std::unique_ptr<base::Random> random = base::MakeSeededRandom(42);

  void AddProduct(domain::Product product) { products.emplace(product.barcode, product); }

  checkout::TillIdentity Identity(bool unattended = true) const {
    return {{domain::StoreCode("S01"), domain::TillCode("L03"), 1},
            Thb(),
            "en",
            "Siam Square",
            unattended ? std::optional(checkout::Role::kCashier) : std::nullopt};
  }
  base::Expected<checkout::Counter> OpenCounter(bool unattended = true) {
    return checkout::Counter::Open(
        Identity(unattended), domain::DefaultTaxScheme(Thb()),
        {*this, *this, *this, *this, *this, *this, rights, enrolled ? &reserver : nullptr, clock, *random});
  }
  std::vector<std::string> EventKinds() const {
    std::vector<std::string> kinds;
    for (const auto& event : events) kinds.push_back(event.core.kind);
    return kinds;
  }

  base::Expected<std::optional<domain::Product>> FindByBarcode(std::string_view barcode) override {
    const auto found = products.find(std::string(barcode));
    if (found == products.end()) return std::optional<domain::Product>();
    return std::optional(found->second);
  }
  base::Expected<std::vector<domain::Product>> Search(std::string_view text, int limit) override {
    std::vector<domain::Product> found;
    for (const auto& [barcode, product] : products) {
      if (product.name.find(text) != std::string::npos && found.size() < static_cast<size_t>(limit)) {
        found.push_back(product);
      }
    }
    return found;
  }
  base::Expected<std::optional<checkout::MemberRecord>> FindByCard(std::string_view card) override {
    return FindMember([&](const auto& member) { return member.card == card; });
  }
  base::Expected<std::optional<checkout::MemberRecord>> FindByPhone(std::string_view phone) override {
    return FindMember([&](const auto& member) { return member.phone == phone; });
  }
  base::Expected<std::optional<checkout::MemberRecord>> Find(domain::MemberId id) override {
    return FindMember([&](const auto& member) { return member.id == id; });
  }
  base::Expected<checkout::CashierRecord> CheckPin(std::string_view name, std::string_view pin) override {
    for (const auto& [cashier, right] : cashiers) {
      if (cashier.name == name && right == pin) return cashier;
    }
    return base::Fail(checkout::CheckoutErrc::kWrongPin);
  }
  base::Status Add(const checkout::CashierRecord& cashier, std::string_view pin) override {
    cashiers.emplace_back(cashier, pin);
    return {};
  }
  base::Expected<std::vector<checkout::CashierRecord>> List() override {
    std::vector<checkout::CashierRecord> all;
    for (const auto& entry : cashiers) all.push_back(entry.first);
    return all;
  }
  base::Expected<domain::Sale> CommitSale(domain::Sale sale, std::vector<domain::Posting> entries, int64_t,
                                          bool) override {
    if (disk_full) return base::Fail(FakeErrc::kDiskFull, "till.db");
    EVERTILL_TRY(rights.Take(sale.id, entries));
    sale.seq = static_cast<int64_t>(sales.size() + events.size()) + 1;
    sale.receipt = *NextReceipt();
    for (auto& member : members) {
      if (sale.member && member.id == sale.member->id) member.points += loyalty::MemberDelta(entries);
    }
    NoteRefund(sale);
    sales.push_back(sale);
    postings.push_back(std::move(entries));
    return sale;
  }
  base::Status CommitEvent(const checkout::EventDraft& event) override {
    events.push_back(event);
    return {};
  }
  base::Status CommitEnrolment(const checkout::MemberRecord& member, const checkout::EventDraft& event) override {
    for (const auto& known : members) {
      if (!member.phone.empty() && known.phone == member.phone) {
        return base::Fail(checkout::CheckoutErrc::kPhoneTaken, member.phone);
      }
    }
    members.push_back(member);
    return CommitEvent(event);
  }
  base::Status CommitShiftOpen(const checkout::ShiftRecord& opened, const checkout::EventDraft& event) override {
    shift = opened;
    return CommitEvent(event);
  }
  base::Expected<std::optional<checkout::ShiftRecord>> OpenShift() override { return shift; }
  base::Expected<std::optional<domain::Sale>> FindSale(const domain::ReceiptNumber& receipt) override {
    for (const auto& sale : sales) {
      if (sale.receipt == receipt) return std::optional(sale);
    }
    return std::optional<domain::Sale>();
  }
  base::Expected<std::optional<domain::Sale>> LastSale() override {
    return sales.empty() ? std::optional<domain::Sale>() : std::optional(sales.back());
  }
  base::Expected<domain::ReceiptNumber> NextReceipt() override {
    std::string number = std::to_string(sales.size() + 1);
    return domain::ReceiptNumber("L03-" + std::string(6 - number.size(), '0') + number);
  }
  void Keep(std::string_view text) override { kept = text; }
  std::optional<std::string> Kept() override { return kept.empty() ? std::nullopt : std::optional(kept); }
  base::Expected<loyalty::Programme> Programme() override { return loyalty::DefaultProgramme(Thb()); }

 private:
  void NoteRefund(const domain::Sale& sale) {
    if (!sale.refund) {
      rights.refunded[sale.id] = {sale.points.earned, std::vector<int64_t>(sale.lines.size(), 0)};
      return;
    }
    auto& so_far = rights.refunded[sale.refund->sale];
    for (const auto& line : sale.refund->lines) {
      so_far.quantity_micro[static_cast<size_t>(line.line) - 1] += line.quantity_micro;
      so_far.local_left -= line.reversed;
    }
  }

  template <typename Matches>
  base::Expected<std::optional<checkout::MemberRecord>> FindMember(Matches matches) {
    const auto found = std::find_if(members.begin(), members.end(), matches);
    if (found == members.end()) return std::optional<checkout::MemberRecord>();
    return std::optional(*found);
  }
};

}  // namespace evertill::support
