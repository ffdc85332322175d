#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/error.h"
#include "app/domain/money.h"
#include "app/presenters/view.h"

namespace evertill::presenters {

/// Words of one language, from the gettext catalogues (English where a catalogue or a phrase is missing). Immutable;
/// any thread. Switching the language is making another Words.
class Words {
 public:
  /// `language`: "en", "th" or "vi"; anything else is English.
  [[nodiscard]] static std::shared_ptr<const Words> For(std::string_view language);
  /// "en", "th", "vi".
  [[nodiscard]] static const std::vector<std::string>& Languages();

  ~Words();
  [[nodiscard]] const std::string& Language() const { return language_; }
  /// The phrase in this language. Mark phrases used elsewhere with TR_NOOP("…").
  [[nodiscard]] std::string Tr(const char* phrase) const;
  /// Singular or plural by `count`; "%1" in the phrase becomes the count.
  [[nodiscard]] std::string TrN(const char* one, const char* many, int64_t count) const;
  /// Tr with "%1", "%2" … replaced.
  [[nodiscard]] std::string Tr(const char* phrase, const std::vector<std::string>& arguments) const;

  /// "฿1,042.39", "−฿28.00", "15.000 ₫" (in Vietnamese; "₫15,000" otherwise).
  [[nodiscard]] std::string Amount(domain::Money amount) const;
  /// "1,240" / "1.240".
  [[nodiscard]] std::string Count(int64_t count) const;
  /// Why an act was refused, and the way out, for a cashier.
  [[nodiscard]] std::string Explain(const base::Error& error) const;
  /// The pill: "Online", "Offline 3 min — 4 sales safe here", "Not connected to head office".
  [[nodiscard]] std::string SyncPill(const SyncView& sync) const;

 private:
  struct Catalogue;
  Words(std::string language, std::unique_ptr<Catalogue> catalogue);
  std::string language_;
  std::unique_ptr<Catalogue> catalogue_;
};

}  // namespace evertill::presenters

/// Marks a phrase for the translators where it cannot be looked up at once.
#define TR_NOOP(phrase) phrase
