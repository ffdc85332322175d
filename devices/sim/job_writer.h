#pragma once

#include <filesystem>
#include <string>

#include "app/base/expected.h"
#include "devices/sim/escpos_interpreter.h"

namespace evertill::devices::sim {

/// Writes jobs down as job-0001.bin, .png and .json (the last one last: once it is there, all is), numbered on from
/// what the folder holds already.
class JobWriter {
 public:
  /// Makes the folder when it is missing. Errors: sim_file_unwritable.
  [[nodiscard]] static base::Expected<JobWriter> Open(const std::filesystem::path& folder);

  /// A number for a new job, from 1.
  [[nodiscard]] int NextNumber() { return ++last_; }
  /// Writes or writes anew.
  [[nodiscard]] base::Status Write(int number, const SimJob& job) const;

 private:
  std::filesystem::path folder_;
  int last_ = 0;
};

/// What happened, as JSON: bytes, cuts, pulses, real_time_commands, width_dots, height_dots, unknown_commands; text
/// (lines of the printer's own font), codes ({kind, text}), confirmed (ids answered because all before was printed).
[[nodiscard]] std::string DescribeJob(const SimJob& job);

/// A PNG of the job's paper with its unprinted margins.
[[nodiscard]] base::Status WritePaper(const SimJob& job, const std::filesystem::path& file);

}  // namespace evertill::devices::sim
