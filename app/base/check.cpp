#include "app/base/check.h"

#include <cstdlib>

#include "app/base/log.h"

namespace evertill::base {

void CheckFailed(const char* condition, const char* file, int line) {
  LogError("check failed: {} at {}:{}", condition, file, line);
  FlushLog();
  std::abort();
}

}  // namespace evertill::base
