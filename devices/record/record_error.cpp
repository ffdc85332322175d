#include "devices/record/record_error.h"

namespace evertill::devices::record {

std::string_view ErrorName(RecordErrc code) {
  switch (code) {
    case RecordErrc::kInvalid:
      return "device_record_invalid";
    case RecordErrc::kUnknown:
      return "device_record_unknown";
  }
  return "device_record_unknown_error";
}

}  // namespace evertill::devices::record
