#include "app/presenters/customer_view.h"

#include <catch2/catch.hpp>
#include <string>

using namespace evertill;
using namespace evertill::presenters;
using Scene = checkout::CustomerView::Scene;

namespace {

domain::Money Baht(int64_t satang) {
  return {satang, *domain::Currency::Find("THB")};
}

View EmptyTill() {
  const domain::Money zero = Baht(0);
  return {.store_name = "Siam Square",
          .till = "L03",
          .cashier = "Nok",
          .phase = Phase::kRinging,
          .refused = {},
          .lines = {},
          .items = 0,
          .totals = {zero, zero, zero, zero, zero},
          .tax_label = "VAT 7%",
          .tax_inclusive = true,
          .tenders = {},
          .by_points = zero,
          .paid = zero,
          .due = zero,
          .change = zero,
          .suggested_cash = {},
          .member = {},
          .points = {},
          .receipt = "L03-000124",
          .refund = false,
          .prints = true,
          .age_check = 0,
          .searched = false,
          .found = {},
          .cashiers = {},
          .can_lock = true,
          .training = false,
          .code = {}};
}

LineView Line(int number, const std::string& name, const std::string& english, const std::string& quantity,
              int64_t price, int64_t total, int64_t saving = 0) {
  return {number,       "885",       "", name, english, quantity, false, Baht(price), Baht(total + saving),
          Baht(saving), Baht(total), 0};
}

/// Rice, and two bottles of milk, for 298.50; 20.00 saved.
View Selling() {
  View view = EmptyTill();
  view.lines = {Line(1, "ข้าวหอมมะลิ 5 กก.", "Jasmine rice 5 kg", "1", 21900, 19900, 2000),
                Line(2, "นมสด 830 มล.", "Fresh milk", "2", 4975, 9950)};
  view.totals.subtotal = Baht(31850);
  view.totals.savings = Baht(2000);
  view.totals.total = Baht(29850);
  view.due = Baht(29850);
  return view;
}

View WithMember(View view) {
  view.member = MemberView{"m1", "คุณสมชาย ใจดี", "สช", "4417", "th", 1240, Baht(12400)};
  view.points = {1240, 11, 0, 1251};
  return view;
}

View Paid(View view) {
  view.phase = Phase::kPaid;
  view.paid = view.totals.total;
  view.due = Baht(0);
  view.change = Baht(70150);
  return view;
}

/// All that the customer, and whoever stands behind, can read.
std::string Everything(const checkout::CustomerView& view) {
  std::string all = view.store_name + "|" + view.total_label + "|" + view.total + "|" + view.savings + "|" +
                    view.change_label + "|" + view.change + "|" + view.greeting + "|" + view.points + "|" +
                    view.qr_label + "|" + view.note;
  for (const auto& line : view.lines) all += "|" + line.name + "|" + line.detail + "|" + line.amount;
  return all;
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const Words& English() {
  static const auto words = Words::For("en");
  return *words;
}

}  // namespace

TEST_CASE("Customer: with nobody served the shop's name is shown", "[presenters][customer]") {
  const auto view = CustomerViewOf(EmptyTill(), English());
  CHECK(view.scene == Scene::kIdle);
  CHECK(view.store_name == "Siam Square");
  CHECK(Contains(view.greeting, "Welcome"));
  CHECK(Contains(view.greeting, "Xin chào"));
  CHECK(view.total.empty());
  CHECK(view.note.empty());
}

TEST_CASE("Customer: a till that nobody works at says that it is closed", "[presenters][customer]") {
  View till = EmptyTill();
  till.phase = Phase::kLocked;
  CHECK(CustomerViewOf(till, English()).note == "This till is closed for the moment");
  // A basket that waits behind the lock is nobody's business.
  till = Selling();
  till.phase = Phase::kLocked;
  CHECK(CustomerViewOf(till, English()).lines.empty());
  CHECK(CustomerViewOf(till, English()).total.empty());
}

TEST_CASE("Customer: lines, what is saved and the total", "[presenters][customer]") {
  const auto view = CustomerViewOf(Selling(), English());
  CHECK(view.scene == Scene::kSelling);
  REQUIRE(view.lines.size() == 2);
  CHECK(view.lines[0].name == "Jasmine rice 5 kg");  // their language's name where there is one
  CHECK(view.lines[0].detail == "save ฿20.00");
  CHECK(view.lines[0].amount == "฿199.00");
  CHECK(view.lines[1].detail == "2 × ฿49.75");
  CHECK(view.total_label == "Total");
  CHECK(view.total == "฿298.50");
  CHECK(view.savings == "You save ฿20.00");
  CHECK(view.change.empty());
}

TEST_CASE("Customer: the shop's own names in the shop's own language", "[presenters][customer]") {
  const auto thai = Words::For("th");
  CHECK(CustomerViewOf(Selling(), *thai).lines[0].name == "ข้าวหอมมะลิ 5 กก.");
}

TEST_CASE("Customer: the member's language, else the till's", "[presenters][customer]") {
  CHECK(CustomerLanguageOf(Selling(), "vi") == "vi");
  CHECK(CustomerLanguageOf(WithMember(Selling()), "vi") == "th");
  View odd = WithMember(Selling());
  odd.member->language = "fr";  // no words in it
  CHECK(CustomerLanguageOf(odd, "vi") == "vi");
}

TEST_CASE("Customer: a member is greeted by the first name and the queue learns no more", "[presenters][customer]") {
  for (const bool paid : {false, true}) {
    View counter = WithMember(Selling());
    if (paid) {
      counter = Paid(counter);
      counter.member->points = 1251;
    }
    const auto view = CustomerViewOf(counter, English());
    INFO(Everything(view));
    CHECK(view.greeting == "Hello, คุณสมชาย!");
    CHECK_FALSE(Contains(Everything(view), "ใจดี"));
    CHECK_FALSE(Contains(Everything(view), "4417"));
    CHECK_FALSE(Contains(Everything(view), "1,240"));
    CHECK_FALSE(Contains(Everything(view), "1,251"));
    CHECK_FALSE(Contains(Everything(view), "124.00"));  // what they are worth
    CHECK(view.points == (paid ? "Points earned: 11" : "You earn points: 11"));
  }
}

TEST_CASE("Customer: first names", "[presenters][customer]") {
  CHECK(FirstName("คุณสมชาย ใจดี", "th") == "คุณสมชาย");
  CHECK(FirstName("Nguyễn Thị Linh", "vi") == "Linh");
  CHECK(FirstName("Linh", "vi") == "Linh");
  CHECK(FirstName("Anna Maria Smith", "en") == "Anna");
  CHECK(FirstName("  Anna ", "en") == "Anna");
  CHECK(FirstName("••• 4417", "en").empty());
  CHECK(FirstName("0812345678", "th").empty());
  CHECK(FirstName("", "en").empty());
  CHECK(FirstName("   ", "vi").empty());
}

TEST_CASE("Customer: a member without a name is greeted all the same", "[presenters][customer]") {
  View counter = WithMember(Selling());
  counter.member->name = "••• 4417";
  CHECK(CustomerViewOf(counter, English()).greeting == "Hello!");
}

TEST_CASE("Customer: points lower what is to be paid, and both are told", "[presenters][customer]") {
  View counter = WithMember(Selling());
  counter.points.spent = 500;
  counter.points.earned = 9;
  counter.by_points = counter.paid = Baht(5000);
  counter.due = Baht(24850);
  const auto view = CustomerViewOf(counter, English());
  CHECK(view.total_label == "To pay");
  CHECK(view.total == "฿248.50");
  CHECK(Contains(view.points, "500 points used: −฿50.00"));
  CHECK(Contains(view.points, "You earn points: 9"));
}

TEST_CASE("Customer: part of the money was given", "[presenters][customer]") {
  View counter = Selling();
  counter.paid = Baht(10000);
  counter.due = Baht(19850);
  const auto view = CustomerViewOf(counter, English());
  CHECK(view.total_label == "Still to pay");
  CHECK(view.total == "฿198.50");
}

TEST_CASE("Customer: thanks and the change", "[presenters][customer]") {
  const auto view = CustomerViewOf(Paid(Selling()), English());
  CHECK(view.scene == Scene::kPaid);
  CHECK(view.change_label == "Your change");
  CHECK(view.change == "฿701.50");
  CHECK(view.total == "฿298.50");
  CHECK(view.note == "Thank you. See you again!");
  View exact = Paid(Selling());
  exact.change = Baht(0);
  CHECK(CustomerViewOf(exact, English()).change.empty());
}

TEST_CASE("Customer: a refund gives money back", "[presenters][customer]") {
  View counter = Selling();
  counter.refund = true;
  counter.totals.total = Baht(-29850);
  counter.due = Baht(-29850);
  const auto view = CustomerViewOf(counter, English());
  CHECK(view.total_label == "You get back");
  CHECK(view.total == "฿298.50");
  counter.phase = Phase::kPaid;
  counter.paid = Baht(-29850);
  counter.due = Baht(0);
  CHECK(CustomerViewOf(counter, English()).total == "฿298.50");
}

TEST_CASE("Customer: a code to pay with takes the screen; a receipt's code stands beside the change",
          "[presenters][customer]") {
  View counter = Selling();
  counter.code = CodeView{"00020101", true};
  const auto pay = CustomerViewOf(counter, English());
  CHECK(pay.scene == Scene::kPay);
  CHECK(pay.qr == "00020101");
  CHECK(pay.qr_label == "Scan to pay");
  CHECK(pay.total == "฿298.50");
  // Once it is paid nobody shall pay again.
  counter = Paid(counter);
  CHECK(CustomerViewOf(counter, English()).scene == Scene::kPaid);
  CHECK(CustomerViewOf(counter, English()).qr.empty());
  counter.code = CodeView{"https://hq.example.com/r", false};
  CHECK(CustomerViewOf(counter, English()).qr == "https://hq.example.com/r");
}

TEST_CASE("Customer: training is marked on every scene", "[presenters][customer]") {
  View with_code = Selling();
  with_code.code = CodeView{"00020101", true};
  View locked = EmptyTill();
  locked.phase = Phase::kLocked;
  for (View counter : {EmptyTill(), locked, Selling(), with_code, Paid(Selling())}) {
    counter.training = true;
    CHECK(CustomerViewOf(counter, English()).note == "TRAINING — NOT A SALE");
  }
  View gone = Paid(WithMember(Selling()));
  gone.training = true;
  CHECK(IdleCustomerView(gone, English()).note == "TRAINING — NOT A SALE");
}

TEST_CASE("Customer: when they have gone nothing of them is left", "[presenters][customer]") {
  const auto view = IdleCustomerView(Paid(WithMember(Selling())), English());
  CHECK(view.scene == Scene::kIdle);
  CHECK_FALSE(Contains(Everything(view), "สมชาย"));
  CHECK_FALSE(Contains(Everything(view), "701.50"));
  CHECK_FALSE(Contains(Everything(view), "298.50"));
}
