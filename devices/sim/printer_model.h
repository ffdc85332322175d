#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace evertill::devices::sim {

/// What one model of printer is and can do, as its maker says.
struct PrinterModel {
  std::string_view name;   ///< As on the command line.
  std::string_view maker;  ///< GS I 66; empty: does not say.
  std::string_view model;  ///< GS I 67
  uint8_t model_id = 0x20;
  size_t buffer_bytes = 65536;
  int speed_mm_s = 0;  ///< 0: prints at once.
  bool answers = true;
  bool automatic_status = true;  ///< GS a
  bool completion = true;        ///< GS ( H
  bool real_time_pulse = true;   ///< DLE DC4 1
};

/// Nothing when there is no such model.
[[nodiscard]] const PrinterModel* FindPrinterModel(std::string_view name);
/// The one that can everything, at once.
[[nodiscard]] const PrinterModel& GenericPrinterModel();
[[nodiscard]] std::vector<std::string> PrinterModelNames();

}  // namespace evertill::devices::sim
