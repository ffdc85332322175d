#include "devices/sim/printer_device.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

namespace evertill::devices::sim {
namespace {

using std::chrono::milliseconds;

constexpr char kXon = 0x11;
constexpr char kXoff = 0x13;
constexpr int kDotsPerMm = 8;
/// A job without a cut is taken for whole when the host is silent for so long.
constexpr milliseconds kSilence{500};
/// Below this much room a serial printer says XOFF; it says XON when half of its buffer is free again (Epson TM series:
/// 16 bytes and more, by model).
constexpr size_t kXoffRoom = 256;

const char* Word(PaperState paper) {
  return paper == PaperState::kOk ? "ok" : paper == PaperState::kNearEnd ? "near" : "out";
}

}  // namespace

PrinterDevice::PrinterDevice(PrinterDeviceOptions options) : options_(options), mechanism_(options.model.speed_mm_s) {}

PrinterChannel& PrinterDevice::AddChannel() {
  return channels_.emplace_back(options_.width_dots, options_.model);
}

size_t PrinterDevice::Room(const PrinterChannel& channel) const {
  const PrinterFaults& faults = options_.faults;
  if (!powered_ || faults.stalled) return 0;
  const size_t buffered = channel.printer.Buffered();
  size_t free = buffered < options_.model.buffer_bytes ? options_.model.buffer_bytes - buffered : 0;
  // What comes after stays with the host: nothing is lost when it takes data again.
  if (faults.stall_after >= 0) {
    return std::min(free, static_cast<size_t>(std::max<int64_t>(0, faults.stall_after - received_)));
  }
  // A picture larger than the buffer is printed as it comes by a real printer; this one waits until it has all of it.
  return Runs() ? std::max(free, channel.printer.Lacking()) : free;
}

void PrinterDevice::Receive(PrinterChannel& channel, std::string_view bytes, milliseconds now) {
  const size_t room = Room(channel);
  channel.lost += bytes.size() - std::min(room, bytes.size());
  bytes = bytes.substr(0, room);
  if (bytes.empty()) return;
  PrinterFaults& faults = options_.faults;
  received_ += static_cast<int64_t>(bytes.size());
  if (faults.stall_after >= 0 && received_ >= faults.stall_after) {
    faults.stall_after = -1;
    faults.stalled = true;
  }
  if (faults.drop_after >= 0 && received_ >= faults.drop_after) {
    bytes.remove_suffix(std::min(bytes.size(), static_cast<size_t>(received_ - faults.drop_after)));
    faults.drop_after = -1;
    channel.drop = true;
  }
  channel.received += bytes.size();
  channel.last_byte_ = now;
  for (const RealTimeEvent& event : channel.printer.Receive(bytes)) RealTime(channel, event, now);
  TellFlow(channel, now);
}

void PrinterDevice::RealTime(PrinterChannel& channel, const RealTimeEvent& event, milliseconds now) {
  switch (event.kind) {
    case RealTimeKind::kStatus:
      return Answer(channel, std::string(1, static_cast<char>(RealTimeStatus(condition_, event.n))), now);
    case RealTimeKind::kRecover:
      // 2: throws away what it holds. Whatever sits in the cutter still sits there.
      if (event.n == 2 && condition_.HasError()) ClearBuffers();
      return;
    case RealTimeKind::kPulse:
      if (!options_.model.real_time_pulse || !channel.printer.ObeysPulse() || condition_.unrecoverable) return;
      ++channel.printer.Job().pulses;
      channel.printer.Job().changed = true;
      return Pulse(now);
    case RealTimeKind::kPowerOff:
      if (!channel.printer.ObeysPowerOff()) return;
      Answer(channel, std::string("\x3B\x30\0", 3), now);
      channel.drop = true;
      return;
    case RealTimeKind::kClear:
      ClearBuffers();
      return Answer(channel, std::string("\x37\x25\0", 3), now);
  }
}

void PrinterDevice::ClearBuffers() {
  for (PrinterChannel& channel : channels_) {
    channel.printer.Clear();
    for (SimJob& job : channel.printer.Jobs()) job.open_ids = 0;
    channel.promises_.clear();
  }
  mechanism_.Drop();
}

void PrinterDevice::Work(milliseconds now) {
  mechanism_.Advance(now, Runs());
  for (PrinterChannel& channel : channels_) {
    KeepPromises(channel, now);
    Execute(channel, now);
    KeepPromises(channel, now);
    TellFlow(channel, now);
  }
}

void PrinterDevice::Execute(PrinterChannel& channel, milliseconds now) {
  while (Runs() && mechanism_.TakesMore()) {
    const SimStep step = channel.printer.Step(condition_);
    if (step.used == 0) return;
    Apply(channel, step, now);
  }
}

void PrinterDevice::Apply(PrinterChannel& channel, const SimStep& step, milliseconds now) {
  mechanism_.Feed(step.fed_dots);
  fed_dots_ += step.fed_dots;
  cuts_ += step.cuts;
  if (step.cuts > 0) mechanism_.Cut();
  if (!step.answer.empty()) Answer(channel, step.answer, now + options_.faults.late);
  if (step.automatic) {
    channel.automatic_mask_ = *step.automatic;
    if (*step.automatic != 0) Answer(channel, AutomaticStatus(condition_), now);
  }
  if (step.process_id) {
    ++channel.printer.Job().open_ids;  // first: makes one where there is none
    const int job = channel.jobs_taken_ + static_cast<int>(channel.printer.Jobs().size()) - 1;
    channel.promises_.push_back({mechanism_.Queued(), *step.process_id, job});
  }
  for (int i = 0; i < step.pulses; ++i) Pulse(now);
  if (paper_left_dots_ < 0 || step.fed_dots == 0) return;
  paper_left_dots_ = std::max<int64_t>(paper_left_dots_ - step.fed_dots, 0);
  if (paper_left_dots_ > 0) return;
  paper_left_dots_ = -1;
  PrinterCondition out = condition_;
  out.paper = PaperState::kOut;
  Change(out, now);
}

void PrinterDevice::KeepPromises(PrinterChannel& channel, milliseconds now) {
  while (!channel.promises_.empty() && channel.promises_.front().position <= mechanism_.Done()) {
    const PrinterChannel::Promise promise = channel.promises_.front();
    channel.promises_.pop_front();
    SimJob& job = channel.printer.Jobs()[static_cast<size_t>(promise.job - channel.jobs_taken_)];
    job.confirmed.push_back(promise.id);
    --job.open_ids;
    job.changed = true;
    last_confirmed_ = promise.id;
    Answer(channel, "\x37\x22" + promise.id + '\0', now + options_.faults.late);
  }
}

void PrinterDevice::Pulse(milliseconds now) {
  ++pulses_;
  PrinterCondition open = condition_;
  open.drawer_open = true;
  Change(open, now);
}

void PrinterDevice::TellFlow(PrinterChannel& channel, milliseconds now) {
  if (!channel.xon_xoff) return;
  const size_t buffered = channel.printer.Buffered();
  const size_t size = options_.model.buffer_bytes;
  if (!channel.xoff_told_ && (buffered + kXoffRoom > size || options_.faults.stalled)) {
    channel.xoff_told_ = true;
    channel.answers_.push_front({now, std::string(1, kXoff)});
  } else if (channel.xoff_told_ && buffered < size / 2 && !options_.faults.stalled) {
    channel.xoff_told_ = false;
    channel.answers_.push_front({now, std::string(1, kXon)});
  }
}

void PrinterDevice::Answer(PrinterChannel& channel, std::string bytes, milliseconds due) {
  if (!options_.model.answers || options_.faults.mute) return;
  if (options_.faults.garbage) bytes = Garbage(bytes.size());
  channel.answers_.push_back({due, std::move(bytes)});
}

std::string PrinterDevice::Garbage(size_t length) {
  std::string noise;
  while (noise.size() < length) {
    noise_ = noise_ * 1664525 + 1013904223;
    noise += static_cast<char>(noise_ >> 24);
  }
  return noise;
}

void PrinterDevice::SendGarbage(milliseconds now) {
  for (PrinterChannel& channel : channels_) channel.answers_.push_back({now, Garbage(32)});
}

std::string PrinterDevice::TakeAnswers(PrinterChannel& channel, milliseconds now) {
  std::string bytes;
  auto& answers = channel.answers_;
  if (!powered_) answers.clear();
  for (auto it = answers.begin(); it != answers.end();) {
    const bool flow = it->bytes.size() == 1 && (it->bytes[0] == kXon || it->bytes[0] == kXoff);
    if (it->due > now || (options_.faults.stalled && !flow)) {
      ++it;
      continue;
    }
    bytes += it->bytes;
    it = answers.erase(it);
  }
  return bytes;
}

std::optional<milliseconds> PrinterDevice::NextDue(milliseconds now) const {
  std::optional<milliseconds> next;
  const auto at = [&](milliseconds due) {
    const milliseconds left = std::max(due - now, milliseconds(1));
    next = next ? std::min(*next, left) : left;
  };
  for (const PrinterChannel& channel : channels_) {
    if (!options_.faults.stalled) {
      for (const auto& answer : channel.answers_) at(answer.due);
    }
    if (Runs() && (!channel.promises_.empty() || (channel.printer.Buffered() > 0 && !mechanism_.TakesMore()))) {
      at(now + std::clamp(mechanism_.Left(), milliseconds(1), milliseconds(20)));
    }
    const milliseconds silent_at = channel.last_byte_ + kSilence;
    if (silent_at >= now) at(silent_at + milliseconds(1));
  }
  return next;
}

bool PrinterDevice::IsDone(const PrinterChannel& channel) const {
  // What nobody can execute any more (half a command) is not waited for.
  return channel.host_gone && channel.promises_.empty() &&
         (!powered_ || channel.printer.Buffered() == 0 || (Runs() && channel.printer.Lacking() > 0));
}

base::Status PrinterDevice::Save(PrinterChannel& channel, bool ended, milliseconds now,
                                 const std::function<base::Status(SimJob&)>& write) {
  if (ended && channel.printer.Lacking() == 0) channel.printer.Clear();  // switched off before it was printed
  if (ended) channel.printer.Finish();
  auto& jobs = channel.printer.Jobs();
  const bool silent = channel.printer.Buffered() == 0 && now - channel.last_byte_ > kSilence;
  for (SimJob& job : jobs) {
    const bool last = &job == &jobs.back();
    const bool nothing = job.paper.IsBlank() && job.cuts == 0 && job.pulses == 0 && job.unknown_commands.empty();
    const bool whole = ended || job.cuts > 0 || !last || (silent && !job.paper.IsBlank());
    if (!whole || !job.changed || nothing) continue;
    job.changed = false;
    EVERTILL_TRY(write(job));
  }
  while (jobs.size() > 1 && jobs.front().open_ids == 0) {
    jobs.pop_front();
    ++channel.jobs_taken_;
  }
  return {};
}

void PrinterDevice::Change(const PrinterCondition& to, milliseconds now) {
  const PrinterCondition from = std::exchange(condition_, to);
  for (PrinterChannel& channel : channels_) {
    if (AutomaticStatusTells(channel.automatic_mask_, from, to)) Answer(channel, AutomaticStatus(to), now);
  }
}

void PrinterDevice::SetPaperLeft(int mm) {
  paper_left_dots_ = mm < 0 ? -1 : static_cast<int64_t>(mm) * kDotsPerMm;
}

void PrinterDevice::PowerOff() {
  ClearBuffers();
  powered_ = false;
  for (PrinterChannel& channel : channels_) {
    channel.answers_.clear();
    channel.automatic_mask_ = 0;
    channel.xoff_told_ = false;
    channel.drop = true;
  }
}

std::string PrinterDevice::Describe() const {
  size_t buffered = 0;
  uint64_t lost = 0;
  size_t open_ids = 0;
  for (const PrinterChannel& channel : channels_) {
    buffered += channel.printer.Buffered();
    lost += channel.lost;
    open_ids += channel.promises_.size();
  }
  boost::json::object object;
  object["model"] = options_.model.name;
  object["powered"] = powered_;
  object["online"] = condition_.Online();
  object["paper"] = Word(condition_.paper);
  object["cover"] = condition_.cover_open ? "open" : "closed";
  object["cutter"] = condition_.cutter_error ? "error" : "ok";
  object["unrecoverable"] = condition_.unrecoverable;
  object["overheated"] = condition_.overheated;
  object["feeding"] = condition_.feeding;
  object["drawer"] = condition_.drawer_open ? "open" : "closed";
  object["stalled"] = options_.faults.stalled;
  object["late_ms"] = options_.faults.late.count();
  object["connections"] = std::count_if(channels_.begin(), channels_.end(), [](auto& c) { return !c.host_gone; });
  object["received"] = received_;
  object["buffered"] = buffered;
  object["lost"] = lost;
  object["printed_mm"] = fed_dots_ / kDotsPerMm;
  object["busy_ms"] = mechanism_.Left().count();
  object["cuts"] = cuts_;
  object["pulses"] = pulses_;
  object["unanswered_ids"] = open_ids;
  object["last_confirmed"] = last_confirmed_;
  return boost::json::serialize(object);
}

}  // namespace evertill::devices::sim
