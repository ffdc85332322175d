#include "devices/sim/job_writer.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>

#include "app/render/png.h"
#include "devices/sim/sim_error.h"

namespace evertill::devices::sim {
namespace {

constexpr int kPngEnds = 24;

/// Paper is wider than what the head reaches: 640 dots for 576, 464 for 384.
int SideMargin(int width_dots) {
  return width_dots >= 500 ? 32 : 40;
}

/// JSON is UTF-8; a code may hold any bytes.
std::string Printable(const std::string& text) {
  boost::json::error_code error;
  (void)boost::json::parse(boost::json::serialize(boost::json::string(text)), error);
  return error ? "hex:" + Hex(text) : text;
}

base::Status WriteFile(const std::filesystem::path& file, const std::string& content) {
  std::filesystem::path part = file;
  part += ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(part, file, error);
  if (!out || error) return base::Fail(SimErrc::kFileUnwritable, file.string());
  return {};
}

}  // namespace

base::Expected<JobWriter> JobWriter::Open(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return base::Fail(SimErrc::kFileUnwritable, folder.string() + ": " + error.message());
  JobWriter writer;
  writer.folder_ = folder;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    int number = 0;
    if (std::sscanf(entry.path().filename().c_str(), "job-%d.", &number) == 1) {
      writer.last_ = std::max(writer.last_, number);
    }
  }
  return writer;
}

base::Status JobWriter::Write(int number, const SimJob& job) const {
  char name[32];
  std::snprintf(name, sizeof name, "job-%04d", number);
  EVERTILL_TRY(WriteFile(folder_ / (std::string(name) + ".bin"), job.bytes));
  EVERTILL_TRY(WritePaper(job, folder_ / (std::string(name) + ".png")));
  return WriteFile(folder_ / (std::string(name) + ".json"), DescribeJob(job) + "\n");
}

std::string DescribeJob(const SimJob& job) {
  boost::json::array unknown;
  for (const std::string& command : job.unknown_commands) unknown.emplace_back(command);
  boost::json::object object;
  object["bytes"] = job.bytes.size();
  object["cuts"] = job.cuts;
  object["pulses"] = job.pulses;
  object["real_time_commands"] = job.real_time_commands;
  object["width_dots"] = job.paper.Rows().Width();
  object["height_dots"] = job.paper.Rows().Height();
  object["unknown_commands"] = std::move(unknown);
  boost::json::array text;
  for (const std::string& line : job.text) text.emplace_back(line);
  boost::json::array codes;
  for (const SimCode& code : job.codes) codes.push_back({{"kind", code.kind}, {"text", Printable(code.text)}});
  boost::json::array confirmed;
  for (const std::string& id : job.confirmed) confirmed.emplace_back(id);
  object["text"] = std::move(text);
  object["codes"] = std::move(codes);
  object["confirmed"] = std::move(confirmed);
  return boost::json::serialize(object);
}

base::Status WritePaper(const SimJob& job, const std::filesystem::path& file) {
  return render::WritePng(job.paper.Rows(), file, {SideMargin(job.paper.Rows().Width()), kPngEnds});
}

}  // namespace evertill::devices::sim
