#include "app/presenters/device_view.h"

#include <algorithm>

namespace evertill::presenters {
namespace {

using checkout::DeviceKind;
using checkout::DeviceNote;
using checkout::DeviceState;

struct Saying {
  const char* state;
  const char* advice;
  Tone tone;
  Urgency urgency;
};

const char* TitleOf(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::kReceiptPrinter:
      return TR_NOOP("Receipt printer");
    case DeviceKind::kLabelPrinter:
      return TR_NOOP("Label printer");
    case DeviceKind::kScanner:
      return TR_NOOP("Scanner");
    case DeviceKind::kDrawer:
      return TR_NOOP("Cash drawer");
    case DeviceKind::kScale:
      return TR_NOOP("Scale");
    case DeviceKind::kCustomerScreen:
      return TR_NOOP("Customer screen");
    case DeviceKind::kPoleDisplay:
      return TR_NOOP("Customer display");
  }
  return "";
}

const char* WhenAbsent(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::kReceiptPrinter:
      return TR_NOOP("Switch it on and check its cables. Receipts wait for it; selling goes on.");
    case DeviceKind::kScanner:
      return TR_NOOP("Check its cable, or type the digits below the barcode.");
    case DeviceKind::kCustomerScreen:
      return TR_NOOP("Switch the second screen on and check its cable.");
    case DeviceKind::kLabelPrinter:
    case DeviceKind::kDrawer:
    case DeviceKind::kScale:
    case DeviceKind::kPoleDisplay:
      return TR_NOOP("Switch it on and check its cables. The till finds it by itself.");
  }
  return "";
}

Saying OfPrinter(DeviceKind kind, DeviceNote note) {
  switch (note) {
    case DeviceNote::kPaperOut:
      if (kind == DeviceKind::kLabelPrinter) {
        return {TR_NOOP("Labels are out"), TR_NOOP("Open the lid, put in a roll of labels, close it."), Tone::kBad,
                Urgency::kNow};
      }
      return {TR_NOOP("Paper is out"), TR_NOOP("Open the lid, put in a roll, close it. Receipts wait until then."),
              Tone::kBad, Urgency::kNow};
    case DeviceNote::kPaperNearEnd:
      return {TR_NOOP("Paper is nearly out"), TR_NOOP("Have a new roll ready."), Tone::kWarn, Urgency::kSoon};
    case DeviceNote::kCoverOpen:
      return {TR_NOOP("The cover is open"), TR_NOOP("Close the cover until it clicks. Receipts wait until then."),
              Tone::kBad, Urgency::kNow};
    case DeviceNote::kCutterError:
      return {TR_NOOP("The cutter is stuck"), TR_NOOP("Switch it off, take paper scraps out, switch it on."),
              Tone::kBad, Urgency::kNow};
    case DeviceNote::kOverheated:
      return {TR_NOOP("Taking a break"), TR_NOOP("It goes on by itself in a while. Leave it switched on."), Tone::kWarn,
              Urgency::kSoon};
    case DeviceNote::kUnrecoverable:
      return {TR_NOOP("Out of order"), TR_NOOP("Switch it off and on. If that does not help, have it repaired."),
              Tone::kBad, Urgency::kNow};
    case DeviceNote::kPaperFeeding:
      return {TR_NOOP("The feed button is held"), TR_NOOP("Let go of the feed button."), Tone::kWarn, Urgency::kSoon};
    default:
      return {TR_NOOP("Cannot print now"), TR_NOOP("Look at its lamps: is the cover closed, is there paper?"),
              Tone::kBad, Urgency::kNow};
  }
}

/// What the most urgent note says; nothing where it needs no words of its own.
std::optional<Saying> OfNote(DeviceKind kind, DeviceNote note) {
  switch (note) {
    case DeviceNote::kPaperOut:
    case DeviceNote::kPaperNearEnd:
    case DeviceNote::kCoverOpen:
    case DeviceNote::kCutterError:
    case DeviceNote::kOffline:
    case DeviceNote::kOverheated:
    case DeviceNote::kUnrecoverable:
    case DeviceNote::kPaperFeeding:
      return OfPrinter(kind, note);
    case DeviceNote::kDrawerOpen:
      if (kind != DeviceKind::kDrawer) return std::nullopt;  // a printer tells of the drawer beside it
      return Saying{TR_NOOP("Open"), "", Tone::kCalm, Urgency::kNone};
    case DeviceNote::kOverload:
      return Saying{TR_NOOP("Too heavy"), TR_NOOP("Take something off the scale."), Tone::kWarn, Urgency::kSoon};
    case DeviceNote::kUnderZero:
      return Saying{TR_NOOP("Below zero"), TR_NOOP("Take everything off the scale and set it to zero."), Tone::kWarn,
                    Urgency::kSoon};
    case DeviceNote::kInMotion:
      return Saying{TR_NOOP("Weighing…"), "", Tone::kCalm, Urgency::kNone};
    case DeviceNote::kNoStatus:
      return Saying{TR_NOOP("Connected"), TR_NOOP("This one cannot say how it is: look at it now and then."),
                    Tone::kGood, Urgency::kNone};
    case DeviceNote::kUnreadable:
      return Saying{TR_NOOP("Answers cannot be understood"),
                    TR_NOOP("Check the model and the speed in the settings, or call the support desk."), Tone::kBad,
                    Urgency::kNow};
  }
  return std::nullopt;
}

