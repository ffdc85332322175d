#pragma once

namespace evertill::server {

/// `evertill-hq …`: 0 done, 1 failed, 2 usage.
[[nodiscard]] int RunHeadOffice(int argc, char** argv);

}  // namespace evertill::server
