#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace evertill::devices::printer {

using JobId = uint64_t;

/// Which jobs of one connection have been asked about and not been answered for. A pure value.
///
/// GS ( H answers name their job. GS r answers are nameless and come in the order of the questions, but one may be lost
/// (a printer switched off and on): as long as fewer came than were asked for, none says anything about any job; only
/// when all have come is each job printed. A late answer to an earlier job therefore never confirms a later one.
class JobLedger {
 public:
  /// A fresh request was appended to the job; returns the bytes to append: GS ( H with an id never used before.
  [[nodiscard]] std::string AskById(JobId job);
  /// The same by GS r 1.
  [[nodiscard]] std::string AskByReply(JobId job);
  /// A GS r 1 that belongs to no job: to find out whether answers come at all, and how many are missing.
  [[nodiscard]] std::string AskForNothing();

  /// GS ( H answered: the job, if it is one of ours.
  [[nodiscard]] std::optional<JobId> TakeId(const std::string& id);
  /// GS r answered: the jobs that are certain now, oldest first.
  [[nodiscard]] std::vector<JobId> TakeReply();

  [[nodiscard]] size_t RepliesMissing() const { return asked_.size() - replies_; }
  /// Answers to GS r that are missing are not going to come.
  void GiveUpReplies();
  /// The connection is gone: no answer will come any more.
  void Clear();

  /// Where ids begin, so that two programs that share a printer do not use the same.
  explicit JobLedger(uint32_t first_id) : next_id_(first_id) {}

 private:
  struct ById {
    std::string id;
    JobId job = 0;
  };
  uint32_t next_id_;
  std::deque<ById> by_id_;
  std::vector<std::optional<JobId>> asked_;  ///< GS r, in order; nothing: no job
  size_t replies_ = 0;
};

}  // namespace evertill::devices::printer