Saying Say(const checkout::DeviceStatus& status) {
  switch (status.state) {
    case DeviceState::kConnecting:
      return {TR_NOOP("Connecting…"), "", Tone::kCalm, Urgency::kNone};
    case DeviceState::kAbsent:
      return {TR_NOOP("Not connected"), WhenAbsent(status.kind), Tone::kBad, Urgency::kNow};
    case DeviceState::kReady:
    case DeviceState::kAttention:
      break;
  }
  const Saying none = status.state == DeviceState::kReady
                          ? Saying{TR_NOOP("Ready"), "", Tone::kGood, Urgency::kNone}
                          : Saying{TR_NOOP("Needs a hand"), TR_NOOP("Look at the device."), Tone::kWarn, Urgency::kNow};
  for (const DeviceNote note : status.notes) {
    if (const auto said = OfNote(status.kind, note)) return *said;
  }
  return none;
}

std::optional<DeviceAct> ActOf(const checkout::DeviceStatus& status) {
  if (status.state == DeviceState::kAbsent || status.state == DeviceState::kConnecting) return std::nullopt;
  switch (status.kind) {
    case DeviceKind::kReceiptPrinter:
    case DeviceKind::kLabelPrinter:
      // With the cover open or without paper there is nothing to see; the advice says what comes first.
      return Say(status).urgency == Urgency::kNow ? std::nullopt : std::optional(DeviceAct::kTestPrint);
    case DeviceKind::kScale:
      return DeviceAct::kZeroScale;
    case DeviceKind::kDrawer:
    case DeviceKind::kScanner:
    case DeviceKind::kCustomerScreen:
    case DeviceKind::kPoleDisplay:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string LabelOf(DeviceAct act, const Words& words) {
  switch (act) {
    case DeviceAct::kTestPrint:
      return words.Tr("Test print");
    case DeviceAct::kZeroScale:
      return words.Tr("Set to zero");
  }
  return {};
}

}  // namespace

DeviceView DeviceViewOf(const checkout::DeviceStatus& status, const Words& words) {
  const Saying said = Say(status);
  DeviceView view;
  view.kind = status.kind;
  view.address = status.address;
  view.title = words.Tr(TitleOf(status.kind));
  view.name = status.name;
  view.state = words.Tr(said.state);
  view.advice = words.Tr(said.advice);
  view.tone = said.tone;
  view.urgency = said.urgency;
  view.act = ActOf(status);
  if (view.act) view.act_label = LabelOf(*view.act, words);
  return view;
}

Urgency UrgencyOf(const checkout::DeviceStatus& status) {
  return Say(status).urgency;
}

bool DeviceBoard::Put(const checkout::DeviceStatus& status) {
  const auto known = std::find_if(devices_.begin(), devices_.end(), [&](const checkout::DeviceStatus& device) {
    return device.kind == status.kind && device.address == status.address;
  });
  if (known != devices_.end()) {
    if (*known == status) return false;
    *known = status;
    return true;
  }
  const auto place = std::upper_bound(
      devices_.begin(), devices_.end(), status,
      [](const checkout::DeviceStatus& a, const checkout::DeviceStatus& b) { return a.kind < b.kind; });
  devices_.insert(place, status);
  return true;
}

const checkout::DeviceStatus* DeviceBoard::Neediest() const {
  const checkout::DeviceStatus* found = nullptr;
  for (const checkout::DeviceStatus& device : devices_) {
    const Urgency urgency = UrgencyOf(device);
    if (urgency == Urgency::kNone) continue;
    if (found == nullptr || urgency > UrgencyOf(*found)) found = &device;
  }
  return found;
}

DeviceMark MarkOf(const DeviceBoard& board, const Words& words) {
  DeviceMark mark;
  mark.shown = !board.All().empty();
  mark.text = words.Tr("Devices");
  mark.spoken = mark.text;
  const checkout::DeviceStatus* device = board.Neediest();
  if (device == nullptr) return mark;
  const DeviceView view = DeviceViewOf(*device, words);
  mark.wanted = true;
  mark.text = device->state == DeviceState::kAbsent ? view.title : view.state;
  mark.spoken = view.title + ": " + view.state + ". " + view.advice;
  return mark;
}

}  // namespace evertill::presenters
