#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/base/worker.h"
#include "app/presenters/counter_port.h"

namespace evertill::tests {

/// A counter without a store: a small shelf, one member, prices in baht. It answers each act on a thread of its own, as
/// the real one does, and tells `on_act` about it in one line: "scan 8850999320014", "cash exact".
class FakeCounter final : public presenters::CounterPort {
 public:
  FakeCounter(base::Dispatcher& screen, std::function<void(const std::string&)> on_act);
  ~FakeCounter() override;

  void Do(presenters::Act act) override;
  void UseLanguage(std::string language) override;
  void PrintAgain(std::string receipt) override;
  void PrintSeen(std::string receipt) override;
  void UseDevice(presenters::DeviceAct act, checkout::DeviceKind kind, std::string address) override;

  /// How it is before the first act.
  void Begin(presenters::Phase phase) { phase_ = phase; }
  void ShowSync(const presenters::SyncView& sync);
  /// Any thread.
  void ShowDevice(const checkout::DeviceStatus& status);
  void ShowPrint(const presenters::PrintView& print);
  /// How the printer will say that each receipt ended.
  void PrintEndsAs(checkout::PrintState state) { print_ends_ = state; }
  /// The shop sells in dong.
  void SellInDong();
  /// Lines that are there from the start.
  void Fill(int lines);
  void Train() { training_ = true; }
  void UseCode(presenters::CodeView code) { code_ = std::move(code); }
  void NameMember(std::string name, std::string language);
  /// How the member's points stand.
  struct Points {
    int64_t owned = 1240;
    int64_t here = 1240;
    int64_t not_active = 0;
    int64_t debt = 0;
    bool provisional = false;
    std::string pin;      ///< empty: none
    std::string why_not;  ///< code; empty: points can be used
  };
  void UsePoints(Points points) { points_ = std::move(points); }

 private:
  struct Product {
    std::string barcode, name, other;
    int64_t price;
    int64_t was;
    bool weighed;
    int32_t min_age;
  };
  struct Line {
    const Product* product;
    std::string quantity;
    int64_t count;  ///< in thousandths
  };

  void Handle(const presenters::Act& act);
  void Refuse(const char* code, const std::string& message, const std::string& subject);
  void Add(const std::string& code);
  void Pay(const std::string& amount);
  void Redeem(const std::string& points);
  void EnterPin(const std::string& pin);
  void Find(const std::string& text);
  void NewSale();
  [[nodiscard]] presenters::View Look() const;
  [[nodiscard]] int64_t Total() const;
  [[nodiscard]] domain::Money Amount(int64_t minor) const;
  /// What the points used pay.
  [[nodiscard]] int64_t ByPoints() const { return std::min(used_ * 10, Total()); }

  base::Dispatcher& screen_;
  std::function<void(const std::string&)> on_act_;
  std::vector<Product> shelf_;
  std::vector<Line> lines_;
  std::vector<presenters::FoundView> found_;
  std::optional<presenters::Notice> refused_;
  std::string language_ = "en";
  std::string cashier_ = "Nok";
  presenters::Phase phase_ = presenters::Phase::kRinging;
  bool member_ = false;
  std::string member_name_ = "คุณสมชาย ใจดี";
  std::string member_language_ = "th";
  checkout::PrintState print_ends_ = checkout::PrintState::kConfirmed;
  std::optional<presenters::CodeView> code_;
  bool training_ = false;
  const char* currency_ = "THB";
  Points points_;
  int64_t used_ = 0;
  bool pin_entered_ = false;
  int wrong_pins_ = 0;
  bool age_checked_ = false;
  int64_t paid_ = 0;
  int receipt_ = 124;
  base::Worker worker_{"fake-counter"};  // last: its tasks use everything above
};

}  // namespace evertill::tests
