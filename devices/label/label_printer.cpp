#include "devices/label/label_printer.h"

#include <vector>

#include "devices/label/epl.h"
#include "devices/label/label_error.h"
#include "devices/label/label_layout.h"
#include "devices/label/zpl.h"
#include "devices/link/open_link.h"

namespace evertill::devices::label {
namespace {

using checkout::DeviceNote;
using checkout::DeviceState;
using checkout::PrintState;

constexpr int kStallMs = 5000;
constexpr int kAnswerMs = 1000;
constexpr int kPauseMs = 200;

/// The fields between one STX and ETX.
std::vector<std::string_view> Fields(std::string_view line) {
  std::vector<std::string_view> fields;
  for (size_t at = 0; at <= line.size();) {
    const size_t comma = std::min(line.find(',', at), line.size());
    fields.push_back(line.substr(at, comma - at));
    at = comma + 1;
  }
  return fields;
}

}  // namespace

HostStatus ReadHostStatus(std::string_view answer) {
  std::vector<std::string_view> lines;
  for (size_t at = answer.find('\x02'); at != std::string_view::npos; at = answer.find('\x02', at)) {
    const size_t end = answer.find('\x03', at);
    if (end == std::string_view::npos) break;
    lines.push_back(answer.substr(at + 1, end - at - 1));
    at = end;
  }
  HostStatus status;
  if (lines.size() < 2) return status;
  const auto first = Fields(lines[0]);
  const auto second = Fields(lines[1]);
  if (first.size() < 12 || second.size() < 4) return status;
  status.understood = true;
  const auto add = [&status](std::string_view flag, DeviceNote note) {
    if (flag == "1") status.notes.push_back(note);
  };
  add(first[1], DeviceNote::kPaperOut);
  add(second[2], DeviceNote::kCoverOpen);
  add(second[3], DeviceNote::kPaperOut);  // the ribbon
  add(first[11], DeviceNote::kOverheated);
  add(first[2], DeviceNote::kOffline);  // paused
  return status;
}

base::Expected<std::unique_ptr<LabelPrinter>> LabelPrinter::Create(const LabelSettings& settings,
                                                                   checkout::DeviceReport report) {
  EVERTILL_ASSIGN(const link::Address address, link::ParseAddress(settings.address));
  EVERTILL_TRY(CheckSize(settings.size));
  return std::make_unique<LabelPrinter>(
      settings, link::ToString(address), [address] { return link::OpenLink(address); }, std::move(report));
}

LabelPrinter::LabelPrinter(LabelSettings settings, std::string address, Opener open, checkout::DeviceReport report)
    : settings_(std::move(settings)), open_(std::move(open)), report_(std::move(report)) {
  status_.kind = checkout::DeviceKind::kLabelPrinter;
  status_.name = settings_.name;
  status_.address = std::move(address);
  if (report_) report_(status_);
}

base::Expected<PrintState> LabelPrinter::Print(const ShelfLabel& label, int copies) {
  EVERTILL_ASSIGN(const render::Bitmap drawn, RenderLabel(label, settings_.size));
  return Send(drawn, copies);
}

base::Expected<PrintState> LabelPrinter::Print(const CardLabel& label, int copies) {
  EVERTILL_ASSIGN(const render::Bitmap drawn, RenderLabel(label, settings_.size));
  return Send(drawn, copies);
}

checkout::DeviceStatus LabelPrinter::Look() {
  const std::lock_guard lock(mutex_);
  auto link = open_();
  if (!link) {
    Report(DeviceState::kAbsent, {}, link.error().ToString());
  } else {
    (void)Ask(**link);  // has reported what it found
  }
  return status_;
}

/// Fails when the printer says that it cannot print now. One that says nothing may well print.
base::Status LabelPrinter::Ask(link::Link& link) {
  if (settings_.language != LabelLanguage::kZpl || !link.ReadsBack()) {
    Report(DeviceState::kReady, {DeviceNote::kNoStatus}, "");
    return {};
  }
  const auto asked = link.Write("~HS\r\n", kStallMs);
  std::string answer;
  HostStatus status;
  for (int waited_ms = 0; asked && !status.understood && waited_ms < kAnswerMs; waited_ms += kPauseMs) {
    const auto more = link.Read(kPauseMs);
    if (!more) break;
    answer += *more;
    status = ReadHostStatus(answer);
  }
  if (!status.understood) {
    Report(DeviceState::kReady, {answer.empty() ? DeviceNote::kNoStatus : DeviceNote::kUnreadable}, "");
    return {};
  }
  const bool ready = status.notes.empty();
  Report(ready ? DeviceState::kReady : DeviceState::kAttention, std::move(status.notes), "");
  return ready ? base::Status() : base::Fail(LabelErrc::kNotReady, "no labels, open, or paused");
}

base::Expected<PrintState> LabelPrinter::Send(const render::Bitmap& label, int copies) {
  const int gap_dots = ToDots(settings_.size.gap_mm, settings_.size.dpi);
  const std::string job =
      settings_.language == LabelLanguage::kZpl ? EncodeZpl(label, copies) : EncodeEpl(label, gap_dots, copies);
  const std::lock_guard lock(mutex_);
  auto link = open_();
  if (!link) {
    Report(DeviceState::kAbsent, {}, link.error().ToString());
    return base::Fail(link.error());
  }
  EVERTILL_TRY(Ask(**link));
  const auto taken = (*link)->Write(job, kStallMs);
  if (!taken) {
    Report(DeviceState::kAbsent, {}, taken.error().ToString());
    return base::Fail(taken.error());
  }
  const bool arrived = !(*link)->ReadsBack() || (*link)->Drain(kStallMs);
  if (*taken < job.size() || !arrived) {
    Report(DeviceState::kAttention, {DeviceNote::kOffline}, "took a part of a label only");
    return *taken == 0 ? base::Expected<PrintState>(base::Fail(LabelErrc::kNotReady, "takes no data"))
                       : base::Expected<PrintState>(PrintState::kUnknown);
  }
  return PrintState::kSent;
}

void LabelPrinter::Report(DeviceState state, std::vector<DeviceNote> notes, std::string detail) {
  checkout::DeviceStatus now = status_;
  now.state = state;
  now.notes = std::move(notes);
  now.detail = std::move(detail);
  if (now == status_) return;
  status_ = std::move(now);
  if (report_) report_(status_);
}

}  // namespace evertill::devices::label
