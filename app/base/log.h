#pragma once

#include <spdlog/spdlog.h>
#include <filesystem>

namespace evertill::base {

/// Where log lines go. Default (before any call): stderr, warnings and worse.
/// Thread-safe after set-up; set up once, in main. Log lines never carry names, phones, PINs, keys or tokens.
void LogToStderr(spdlog::level::level_enum least);
/// Rotating file of at most 5 × 5 MB, everything from info up, besides stderr for errors. False when not writable.
bool LogToFile(const std::filesystem::path& file);
void FlushLog();

template <typename... Args>
void LogDebug(spdlog::format_string_t<Args...> format, Args&&... args) {
  spdlog::debug(format, std::forward<Args>(args)...);
}
template <typename... Args>
void LogInfo(spdlog::format_string_t<Args...> format, Args&&... args) {
  spdlog::info(format, std::forward<Args>(args)...);
}
template <typename... Args>
void LogWarn(spdlog::format_string_t<Args...> format, Args&&... args) {
  spdlog::warn(format, std::forward<Args>(args)...);
}
template <typename... Args>
void LogError(spdlog::format_string_t<Args...> format, Args&&... args) {
  spdlog::error(format, std::forward<Args>(args)...);
}

}  // namespace evertill::base
