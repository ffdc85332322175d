#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/error.h"
#include "app/checkout/devices.h"
#include "devices/printer/printer_error.h"

/// How long a printer session waits for what. Inside devices/printer only.
namespace evertill::devices::printer {

namespace timing {

using std::chrono::milliseconds;

constexpr milliseconds kFirstBackoff{500};
constexpr milliseconds kLastBackoff{30'000};
constexpr milliseconds kLookAgain{15'000};  // a shared printer, while all is well
constexpr milliseconds kLookAgainSoon{3'000};
constexpr milliseconds kLongestSleep{10'000};
constexpr milliseconds kPoll{2'000};  // DLE EOT, one round of questions to the next
constexpr milliseconds kPollSoon{500};
constexpr milliseconds kPollRarely{10'000};   // for printers that report by themselves
constexpr milliseconds kAnswer{500};          // to one real-time question
constexpr milliseconds kPause{300};           // nothing for so long: what had begun is not finished any more
constexpr milliseconds kFirstAnswer{500};     // on a new link, before a job goes to one that may be mute
constexpr milliseconds kSharedAnswer{5'000};  // another till may be printing
constexpr milliseconds kQuickAnswer{10};      // before a job, from one that has just been heard
constexpr milliseconds kJustHeard{3'000};
constexpr milliseconds kFence{1'000};
constexpr milliseconds kFenceQuiet{300};
constexpr milliseconds kAutoProbe{2'000};  // Completion::kAuto, of a printer that says nothing at all
constexpr milliseconds kDrainStep{5};
constexpr milliseconds kPulse{3'000};
constexpr milliseconds kNoiseSettles{150};  // late answers are not taken for new ones
constexpr milliseconds kGarbageShown{10'000};

constexpr int kStallMs = 20;  // in one call: the thread listens between
constexpr int kOneWayStallMs = 5'000;
constexpr int kLastDrainMs = 500;
constexpr int kMostReads = 16;
constexpr int kRealTimeQuestions = 4;
constexpr int kMissedIsSilent = 3;
constexpr size_t kChunk = 8192;
constexpr size_t kSerialChunk = 512;
constexpr size_t kMostOutbox = 256;
constexpr size_t kMostHealed = 20'000;  // more than one band of a picture

constexpr PrinterErrc kBusyCode = PrinterErrc::kNotReady;

constexpr std::string_view kAutomaticStatus = "\x1D\x61\x0F";  // drawer, online, errors, paper

}  // namespace timing

/// The link's failure in a printer's words, where the programs have had such for long.
[[nodiscard]] base::Error AsPrinterError(const base::Error& error);

/// "no paper; the cover is open": plain English for logs.
[[nodiscard]] std::string NotReadyWords(const std::vector<checkout::DeviceNote>& notes);

}  // namespace evertill::devices::printer
