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
inline constexpr int64_t kMaxSafeInteger = int64_t{1} << 53;  ///< beyond this other languages' JSON loses digits

}  // namespace evertill::wire
