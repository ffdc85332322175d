#include "tests/support/fake_counter.h"

#include <algorithm>
#include <utility>

#include "app/domain/quantity.h"

namespace evertill::tests {
namespace {

using namespace presenters;

std::string Describe(const Act& act) {
  struct Names {
    std::string operator()(const act::Scan& a) const { return "scan " + a.code; }
    std::string operator()(const act::Search& a) const { return "search " + a.text; }
    std::string operator()(const act::Quantity& a) const {
      return "quantity " + (a.line ? std::to_string(*a.line) : "last") + " " + a.quantity;
    }
    std::string operator()(const act::Member& a) const { return "member " + a.text; }
    std::string operator()(const act::DetachMember&) const { return "detach"; }
    std::string operator()(const act::CashTender& a) const { return "cash " + a.amount; }
    std::string operator()(const act::Redeem& a) const { return "redeem " + a.points; }
    std::string operator()(const act::MemberPin& a) const { return "pin " + a.pin; }
    std::string operator()(const act::Refund& a) const { return "refund " + a.receipt; }
    std::string operator()(const act::ConfirmAge&) const { return "confirm_age"; }
    std::string operator()(const act::VoidLine& a) const { return "void_line " + std::to_string(a.line); }
    std::string operator()(const act::VoidBasket&) const { return "void_basket"; }
    std::string operator()(const act::SignIn& a) const { return "sign_in " + a.cashier + " " + a.pin; }
    std::string operator()(const act::Lock&) const { return "lock"; }
    std::string operator()(const act::OpenShift& a) const { return "open_shift " + a.opening_float; }
    std::string operator()(const act::Enrol& a) const {
      return "enrol " + a.name + " " + a.phone + " " + a.language + " " + std::to_string(a.consents.size());
    }
    std::string operator()(const act::State&) const { return "state"; }
  };
  return std::visit(Names{}, act);
}

}  // namespace

domain::Money FakeCounter::Amount(int64_t minor) const {
  return {minor, *domain::Currency::Find(currency_)};
}

FakeCounter::FakeCounter(base::Dispatcher& screen, std::function<void(const std::string&)> on_act)
    : screen_(screen),
      on_act_(std::move(on_act)),
      shelf_{{"8850000000017", "ข้าวหอมมะลิ หงษ์ทอง 5 กก.", "Jasmine rice 5 kg", 19900, 21900, false, 0},
             {"8850000000024", "นมสดพาสเจอร์ไรส์ เมจิ 830 มล.", "Fresh milk", 4975, 0, false, 0},
             {"8930000000031", "Cà phê sữa G7 3 trong 1", "Vietnamese coffee mix 20 × 16 g", 13900, 0, false, 0},
             {"8850000000048", "MAMA Tom Yum Kung 55 g", "Instant noodles", 800, 1000, false, 0},
             {"2100001008420", "กล้วยหอม (ชั่งน้ำหนัก)", "Bananas", 4500, 0, true, 0},
             {"8850000000055", "Singha drinking water 1.5 L", "", 1400, 0, false, 0},
             {"8850000000062", "น้ำปลาแท้ ทิพรส 700 มล.", "Fish sauce", 3800, 0, false, 0},
             {"8850999320014", "Nước mắm Phú Quốc 40°N 500 ml", "Phu Quoc fish sauce", 42900, 0, false, 0},
             {"8850000000079", "เบียร์สิงห์ กระป๋อง 490 มล.", "Singha beer can 490 ml", 4900, 0, false, 20},
             {"8850000000086", "ผลิตภัณฑ์ซักผ้าชนิดน้ำเข้มข้น สูตรลดกลิ่นอับ กลิ่นดอกไม้ยามเช้า ถุงเติมขนาดประหยัด 1,400 มล.",
              "Concentrated liquid detergent, morning flowers, large economy refill pouch of 1,400 ml", 18900, 0, false,
              0}} {}

FakeCounter::~FakeCounter() {
  worker_.Drain();
}

void FakeCounter::Do(Act act) {
  worker_.Post([this, act = std::move(act)] {
    on_act_(Describe(act));
    Handle(act);
    View view = Look();
    screen_.Post([this, view = std::move(view)] {
      if (on_view) on_view(view);
    });
  });
}

void FakeCounter::UseLanguage(std::string language) {
  worker_.Post([this, language = std::move(language)] {
    on_act_("language " + language);
    language_ = language;
  });
}

void FakeCounter::ShowSync(const SyncView& sync) {
  screen_.Post([this, sync] {
    if (on_sync) on_sync(sync);
  });
}

void FakeCounter::ShowDevice(const checkout::DeviceStatus& status) {
  screen_.Post([this, status] {
    if (on_device) on_device(status);
  });
}

void FakeCounter::ShowPrint(const PrintView& print) {
  screen_.Post([this, print] {
    if (on_print) on_print(print);
  });
}

void FakeCounter::PrintAgain(std::string receipt) {
  on_act_("print_again " + receipt);
}

void FakeCounter::PrintSeen(std::string receipt) {
  on_act_("print_seen " + receipt);
}

void FakeCounter::UseDevice(DeviceAct act, checkout::DeviceKind kind, std::string address) {
  on_act_("device " + std::to_string(static_cast<int>(act)) + " " + address);
  screen_.Post([this, kind, address = std::move(address)] {
    if (on_device_answer) on_device_answer({kind, address, {}});
  });
}

void FakeCounter::SellInDong() {
  currency_ = "VND";
  // Baht's satang become dong: a rice bag of 199.00 is one of 1,990,000.
  for (Product& product : shelf_) product.price *= 100, product.was *= 100;
}

void FakeCounter::Fill(int lines) {
  for (int i = 0; i < lines; ++i) {
    const Product& product = shelf_[static_cast<size_t>(i) % shelf_.size()];
    const int count = product.weighed ? 1 : 1 + i % 3;
    lines_.push_back(product.weighed ? Line{&product, "0.842", 842}
                                     : Line{&product, std::to_string(count), int64_t{count} * 1000});
  }
}

void FakeCounter::NameMember(std::string name, std::string language) {
  member_name_ = std::move(name);
  member_language_ = std::move(language);
  member_ = true;
}

void FakeCounter::NewSale() {
  if (phase_ != Phase::kPaid) return;
  phase_ = Phase::kRinging;
  lines_.clear();
  member_ = false;
  used_ = 0;
  pin_entered_ = false;
  age_checked_ = false;
  paid_ = 0;
  ++receipt_;
}

void FakeCounter::Refuse(const char* code, const std::string& message, const std::string& subject) {
  refused_ = Notice{code, message, subject};
}

void FakeCounter::Handle(const Act& act) {
  refused_.reset();
  found_.clear();
  if (!std::holds_alternative<act::State>(act) && !std::holds_alternative<act::Search>(act)) NewSale();
  if (const auto* scan = std::get_if<act::Scan>(&act)) {
    Add(scan->code);
  } else if (const auto* search = std::get_if<act::Search>(&act)) {
    Find(search->text);
  } else if (const auto* quantity = std::get_if<act::Quantity>(&act)) {
    const size_t index = quantity->line ? static_cast<size_t>(*quantity->line - 1) : lines_.size() - 1;
    if (index >= lines_.size()) return Refuse("no_line", "There is no such line.", quantity->quantity);
    lines_[index].quantity = quantity->quantity;
    lines_[index].count = std::atoll(quantity->quantity.c_str()) * 1000;
  } else if (const auto* member = std::get_if<act::Member>(&act)) {
    if (member->text.size() < 9) return Refuse("member_not_found", "No member has this number.", member->text);
    member_ = true;
  } else if (std::holds_alternative<act::Enrol>(act)) {
    member_ = true;
  } else if (std::holds_alternative<act::DetachMember>(act)) {
    member_ = false;
    used_ = 0;
  } else if (const auto* redeem = std::get_if<act::Redeem>(&act)) {
    Redeem(redeem->points);
  } else if (const auto* pin = std::get_if<act::MemberPin>(&act)) {
    EnterPin(pin->pin);
  } else if (const auto* cash = std::get_if<act::CashTender>(&act)) {
    Pay(cash->amount);
  } else if (const auto* line = std::get_if<act::VoidLine>(&act)) {
    if (line->line >= 1 && static_cast<size_t>(line->line) <= lines_.size())
      lines_.erase(lines_.begin() + line->line - 1);
  } else if (std::holds_alternative<act::VoidBasket>(act)) {
    lines_.clear();
    member_ = false;
    used_ = 0;
  } else if (std::holds_alternative<act::ConfirmAge>(act)) {
    age_checked_ = true;
  } else if (std::holds_alternative<act::Lock>(act)) {
    phase_ = Phase::kLocked;
  } else if (const auto* sign_in = std::get_if<act::SignIn>(&act)) {
    if (sign_in->pin != "1234") return Refuse("wrong_pin", "Name and PIN do not belong together.", sign_in->cashier);
    cashier_ = sign_in->cashier;
    phase_ = Phase::kNoShift;
  } else if (std::holds_alternative<act::OpenShift>(act)) {
    phase_ = Phase::kRinging;
  }
}

void FakeCounter::Add(const std::string& code) {
  if (code == "M0004417") {
    member_ = true;
    return;
  }
  const auto product =
      std::find_if(shelf_.begin(), shelf_.end(), [&](const Product& candidate) { return candidate.barcode == code; });
  if (product == shelf_.end()) return Refuse("unknown_barcode", "This barcode is not in the catalogue.", code);
  const auto line =
      std::find_if(lines_.begin(), lines_.end(), [&](const Line& candidate) { return candidate.product == &*product; });
  if (product->weighed) {
    lines_.push_back({&*product, "0.842", 842});
  } else if (line == lines_.end()) {
    lines_.push_back({&*product, "1", 1000});
  } else {
    line->count += 1000;
    line->quantity = std::to_string(line->count / 1000);
  }
}

void FakeCounter::Pay(const std::string& amount) {
  if (lines_.empty()) return Refuse("nothing_to_pay", "There is nothing to pay.", "");
  const int64_t total = Total() - ByPoints();
  int64_t given = total;
  if (amount != "exact") {
    const auto parsed = domain::Money::Parse(amount, *domain::Currency::Find(currency_));
    if (!parsed || parsed->Minor() < total) return Refuse("bad_tender", "This is less than what is due.", amount);
    given = parsed->Minor();
  }
  paid_ = given;
  phase_ = Phase::kPaid;
  PrintView print;
  print.receipt = "L03-000" + std::to_string(receipt_);
  print.state = print_ends_;
  screen_.Post([this, print] {
    if (on_print) on_print(print);
  });
}

void FakeCounter::Redeem(const std::string& points) {
  if (!member_) return Refuse("no_member", "Attach a member first: scan the card.", "");
  if (points == "0") {
    used_ = 0;
    return;
  }
  if (!points_.why_not.empty()) return Refuse(points_.why_not.c_str(), "Points cannot be spent now.", "");
  if (!points_.pin.empty() && !pin_entered_) return Refuse("pin_needed", "The member's PIN is needed.", "");
  const int64_t asked = points == "max" ? std::min(points_.here, (Total() + 9) / 10) : std::atoll(points.c_str());
  if (asked > points_.here) return Refuse("not_enough_points_here", "That is more than can be used here now.", "");
  used_ = asked;
}

void FakeCounter::EnterPin(const std::string& pin) {
  if (wrong_pins_ >= 3) return Refuse("pin_locked", "Too many wrong PINs.", "");
  pin_entered_ = pin == points_.pin;
  if (pin_entered_) return;
  ++wrong_pins_;
  if (wrong_pins_ >= 3) return Refuse("pin_locked", "Too many wrong PINs.", "");
  Refuse("pin_wrong", "The PIN is wrong. Tries left: " + std::to_string(3 - wrong_pins_) + ".",
         std::to_string(3 - wrong_pins_));
}

void FakeCounter::Find(const std::string& text) {
  std::string wanted = text;
  std::transform(wanted.begin(), wanted.end(), wanted.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const Product& product : shelf_) {
    std::string names = product.name + " " + product.other;
    std::transform(names.begin(), names.end(), names.begin(), [](unsigned char c) { return std::tolower(c); });
    if (names.find(wanted) == std::string::npos) continue;
    found_.push_back({product.barcode, product.name, product.other, Amount(product.price), product.weighed});
  }
}

int64_t FakeCounter::Total() const {
  int64_t total = 0;
  for (const Line& line : lines_) total += (line.product->price * line.count + 500) / 1000;
  return total;
}

View FakeCounter::Look() const {
  const domain::Money zero = Amount(0);
  View view{.store_name = "Siam Square  ·  สาขาสยามสแควร์",
            .till = "L03",
            .cashier = phase_ == Phase::kLocked ? std::string() : cashier_,
            .phase = phase_,
            .refused = refused_,
            .lines = {},
            .items = 0,
            .totals = {zero, zero, zero, zero, zero},
            .tax_label = "VAT 7%",
            .tax_inclusive = true,
            .tenders = {},
            .by_points = Amount(ByPoints()),
            .paid = Amount(phase_ == Phase::kPaid ? Total() : ByPoints()),
            .due = zero,
            .change = zero,
            .suggested_cash = {},
            .member = {},
            .points = {},
            .receipt = "L03-000" + std::to_string(receipt_),
            .age_check = 0,
            .found = found_,
            .cashiers = {"Nok", "Somchai", "Linh"},
            .can_lock = true};
  view.training = training_;
  view.code = code_;
  view.prints = true;
  int number = 0;
  for (const Line& line : lines_) {
    const Product& p = *line.product;
    const int64_t total = (p.price * line.count + 500) / 1000;
    const int64_t gross = p.was > 0 ? (p.was * line.count + 500) / 1000 : total;
    view.lines.push_back({++number, p.barcode, "", p.name, p.other, line.quantity, p.weighed,
                          Amount(p.was > 0 ? p.was : p.price), Amount(gross), Amount(gross - total), Amount(total),
                          p.min_age});
    view.items += p.weighed ? 1 : line.count / 1000;
    view.totals.subtotal += Amount(gross);
    view.totals.savings += Amount(gross - total);
    view.totals.total += Amount(total);
    if (p.min_age > 0 && !age_checked_) view.age_check = p.min_age;
  }
  const int64_t total = view.totals.total.Minor();
  view.totals.tax = Amount(total * 7 / 107);
  view.due = phase_ == Phase::kPaid ? zero : Amount(total - ByPoints());
  view.change = phase_ == Phase::kPaid ? Amount(paid_ - (total - ByPoints())) : zero;
  for (const int64_t step : {10000, 50000, 100000}) {
    const domain::Money sum = Amount((total / step + 1) * step);
    if (view.suggested_cash.empty() || view.suggested_cash.back() < sum) view.suggested_cash.push_back(sum);
  }
  const int64_t earned = (total - ByPoints()) / 2500;
  view.points = {points_.owned, earned, used_, points_.owned + earned - used_, points_.provisional};
  if (member_) {
    const int64_t points = phase_ == Phase::kPaid ? view.points.after : points_.owned;
    view.member = MemberView{
        "m1", member_name_, "สช", "4417", member_language_, points, Amount(points * 10), points_.provisional};
    view.member->spendable = points_.here;
    view.member->elsewhere = points_.owned - points_.here - points_.not_active;
    view.member->not_active = points_.not_active;
    view.member->debt = points_.debt;
    view.member->pin_needed = !points_.pin.empty() && !pin_entered_;
    if (!points_.why_not.empty()) view.member->why_not = Notice{points_.why_not, "", ""};
  }
  return view;
}

}  // namespace evertill::tests
