#include "devices/setup/setup_error.h"

namespace evertill::devices::setup {

std::string_view ErrorName(SetupErrc code) {
  switch (code) {
    case SetupErrc::kBadConfig:
      return "bad_config";
    case SetupErrc::kCannotWrite:
      return "config_not_written";
  }
  return "setup_unknown_error";
}

}  // namespace evertill::devices::setup
