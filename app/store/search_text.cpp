#include "app/store/search_text.h"

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uversion.h>

#include <memory>
#include <vector>

namespace evertill::store {
namespace {

constexpr size_t kMostWords = 12;
constexpr int32_t kMostTyped = 200;

/// True for scripts that ICU cuts by dictionary; every other text is cut well by spaces and signs.
bool NeedsDictionary(UChar32 c) {
  return (c >= 0x0e00 && c <= 0x0eff) || (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17ff) ||
         (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff);
}

/// What SQLite's tokenizer takes as part of a word: categories L*, N*, Co, Mn, Mc.
bool IsWordPart(UChar32 c) {
  constexpr uint32_t kMask = U_GC_L_MASK | U_GC_N_MASK | U_GC_CO_MASK | U_GC_MN_MASK | U_GC_MC_MASK;
  return (U_GET_GC_MASK(c) & kMask) != 0;
}

bool IsAscii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

/// One for each thread: making one costs milliseconds.
icu::BreakIterator* WordBreaker() {
  thread_local const std::unique_ptr<icu::BreakIterator> kBreaker = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> made(icu::BreakIterator::createWordInstance(icu::Locale("th"), status));
    return U_SUCCESS(status) ? std::move(made) : nullptr;
  }();
  return kBreaker.get();
}

icu::UnicodeString WithPlainD(std::string_view text) {
  auto unicode = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  for (int32_t i = 0; i < unicode.length(); ++i) {
    if (unicode.charAt(i) == 0x0111) unicode.setCharAt(i, u'd');
    if (unicode.charAt(i) == 0x0110) unicode.setCharAt(i, u'D');
  }
  return unicode;
}

bool AnyNeedsDictionary(const icu::UnicodeString& text) {
  for (int32_t i = 0; i < text.length(); ++i) {
    if (NeedsDictionary(text.charAt(i))) return true;
  }
  return false;
}

std::string ToUtf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

/// Cut into words by ICU; signs and spaces fall away.
std::vector<icu::UnicodeString> Cut(const icu::UnicodeString& text) {
  std::vector<icu::UnicodeString> words;
  icu::BreakIterator* breaker = WordBreaker();
  if (breaker == nullptr) return {text};
  breaker->setText(text);
  int32_t start = breaker->first();
  for (int32_t end = breaker->next(); end != icu::BreakIterator::DONE; start = end, end = breaker->next()) {
    if (IsWordPart(text.char32At(start))) words.push_back(text.tempSubStringBetween(start, end));
  }
  return words;
}

/// Runs of word characters, as SQLite's tokenizer will see them.
std::vector<icu::UnicodeString> Runs(const icu::UnicodeString& text) {
  std::vector<icu::UnicodeString> runs;
  icu::UnicodeString run;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (IsWordPart(c)) {
      run.append(c);
    } else if (!run.isEmpty()) {
      runs.push_back(run);
      run.remove();
    }
  }
  if (!run.isEmpty()) runs.push_back(run);
  return runs;
}

/// "word"*: a single letter only as a whole word, since a third of all names have a word that starts with it.
std::string Term(const icu::UnicodeString& word) {
  const bool prefix = word.countChar32() > 1;
  return "\"" + ToUtf8(word) + "\"" + (prefix ? "*" : "");
}

std::string TermsOf(const icu::UnicodeString& run) {
  if (!AnyNeedsDictionary(run)) return Term(run);
  const auto words = Cut(run);
  std::string all;
  for (const auto& word : words) {
    for (const auto& part : Runs(word)) all += (all.empty() ? "" : " AND ") + Term(part);
  }
  if (words.size() < 2) return Term(run);
  return "((" + all + ") OR " + Term(run) + ")";
}

}  // namespace

const std::string& SearchVersion() {
  static const std::string kVersion = std::string("1/icu") + U_ICU_VERSION;
  return kVersion;
}

std::string WordsOf(std::string_view name) {
  if (IsAscii(name)) return std::string(name);
  const auto text = WithPlainD(name);
  if (!AnyNeedsDictionary(text)) return ToUtf8(text);
  std::string out;
  for (const auto& word : Cut(text)) {
    if (!out.empty()) out += ' ';
    word.toUTF8String(out);
  }
  return out;
}

std::string MatchExpression(std::string_view typed) {
  auto text = WithPlainD(typed);
  if (text.length() > kMostTyped) text.truncate(kMostTyped);
  std::string expression;
  size_t words = 0;
  for (const auto& run : Runs(text)) {
    if (++words > kMostWords) break;
    expression += (expression.empty() ? "" : " AND ") + TermsOf(run);
  }
  return expression;
}

std::string FoldForOrder(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* decompose = icu::Normalizer2::getNFDInstance(status);
  auto unicode = WithPlainD(text);
  if (U_SUCCESS(status)) {
    const auto decomposed = decompose->normalize(unicode, status);
    if (U_SUCCESS(status)) unicode = decomposed;
  }
  unicode.foldCase();
  icu::UnicodeString plain;
  for (int32_t i = 0; i < unicode.length(); i = unicode.moveIndex32(i, 1)) {
    const UChar32 c = unicode.char32At(i);
    // Combining marks of Latin only: Thai vowels and tones are marks too, and they matter.
    if (c < 0x0300 || c > 0x036f) plain.append(c);
  }
  return ToUtf8(plain);
}

}  // namespace evertill::store
