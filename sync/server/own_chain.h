#pragma once

#include <string>
#include <vector>

#include "app/domain/event.h"
#include "sync/server/till_desk.h"

namespace evertill::server {

/// Store code "HQ" is head office's own: no shop may have it.
inline constexpr std::string_view kOwnTerminal = "HQ/MAIN";

/// Something that head office does to points or cards: an event of its own chain (terminal HQ/MAIN, incarnation = the
/// epoch's counter), in the log like any other, so that every figure can be explained.
struct OwnEvent {
  std::string kind;    ///< "grant", "reclaim", "hold", "hold_close", "release", "adjust", "merge", "erase", …
  std::string member;  ///< raw id; empty where it is about nobody
  std::vector<domain::Posting> postings;  ///< Σ = 0
  std::string ext = "{}";                 ///< JSON object: integers, codes, ids; no personal data
};

/// Puts it at the end of the chain and posts it, in the caller's transaction. Answers its commit_seq.
[[nodiscard]] base::Expected<int64_t> AppendOwn(Store& store, const DeskParts& desk, const OwnEvent& event);

}  // namespace evertill::server
