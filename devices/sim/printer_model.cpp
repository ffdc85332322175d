#include "devices/sim/printer_model.h"

namespace evertill::devices::sim {
namespace {

// Speeds and buffers are those of the makers' data sheets.
constexpr PrinterModel kModels[] = {
    {.name = "generic", .maker = "EVERTILL", .model = "DEVSIM"},
    {.name = "tm-t88v", .maker = "EPSON", .model = "TM-T88V", .buffer_bytes = 4096, .speed_mm_s = 300},
    {.name = "tm-t20ii", .maker = "EPSON", .model = "TM-T20II", .buffer_bytes = 4096, .speed_mm_s = 200},
    {.name = "tm-m30", .maker = "EPSON", .model = "TM-m30", .buffer_bytes = 65536, .speed_mm_s = 200},
    // Answers GS r, not GS ( H.
    {.name = "tm-t88iii",
     .maker = "EPSON",
     .model = "TM-T88III",
     .buffer_bytes = 4096,
     .speed_mm_s = 150,
     .completion = false},
    // A cheap one: says neither by itself how it is nor that it has printed.
    {.name = "xp-58",
     .maker = "",
     .model = "",
     .buffer_bytes = 32768,
     .speed_mm_s = 90,
     .automatic_status = false,
     .completion = false,
     .real_time_pulse = false},
    {.name = "silent", .maker = "", .model = "", .answers = false, .automatic_status = false, .completion = false},
};

}  // namespace

const PrinterModel* FindPrinterModel(std::string_view name) {
  for (const PrinterModel& model : kModels) {
    if (model.name == name) return &model;
  }
  return nullptr;
}

const PrinterModel& GenericPrinterModel() {
  return kModels[0];
}

std::vector<std::string> PrinterModelNames() {
  std::vector<std::string> names;
  for (const PrinterModel& model : kModels) names.emplace_back(model.name);
  return names;
}

}  // namespace evertill::devices::sim
