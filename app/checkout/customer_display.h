#pragma once

#include <string>
#include <vector>

namespace evertill::checkout {

/// What the customer sees: words and amounts are ready to show, in the member's language or the till's.
struct CustomerLine {
  std::string name;
  std::string detail;  ///< "2 × 45.00", "0.750 kg × 80.00/kg", "3 for 2"; may be empty
  std::string amount;  ///< "90.00"
  bool operator==(const CustomerLine&) const = default;
};

struct CustomerView {
  enum class Scene {
    kIdle,     ///< Nobody is served: the shop's name.
    kSelling,  ///< Lines and the total, the last line marked.
    kPay,      ///< A QR code to pay with.
    kPaid,     ///< Thanks, change, points.
  };
  Scene scene = Scene::kIdle;
  std::string language = "en";
  std::string store_name;
  std::vector<CustomerLine> lines;
  std::string total_label;  ///< "Total"
  std::string total;
  std::string savings;       ///< "You save 12.00"; empty when nothing is saved
  std::string change_label;  ///< "Change"; empty before the sale is paid
  std::string change;
  std::string greeting;  ///< The member's greeting; never more than their first name: the queue can read it.
  std::string points;    ///< "Points earned: 12"; never the balance in kSelling
  std::string qr;        ///< What the QR code says; empty: none
  std::string qr_label;  ///< What the code is for.
  std::string note;      ///< "Training", "Please wait", "Thank you. See you again!"
  bool operator==(const CustomerView&) const = default;
};

/// A customer screen or pole display. Show() may be called from any thread and never blocks: the newest view wins.
class CustomerDisplay {
 public:
  virtual ~CustomerDisplay() = default;
  virtual void Show(const CustomerView& view) = 0;
};

}  // namespace evertill::checkout
