#include "devices/sim/pole_device.h"

#include <boost/json.hpp>

#include "devices/sim/code_pages.h"
#include "devices/sim/serial_serve.h"

namespace evertill::devices::sim {
namespace {

constexpr char kEscape = '\x1B';
constexpr char kUnit = '\x1F';
constexpr char kReturn = '\r';

/// Whether a character stands on the one before it: Thai vowels and tones above and below, Vietnamese tones.
bool StandsOnLetter(const std::string& utf8) {
  if (utf8.size() == 3 && utf8[0] == '\xE0' && (utf8[1] == '\xB8' || utf8[1] == '\xB9')) {
    const unsigned c =
        ((static_cast<unsigned char>(utf8[1]) & 0x3FU) << 6) | (static_cast<unsigned char>(utf8[2]) & 0x3FU);
    return c == 0xE31 || (c >= 0xE34 && c <= 0xE3A) || (c >= 0xE47 && c <= 0xE4E);
  }
  return utf8.size() == 2 && (utf8[0] == '\xCC' || utf8[0] == '\xCD');
}

}  // namespace

void SimPole::Clear() {
  for (auto& row : cells_) row.assign(kColumns, " ");
  Move(0, 0);
  changed_ = true;
}

void SimPole::Move(int row, int column) {
  row_ = row;
  column_ = column;
}

void SimPole::Put(char c) {
  std::string text = DecodeCodePage({&c, 1}, page_);
  changed_ = true;
  if (StandsOnLetter(text)) {
    // On the letter that was put last, also at a line's end.
    const bool wrapped = column_ == 0;
    const int row = wrapped ? 1 - row_ : row_;
    cells_[static_cast<size_t>(row)][static_cast<size_t>(wrapped ? kColumns - 1 : column_ - 1)] += text;
    return;
  }
  cells_[static_cast<size_t>(row_)][static_cast<size_t>(column_)] = std::move(text);
  if (++column_ < kColumns) return;
  Move(1 - row_, 0);
}

void SimPole::Control0(char c) {
  switch (c) {
    case '\x08':
      column_ = column_ > 0 ? column_ - 1 : 0;
      break;
    case '\t':
      column_ = column_ < kColumns - 1 ? column_ + 1 : column_;
      break;
    case '\n':
      row_ = 1 - row_;
      break;
    case '\x0B':
      Move(0, 0);
      break;
    case '\x0C':
      Clear();
      break;
    case kReturn:
      column_ = 0;
      break;
    case '\x18':
      cells_[static_cast<size_t>(row_)].assign(kColumns, " ");
      column_ = 0;
      changed_ = true;
      break;
    default:
      ++unknown_;
  }
}

bool SimPole::RunEscape() {
  if (pending_.size() < 2) return false;
  switch (pending_[1]) {
    case '@':
      page_ = first_page_;
      Clear();
      return true;
    case 't':
      if (pending_.size() < 3) return false;
      page_ = static_cast<unsigned char>(pending_[2]);
      return true;
    case 'R':
    case '_':
    case '*':
    case 'c':
    case 'f':
    case '=':
      return pending_.size() >= 3;
    case 'l':
      if (pending_.size() < 4) return false;
      if (pending_[2] >= 1 && pending_[2] <= kColumns && pending_[3] >= 1 && pending_[3] <= 2) {
        Move(pending_[3] - 1, pending_[2] - 1);
      }
      return true;
    case 'Q': {
      if (pending_.back() != kReturn) return false;
      const int row = pending_.size() > 2 && pending_[2] == 'B' ? 1 : 0;
      cells_[static_cast<size_t>(row)].assign(kColumns, " ");
      Move(row, 0);
      int columns = 0;
      for (const char c : pending_.substr(3, pending_.size() - 4)) {
        if (!StandsOnLetter(DecodeCodePage({&c, 1}, page_)) && ++columns > kColumns) break;
        Put(c);
      }
      changed_ = true;
      return true;
    }
    case '\x11':
    case '\x12':
    case '\x13':
      return true;
    default:
      ++unknown_;
      return true;
  }
}

bool SimPole::RunUnitSeparator() {
  if (pending_.size() < 2) return false;
  switch (pending_[1]) {
    case '$':
      if (pending_.size() < 4) return false;
      if (pending_[2] >= 1 && pending_[2] <= kColumns && pending_[3] >= 1 && pending_[3] <= 2) {
        Move(pending_[3] - 1, pending_[2] - 1);
      }
      return true;
    case 'C':
    case 'X':
    case 'E':
    case 'r':
      return pending_.size() >= 3;
    case '\x01':
    case '\x02':
    case '\x03':
      return true;
    case 'B':
      Move(1, kColumns - 1);
      return true;
    default:
      ++unknown_;
      return true;
  }
}

bool SimPole::RunPending() {
  return pending_[0] == kEscape ? RunEscape() : RunUnitSeparator();
}

void SimPole::Take(std::string_view bytes) {
  for (const char c : bytes) {
    if (!pending_.empty() || c == kEscape || c == kUnit) {
      pending_ += c;
      if (RunPending() || pending_.size() > 200) pending_.clear();
    } else if (static_cast<unsigned char>(c) < 0x20) {
      Control0(c);
    } else {
      Put(c);
    }
  }
}

std::array<std::string, 2> SimPole::Lines() const {
  std::array<std::string, 2> lines;
  for (size_t row = 0; row < 2; ++row) {
    for (const std::string& cell : cells_[row]) lines[row] += cell;
  }
  return lines;
}

bool SimPole::TakeChanged() {
  const bool changed = changed_;
  changed_ = false;
  return changed;
}

std::string SimPole::Control(std::string_view line) {
  if (line == "off") {
    page_ = first_page_;
    pending_.clear();
    Clear();
  } else if (line != "status") {
    return RefusedCommand(line);
  }
  const auto lines = Lines();
  return boost::json::serialize(
      boost::json::object{{"ok", true}, {"top", lines[0]}, {"bottom", lines[1]}, {"unknown", unknown_}});
}

}  // namespace evertill::devices::sim
