#include "app/presenters/customer_view.h"

#include <algorithm>
#include <cstdlib>

namespace evertill::presenters {
namespace {

using checkout::CustomerView;
using Scene = CustomerView::Scene;

/// In each language's own words, the screen's own first.
std::string Welcome(const std::string& language) {
  std::vector<std::pair<std::string, std::string>> all{
      {"en", "Welcome"}, {"th", "ยินดีต้อนรับ"}, {"vi", "Xin chào quý khách"}};
  std::stable_partition(all.begin(), all.end(), [&](const auto& one) { return one.first == language; });
  std::string text;
  for (const auto& [code, word] : all) text += (text.empty() ? "" : "  ·  ") + word;
  return text;
}

checkout::CustomerLine LineOf(const LineView& line, const Words& words) {
  const bool english = words.Language() == "en" && !line.name_other.empty();
  checkout::CustomerLine out;
  out.name = english ? line.name_other : line.name;
  const std::string price = words.Amount(line.unit_price);
  if (line.weighed) {
    out.detail = words.Tr("%1 kg × %2/kg", {line.quantity, price});
  } else if (line.quantity != "1" && line.quantity != "-1") {
    out.detail = line.quantity + " × " + price;
  }
  if (!line.saving.IsZero()) {
    out.detail += (out.detail.empty() ? "" : "  ·  ") + words.Tr("save %1", {words.Amount(line.saving)});
  }
  out.amount = words.Amount(line.total);
  return out;
}

std::string PointsOf(const View& view, const Words& words) {
  if (!view.member) return {};
  std::vector<std::string> parts;
  const bool paid = view.phase == Phase::kPaid;
  if (view.refund) {
    if (view.points.earned != 0) parts.push_back(words.Tr("Points taken back: %1", {words.Count(-view.points.earned)}));
    if (view.points.spent != 0) parts.push_back(words.Tr("Points given back: %1", {words.Count(-view.points.spent)}));
  } else {
    if (view.points.spent > 0) {
      parts.push_back(words.TrN("%1 point used", "%1 points used", view.points.spent) + ": " +
                      words.Amount(-view.by_points));
    }
    if (view.points.earned > 0) {
      parts.push_back(words.Tr(paid ? TR_NOOP("Points earned: %1") : TR_NOOP("You earn points: %1"),
                               {words.Count(view.points.earned)}));
    }
  }
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "  ·  ") + part;
  return text;
}

std::string Greeting(const View& view, const Words& words) {
  if (!view.member) return {};
  const std::string name = FirstName(view.member->name, view.member->language);
  return name.empty() ? words.Tr("Hello!") : words.Tr("Hello, %1!", {name});
}

void ShowCode(const View& view, const Words& words, CustomerView& out) {
  const bool paid = out.scene == Scene::kPaid;
  if (!view.code || (view.code->pays && paid)) return;
  out.qr = view.code->text;
  if (view.code->pays) {
    out.scene = Scene::kPay;
    out.qr_label = words.Tr("Scan to pay");
  } else {
    out.qr_label = words.Tr("Your receipt on your phone");
  }
}

void ShowSum(const View& view, const Words& words, CustomerView& out) {
  const domain::Money money = view.paid - view.by_points;
  if (view.refund) {
    out.total_label = words.Tr("You get back");
    out.total = words.Amount(view.phase == Phase::kPaid ? -money : -view.due);
    return;
  }
  out.total_label = words.Tr("Total");
  out.total = words.Amount(view.totals.total);
  if (view.phase == Phase::kPaid) return;
  if (!money.IsZero() && !view.due.IsZero()) {
    out.total_label = words.Tr("Still to pay");
    out.total = words.Amount(view.due);
  } else if (!view.by_points.IsZero()) {
    out.total_label = words.Tr("To pay");
    out.total = words.Amount(view.due);
  }
}

}  // namespace

std::string CustomerLanguageOf(const View& view, const std::string& till_language) {
  const auto& known = Words::Languages();
  const bool has = view.member && std::find(known.begin(), known.end(), view.member->language) != known.end();
  return has ? view.member->language : till_language;
}

std::string FirstName(const std::string& name, const std::string& language) {
  // A member without a name is shown to the cashier by the end of the number: that is nobody's name.
  const bool number = name.find_first_of("0123456789") != std::string::npos || name.find("•") != std::string::npos;
  if (number) return {};
  const size_t begin = name.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  const std::string trimmed = name.substr(begin, name.find_last_not_of(' ') + 1 - begin);
  if (language == "vi") {
    const size_t space = trimmed.rfind(' ');
    return space == std::string::npos ? trimmed : trimmed.substr(space + 1);
  }
  return trimmed.substr(0, trimmed.find(' '));
}

CustomerView IdleCustomerView(const View& view, const Words& words) {
  CustomerView out;
  out.language = words.Language();
  out.store_name = view.store_name;
  out.greeting = Welcome(words.Language());
  if (view.phase == Phase::kLocked || view.phase == Phase::kNoShift) {
    out.greeting.clear();
    out.note = words.Tr("This till is closed for the moment");
  }
  if (view.training) out.note = words.Tr("TRAINING — NOT A SALE");
  return out;
}

CustomerView CustomerViewOf(const View& view, const Words& words) {
  const bool served = view.phase == Phase::kPaid ||
                      (view.phase == Phase::kRinging && (!view.lines.empty() || view.member || view.code));
  if (!served) return IdleCustomerView(view, words);
  CustomerView out;
  out.scene = view.phase == Phase::kPaid ? Scene::kPaid : Scene::kSelling;
  out.language = words.Language();
  out.store_name = view.store_name;
  out.lines.reserve(view.lines.size());
  for (const LineView& line : view.lines) out.lines.push_back(LineOf(line, words));
  ShowSum(view, words, out);
  if (view.totals.savings.Minor() > 0) out.savings = words.Tr("You save %1", {words.Amount(view.totals.savings)});
  out.greeting = Greeting(view, words);
  out.points = PointsOf(view, words);
  ShowCode(view, words, out);
  if (out.scene == Scene::kPaid) {
    if (!view.refund && !view.change.IsZero()) {
      out.change_label = words.Tr("Your change");
      out.change = words.Amount(view.change);
    }
    out.note = words.Tr("Thank you. See you again!");
  }
  if (view.training) out.note = words.Tr("TRAINING — NOT A SALE");
  return out;
}

}  // namespace evertill::presenters
