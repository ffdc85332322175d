#include "devices/sim/sim_error.h"

namespace evertill::devices::sim {

std::string_view ErrorName(SimErrc code) {
  switch (code) {
    case SimErrc::kAddressUnusable:
      return "sim_address_unusable";
    case SimErrc::kFileUnreadable:
      return "sim_file_unreadable";
    case SimErrc::kFileUnwritable:
      return "sim_file_unwritable";
  }
  return "sim_unknown_error";
}

}  // namespace evertill::devices::sim
