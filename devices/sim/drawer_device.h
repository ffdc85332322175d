#pragma once

#include <string>
#include <string_view>

namespace evertill::devices::sim {

/// A cash drawer on a serial port: opens at its trigger, and answers '?' with 'o' while it is open and 'c' while it is
/// closed. One thread.
class SimDrawer {
 public:
  enum class Trigger {
    kAny,           ///< Any byte but '?'.
    kBell,          ///< BEL.
    kPrinterPulse,  ///< ESC p m t1 t2, as behind a printer.
  };
  explicit SimDrawer(Trigger trigger) : trigger_(trigger) {}

  [[nodiscard]] std::string Take(std::string_view bytes);
  /// `open`, `close`, `status`; answers one line of JSON.
  [[nodiscard]] std::string Control(std::string_view line);
  [[nodiscard]] bool IsOpen() const { return open_; }
  /// How often it was opened by the host.
  [[nodiscard]] int Pulses() const { return pulses_; }

 private:
  void Fire();
  [[nodiscard]] std::string StatusJson() const;

  const Trigger trigger_;
  std::string sequence_;  ///< Of a printer's pulse, so far.
  bool open_ = false;
  int pulses_ = 0;
};

}  // namespace evertill::devices::sim
