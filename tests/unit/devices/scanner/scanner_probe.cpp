#include <cstdio>
#include <cstring>
#include <iostream>

#include "devices/scanner/learn.h"
#include "devices/scanner/scanner.h"

/// scanner_probe DEVICE [allow]: prints what a scanner does, a line each, until its input ends.
int main(int argc, char** argv) {
  using namespace evertill;
  if (argc < 2) return 2;
  auto settings = devices::scanner::SettingsFor(argv[1]);
  settings.allow_keyboard = argc > 2;
  const auto clock = base::MakeSystemClock();
  constexpr const char* kStates[] = {"connecting", "ready", "attention", "absent"};
  const auto scanner = devices::scanner::Scanner::Start(
      settings, *clock,
      {[](const std::string& text) {
         std::printf("scan %s\n", text.c_str());
         std::fflush(stdout);
       },
       [&](const checkout::DeviceStatus& status) {
         std::printf("%s %s\n", kStates[static_cast<size_t>(status.state)], status.detail.c_str());
         std::fflush(stdout);
       }});
  if (!scanner) return 1;
  for (std::string line; std::getline(std::cin, line);) {
  }
  return 0;
}
