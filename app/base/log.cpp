#include "app/base/log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <memory>
#include <vector>

namespace evertill::base {
namespace {

constexpr char kPattern[] = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";
constexpr size_t kMaxFileBytes = 5 * 1024 * 1024;
constexpr size_t kMaxFiles = 5;

void Install(std::vector<spdlog::sink_ptr> sinks, spdlog::level::level_enum least) {
  auto logger = std::make_shared<spdlog::logger>("evertill", sinks.begin(), sinks.end());
  logger->set_level(least);
  logger->set_pattern(kPattern);
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

spdlog::sink_ptr StderrSink(spdlog::level::level_enum least) {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  sink->set_level(least);
  return sink;
}

// Until main has chosen, nothing may reach stdout: `play` and others print answers there.
const bool kInstalledAtStart = [] {
  LogToStderr(spdlog::level::warn);
  return true;
}();

}  // namespace

void LogToStderr(spdlog::level::level_enum least) {
  Install({StderrSink(least)}, least);
}

bool LogToFile(const std::filesystem::path& file) {
  try {
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(), kMaxFileBytes, kMaxFiles);
    Install({std::move(sink), StderrSink(spdlog::level::err)}, spdlog::level::info);
    return true;
  } catch (const spdlog::spdlog_ex&) {
    return false;
  }
}

void FlushLog() {
  spdlog::default_logger()->flush();
}

}  // namespace evertill::base
