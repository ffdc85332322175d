#pragma once

#include <cstddef>
#include <cstdint>

namespace evertill::wire {

/// What either side refuses to exceed. Also in PROTOCOL.md.
inline constexpr size_t kMaxBodyBytes = size_t{8} << 20;        ///< a batch of events, or an answer
inline constexpr size_t kMaxSmallBodyBytes = size_t{64} << 10;  ///< any other request
inline constexpr size_t kMaxHeaderBytes = size_t{16} << 10;     ///< request line and headers together
inline constexpr size_t kMaxBatchEvents = 500;
inline constexpr size_t kMaxEventBytes = size_t{512} << 10;  ///< one event's body, or its side
inline constexpr size_t kMaxJsonDepth = 24;
inline constexpr int64_t kMaxChangesLimit = 5000;
inline constexpr int64_t kMaxLogLimit = 5000;
inline constexpr size_t kMaxCardsOfMember = 50;
inline constexpr size_t kMaxRights = 5000;  ///< grants, permits or secrets in one answer; ids asked back in a hello
inline constexpr int64_t kMaxRightsLimit = 1000;                ///< members a rights request may ask for
inline constexpr size_t kMaxRightBytes = size_t{32} << 10;      ///< one grant or permit
inline constexpr size_t kMaxLots = 500;                         ///< of one hold
inline constexpr size_t kMaxRevocationBytes = size_t{4} << 20;  ///< the list of lost cards
inline constexpr size_t kMaxRevocations = 200'000;              ///< of each kind on it
inline constexpr size_t kMaxIdBytes = 128;                      ///< of a grant, permit or life request
inline constexpr int64_t kMaxSafeInteger = int64_t{1} << 53;    ///< beyond this other languages' JSON loses digits

}  // namespace evertill::wire
