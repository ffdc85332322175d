#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace evertill::sim {

/// What a run has found and seen: the first broken invariant, the trace that led to it, and how often what was visited.
class Verdict {
 public:
  struct Broken {
    int step = 0;
    int invariant = 0;  ///< of the protocol, 1 to 12; 0: a check of the simulator's own
    std::string what;
  };

  /// `root`: a folder whose name differs from run to run and must not show.
  explicit Verdict(std::string root) : root_(std::move(root)) {}

  void BeginStep(int step) { step_ = step; }
  /// Only the first counts.
  void Break(int invariant, std::string what) {
    if (!broken_) broken_ = Broken{step_, invariant, Plain(std::move(what))};
  }
  [[nodiscard]] const std::optional<Broken>& Found() const { return broken_; }

  /// One line of the trace; `about`: member or till that it concerns, empty for everybody.
  void Tell(std::string about, std::string what) {
    trace_.push_back({step_, std::move(about), Plain(std::move(what))});
    if (trace_.size() > kTraceKept) trace_.pop_front();
  }
  struct Line {
    int step;
    std::string about;
    std::string what;
  };
  [[nodiscard]] const std::deque<Line>& Trace() const { return trace_; }

  void Saw(const std::string& what) { ++sometimes_[what]; }
  void Injected(const std::string& fault) { ++faults_[fault]; }
  [[nodiscard]] const std::map<std::string, int64_t>& Sometimes() const { return sometimes_; }
  [[nodiscard]] const std::map<std::string, int64_t>& Faults() const { return faults_; }

 private:
  static constexpr size_t kTraceKept = 4000;
  [[nodiscard]] std::string Plain(std::string text) const {
    for (size_t at = text.find(root_); at != std::string::npos; at = text.find(root_)) text.erase(at, root_.size());
    return text;
  }

  const std::string root_;
  int step_ = 0;
  std::optional<Broken> broken_;
  std::deque<Line> trace_;
  std::map<std::string, int64_t> sometimes_;
  std::map<std::string, int64_t> faults_;
};

}  // namespace evertill::sim
