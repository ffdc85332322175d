#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace evertill::devices::sim {

/// The protocols that SimScale speaks, by the names of the records in assets/scales.
[[nodiscard]] std::vector<std::string> ScaleProtocolNames();

/// A weighing scale as its maker documents it, 15 kg in steps of a gram. One thread.
class SimScale {
 public:
  explicit SimScale(std::string protocol) : protocol_(std::move(protocol)) {}

  /// Bytes from the till; returns the answer.
  [[nodiscard]] std::string Take(std::string_view bytes);
  /// What a scale that talks all the time says now; "" from one that is asked.
  [[nodiscard]] std::string Stream() const;
  [[nodiscard]] bool Streams() const { return protocol_ == "cas-22" || protocol_ == "st-gs"; }

  /// What a person does to it, one command in a line; answers one line of JSON:
  ///
  ///     weight KG|-KG     motion on|off     overload on|off     zero     mute on|off
  ///     garbage on|off    half on|off       wrong-check on|off  late MS  status
  [[nodiscard]] std::string Control(std::string_view line);

  /// Sets what lies on it, in kilograms: "0.512". False when that is no number.
  [[nodiscard]] bool SetWeight(std::string_view kilograms);
  [[nodiscard]] int LateMs() const { return late_ms_; }

 private:
  enum class Shape { kPlain, kGarbage, kHalf };
  [[nodiscard]] int64_t Shown() const { return on_it_ - zero_at_; }
  [[nodiscard]] bool Over() const { return overload_ || Shown() > kCapacityGrams; }
  [[nodiscard]] bool PressZero();
  [[nodiscard]] std::string Misshapen(std::string answer) const;
  [[nodiscard]] std::string AnswerToledo(char command);
  [[nodiscard]] std::string AnswerNci(std::string_view command);
  [[nodiscard]] std::string NciStatus() const;
  [[nodiscard]] std::string AnswerCas(char command) const;
  [[nodiscard]] std::string AnswerSics(std::string_view command);
  [[nodiscard]] std::string StatusJson() const;

  static constexpr int64_t kCapacityGrams = 15'000;
  static constexpr int64_t kZeroRangeGrams = 300;

  const std::string protocol_;
  std::string line_;   ///< A command that is not whole yet.
  int64_t on_it_ = 0;  ///< Grams.
  int64_t zero_at_ = 0;
  bool motion_ = false;
  bool overload_ = false;
  bool mute_ = false;
  bool wrong_check_ = false;
  Shape shape_ = Shape::kPlain;
  int late_ms_ = 0;
};

}  // namespace evertill::devices::sim
