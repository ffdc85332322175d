#pragma once

namespace evertill::base {

/// Logs the failed condition and aborts. Never returns.
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);

}  // namespace evertill::base

/// Always-on assertion for programmer errors, in release builds too. Never for user, network or database input: those
/// are Expected.
#define EVERTILL_CHECK(condition)                                                    \
  do {                                                                               \
    if (!(condition)) ::evertill::base::CheckFailed(#condition, __FILE__, __LINE__); \
  } while (false)
