#pragma once

#include <filesystem>

namespace evertill::base {

/// Where the files of assets/ are at run time, absolute: `$EVERTILL_ASSETS` when set and a directory, else
/// `<directory of the running program>/../share/evertill`, which is right both for an installed program and in the
/// build tree (the build links assets there). Below it: `demo/`, `icons/`, `styles/`, `receipts/`, and
/// `locale/<language>/LC_MESSAGES/evertill.mo`. The directory need not exist: a program must run without its assets.
/// Thread-safe.
[[nodiscard]] std::filesystem::path AssetsDir();

}  // namespace evertill::base
