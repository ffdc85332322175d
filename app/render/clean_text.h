#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace evertill::render {

/// Longer text than this on paper is a mistake or an attack: it is cut and ends in "…".
inline constexpr size_t kMaxTextCharacters = 1000;

/// More line ends than this in one text become spaces.
inline constexpr int kMaxTextLineEnds = 50;

/// What of a text may reach paper: valid UTF-8 without control characters (C0 but '\n', DEL, C1), bidirectional marks
/// and overrides, line and paragraph separators, byte order marks, tags and noncharacters. A tab becomes a space; each
/// run of bytes that is not UTF-8 becomes one U+FFFD; more than eight combining marks on one letter are dropped.
/// Language-neutral and without state: thread-safe.
[[nodiscard]] std::string CleanText(std::string_view text, size_t max_characters = kMaxTextCharacters);

}  // namespace evertill::render
