#include "devices/display/pole_scene.h"

#include <algorithm>

#include "devices/display/pole_text.h"

namespace evertill::devices::display {
namespace {

using checkout::CustomerView;
using Cells = std::vector<std::string>;

/// Cells of one line in one page, and how much of the text is missing.
struct FittedLine {
  Cells cells;
  size_t lost = 0;
  size_t simplified = 0;
};

PoleText Readable(const std::string& text, const DisplayPage& page) {
  PoleText result = ToPoleText(text, page);
  if (result.lost * 2 > result.cells.size()) result.cells.clear();
  return result;
}

FittedLine Fit(const PoleLine& line, const DisplayPage& page, size_t columns) {
  PoleText left = Readable(line.left, page);
  PoleText right = Readable(line.right, page);
  FittedLine fitted{{}, left.lost + right.lost, left.simplified + right.simplified};
  if (right.cells.size() > columns) {
    // Never a part of an amount: it would be another amount.
    right.cells.clear();
  }
  const size_t room = right.cells.empty() ? columns : columns - std::min(columns, right.cells.size() + 1);
  if (left.cells.size() > room) left.cells.resize(room);
  const size_t before = line.centred ? (columns - left.cells.size()) / 2 : 0;
  fitted.cells.assign(before, " ");
  fitted.cells.insert(fitted.cells.end(), left.cells.begin(), left.cells.end());
  fitted.cells.resize(columns - right.cells.size(), " ");
  fitted.cells.insert(fitted.cells.end(), right.cells.begin(), right.cells.end());
  return fitted;
}

std::string Joined(const Cells& cells) {
  std::string bytes;
  for (const std::string& cell : cells) bytes += cell;
  return bytes;
}

PoleLine Centred(const std::string& text) {
  return {text, "", true};
}

}  // namespace

PoleLines ComposePole(const CustomerView& view) {
  const PoleLine total{view.total_label, view.total};
  switch (view.scene) {
    case CustomerView::Scene::kIdle:
      return {Centred(view.store_name), Centred(view.note)};
    case CustomerView::Scene::kSelling:
      if (view.lines.empty()) return {Centred(view.greeting.empty() ? view.store_name : view.greeting), total};
      return {{view.lines.back().name, view.lines.back().amount}, total};
    case CustomerView::Scene::kPay:
      return {total, Centred(view.qr_label.empty() ? view.note : view.qr_label)};
    case CustomerView::Scene::kPaid:
      if (view.change.empty()) return {total, Centred(view.note)};
      return {total, {view.change_label, view.change}};
  }
  return {};
}

std::string EncodePole(const PoleLines& lines, const DisplayProfile& profile) {
  const DisplayPage* best = nullptr;
  FittedLine top;
  FittedLine bottom;
  for (const DisplayPage& page : profile.pages) {
    FittedLine a = Fit(lines.top, page, profile.columns);
    FittedLine b = Fit(lines.bottom, page, profile.columns);
    const auto loss = [](const FittedLine& x, const FittedLine& y) {
      return std::pair(x.lost + y.lost, x.simplified + y.simplified);
    };
    if (best != nullptr && loss(a, b) >= loss(top, bottom)) continue;
    best = &page;
    top = std::move(a);
    bottom = std::move(b);
  }
  if (best == nullptr) return {};
  return best->select + profile.top + Joined(top.cells) + profile.line_end + profile.bottom + Joined(bottom.cells) +
         profile.line_end;
}

}  // namespace evertill::devices::display
