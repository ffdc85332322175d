#include "devices/printer/job_ledger.h"

#include <algorithm>

namespace evertill::devices::printer {
namespace {

using namespace std::string_literals;

constexpr size_t kMostRemembered = 64;  // jobs whose answer may still come
constexpr uint32_t kIdDigits = 0x7E - 0x20 + 1;
constexpr int kIdBytes = 4;

}  // namespace

std::string JobLedger::AskById(JobId job) {
  uint32_t number = next_id_++;
  std::string id;
  for (int i = 0; i < kIdBytes; ++i) {
    id += static_cast<char>(0x20 + number % kIdDigits);
    number /= kIdDigits;
  }
  by_id_.push_back({id, job});
  if (by_id_.size() > kMostRemembered) by_id_.pop_front();
  return "\x1D(H\x06\x00\x30\x30"s + id;
}

std::string JobLedger::AskByReply(JobId job) {
  asked_.emplace_back(job);
  return "\x1Dr\x01"s;
}

std::string JobLedger::AskForNothing() {
  asked_.emplace_back(std::nullopt);
  return "\x1Dr\x01"s;
}

std::optional<JobId> JobLedger::TakeId(const std::string& id) {
  const auto found = std::find_if(by_id_.begin(), by_id_.end(), [&id](const ById& one) { return one.id == id; });
  if (found == by_id_.end()) return std::nullopt;
  const JobId job = found->job;
  by_id_.erase(found);
  return job;
}

std::vector<JobId> JobLedger::TakeReply() {
  std::vector<JobId> certain;
  if (asked_.empty()) return certain;
  if (++replies_ < asked_.size()) return certain;
  for (const auto& job : asked_) {
    if (job) certain.push_back(*job);
  }
  GiveUpReplies();
  return certain;
}

void JobLedger::GiveUpReplies() {
  asked_.clear();
  replies_ = 0;
}

void JobLedger::Clear() {
  by_id_.clear();
  GiveUpReplies();
}

}  // namespace evertill::devices::printer
