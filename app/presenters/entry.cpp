#include "app/presenters/entry.h"

#include <algorithm>
#include <utility>

namespace evertill::presenters {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

/// An amount of cash and not a barcode: digits and at most one point, no longer than any amount handed over a counter.
bool LooksLikeAmount(const std::string& text) {
  return !text.empty() && text.size() <= 10 &&
         std::all_of(text.begin(), text.end(), [](char c) { return IsDigit(c) || c == '.'; }) &&
         std::count(text.begin(), text.end(), '.') <= 1;
}

}  // namespace

void EntryLine::Type(char character) {
  if (text_.size() >= kLongest) return;
  if (mode_ == EntryMode::kQuantity || mode_ == EntryMode::kCash) {
    if (character == ',') character = '.';
    const bool second_point = character == '.' && text_.find('.') != std::string::npos;
    if (second_point || (!IsDigit(character) && character != '.')) return;
  }
  text_ += character;
}

void EntryLine::Erase() {
  if (text_.empty()) {
    mode_ = EntryMode::kCode;
  } else {
    text_.pop_back();
  }
}

void EntryLine::Clear() {
  text_.clear();
  mode_ = EntryMode::kCode;
}

std::string EntryLine::TakeText() {
  mode_ = EntryMode::kCode;
  return std::exchange(text_, {});
}

std::optional<Act> EntryLine::Enter(std::optional<int> line) {
  switch (mode_) {
    case EntryMode::kCode:
      if (text_.empty()) return std::nullopt;
      return act::Scan{TakeText()};
    case EntryMode::kQuantity:
      return PressQuantity(line);
    case EntryMode::kMember:
      return PressMember();
    case EntryMode::kCash:
      return PressPay();
  }
  return std::nullopt;
}

std::optional<Act> EntryLine::PressQuantity(std::optional<int> line) {
  if (text_.empty()) {
    mode_ = mode_ == EntryMode::kQuantity ? EntryMode::kCode : EntryMode::kQuantity;
    return std::nullopt;
  }
  return act::Quantity{line, TakeText()};
}

std::optional<Act> EntryLine::PressMember() {
  if (text_.empty()) {
    mode_ = mode_ == EntryMode::kMember ? EntryMode::kCode : EntryMode::kMember;
    return std::nullopt;
  }
  return act::Member{TakeText()};
}

std::optional<Act> EntryLine::PressPay() {
  if (LooksLikeAmount(text_)) return act::CashTender{TakeText()};
  if (mode_ == EntryMode::kCash && text_.empty()) {
    mode_ = EntryMode::kCode;
    return act::CashTender{"exact"};
  }
  // What stands in the line is no amount (half a barcode, say): it must not be lost without a word.
  if (text_.empty()) mode_ = EntryMode::kCash;
  return std::nullopt;
}

void EntryLine::AskCash() {
  if (text_.empty() && mode_ == EntryMode::kCode) mode_ = EntryMode::kCash;
}

}  // namespace evertill::presenters
