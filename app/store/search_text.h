#pragma once

#include <string>
#include <string_view>

namespace evertill::store {

/// Names the rules below and the ICU that cuts: an index made under another name is made anew.
[[nodiscard]] const std::string& SearchVersion();

/// A name as the search index gets it: Thai, Lao, Khmer, Burmese, Chinese and Japanese cut into words by ICU, đ as d
/// (it is a letter of its own to Unicode, but not to who types without diacritics). SQLite's tokenizer folds the rest.
[[nodiscard]] std::string WordsOf(std::string_view name);

/// An FTS5 query for what somebody typed: every word must be found, each as the start of a word. Words in scripts
/// without spaces are tried cut and uncut, because what is typed may end in the middle of one. Empty when there is no
/// letter or digit in it. Never contains FTS5 syntax of the typist.
[[nodiscard]] std::string MatchExpression(std::string_view typed);

/// For comparing what was typed with names: case and diacritics folded, đ as d.
[[nodiscard]] std::string FoldForOrder(std::string_view text);

}  // namespace evertill::store
