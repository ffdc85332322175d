#include "devices/printer/session_timing.h"

#include "devices/link/link_error.h"

namespace evertill::devices::printer {
namespace {

using checkout::DeviceNote;

std::string_view Words(DeviceNote note) {
  switch (note) {
    case DeviceNote::kPaperOut:
      return "no paper";
    case DeviceNote::kCoverOpen:
      return "the cover is open";
    case DeviceNote::kCutterError:
      return "the cutter is stuck";
    case DeviceNote::kOffline:
      return "it is offline";
    case DeviceNote::kOverheated:
      return "a fault that goes by itself";
    case DeviceNote::kUnrecoverable:
      return "a fault that needs it switched off and on";
    case DeviceNote::kPaperFeeding:
      return "the feed button is held";
    default:
      return {};
  }
}

}  // namespace

base::Error AsPrinterError(const base::Error& error) {
  if (error.Is(link::LinkErrc::kUnreachable) || error.Is(link::LinkErrc::kLost)) {
    return {PrinterErrc::kUnreachable, error.Detail()};
  }
  if (error.Is(link::LinkErrc::kTimeout)) return {PrinterErrc::kTimeout, error.Detail()};
  if (error.Is(link::LinkErrc::kWriteFailed)) return {PrinterErrc::kWriteFailed, error.Detail()};
  return error;
}

std::string NotReadyWords(const std::vector<DeviceNote>& notes) {
  std::string all;
  for (const DeviceNote note : notes) {
    const std::string_view words = Words(note);
    if (words.empty()) continue;
    if (!all.empty()) all += "; ";
    all += words;
  }
  return all.empty() ? "it says that it cannot print" : all;
}

}  // namespace evertill::devices::printer
