#include "devices/printer/printer_status.h"

namespace evertill::devices::printer {

using checkout::DeviceNote;

void PrinterStatus::TakeDrawer(bool high) {
  if (!high) {
    drawer_open_ = false;
  } else if (drawer_open_) {
    drawer_open_ = true;
  }
}

void PrinterStatus::Take(const AsbEvent& asb) {
  const auto& [printer, errors, paper, unused] = asb.bytes;
  known_ = true;
  TakeDrawer((printer & 0x04) != 0);
  offline_ = (printer & 0x08) != 0;
  cover_open_ = (printer & 0x20) != 0;
  feeding_ = (printer & 0x40) != 0;
  recoverable_ = (errors & 0x44) != 0;  // a button or a pause mends it
  cutter_ = (errors & 0x08) != 0;
  unrecoverable_ = (errors & 0x20) != 0;
  near_end_ = (paper & 0x03) != 0;
  paper_out_ = (paper & 0x0C) != 0;
  stopped_by_paper_ = false;
}

void PrinterStatus::TakeRealTime(int n, uint8_t byte) {
  known_ = true;
  switch (n) {
    case 1:
      TakeDrawer((byte & 0x04) != 0);
      offline_ = (byte & 0x08) != 0;
      break;
    case 2:
      cover_open_ = (byte & 0x04) != 0;
      feeding_ = (byte & 0x08) != 0;
      stopped_by_paper_ = (byte & 0x20) != 0;
      break;
    case 3:
      cutter_ = (byte & 0x08) != 0;
      unrecoverable_ = (byte & 0x20) != 0;
      recoverable_ = (byte & 0x40) != 0;
      break;
    case 4:
      near_end_ = (byte & 0x0C) != 0;
      paper_out_ = (byte & 0x60) != 0;
      break;
    default:
      break;
  }
}

bool PrinterStatus::CanPrint() const {
  return !offline_ && !cover_open_ && !stopped_by_paper_ && !paper_out_ && !cutter_ && !unrecoverable_ && !recoverable_;
}

std::vector<DeviceNote> PrinterStatus::Notes() const {
  std::vector<DeviceNote> notes;
  const auto add = [&notes](bool is, DeviceNote note) {
    if (is) notes.push_back(note);
  };
  add(unrecoverable_, DeviceNote::kUnrecoverable);
  add(cutter_, DeviceNote::kCutterError);
  add(cover_open_, DeviceNote::kCoverOpen);
  // With the cover up there is no paper under the sensor: that is not another fault.
  add((paper_out_ || stopped_by_paper_) && !cover_open_, DeviceNote::kPaperOut);
  add(recoverable_, DeviceNote::kOverheated);
  add(feeding_, DeviceNote::kPaperFeeding);
  add(offline_ && notes.empty(), DeviceNote::kOffline);
  add(near_end_ && !paper_out_ && !stopped_by_paper_, DeviceNote::kPaperNearEnd);
  add(drawer_open_.value_or(false), DeviceNote::kDrawerOpen);
  return notes;
}

}  // namespace evertill::devices::printer
