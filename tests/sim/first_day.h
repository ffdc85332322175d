#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/checkout/ports.h"
#include "sync/server/keys.h"
#include "tests/sim/vfs.h"

namespace evertill::sim {

/// A member as every run begins with them.
struct SimMember {
  domain::MemberId id;
  std::string signed_card;   ///< EV1…
  std::string phone_card;    ///< EV2…
  std::string phone_serial;  ///< 16 hex digits
  std::string phone_secret;
  std::string pin;  ///< empty: none
};

/// A chain of shops on the morning of its first day: head office, tills that are enrolled, members with cards. Made
/// once by production code from fixed random numbers, the same whatever seed runs after it; each run begins with a
/// copy.
struct FirstDay {
  std::string root;  ///< folder of all the machines' folders, on a memory file system
  base::Instant now;
  DiskImage office;
  struct Till {
    std::string folder;  ///< "…/L01"
    std::string twin;    ///< the same key files, for a machine that a copy of the disk is put into
    DiskImage disk;
  };
  std::vector<Till> tills;  ///< the last kSpares are kept for replacing lost ones
  std::vector<SimMember> members;
  std::unique_ptr<server::HeadOfficeKeys> keys;
  static constexpr int kSpares = 2;
  ~FirstDay();
};

inline constexpr int kMembers = 6;

/// For `tills` tills in two shops and the spares. The folders go away with the process's last FirstDay.
[[nodiscard]] base::Expected<std::unique_ptr<FirstDay>> MakeFirstDay(int tills);

}  // namespace evertill::sim
