#pragma once

#include <memory>
#include <string>

#include "app/checkout/counter.h"
#include "app/presenters/act.h"
#include "app/presenters/view.h"
#include "app/presenters/words.h"

namespace evertill::presenters {

/// Does acts at a counter and says what there is to see. The screen and the counter script both go through here. Lives
/// on the counter's thread.
class CounterPresenter {
 public:
  CounterPresenter(checkout::Counter counter, std::string language);

  [[nodiscard]] View Do(const Act& act);
  void UseLanguage(const std::string& language) { words_ = Words::For(language); }
  /// An act that could not even be read, answered like any refusal.
  [[nodiscard]] View Refuse(const base::Error& error, const std::string& subject = {});
  [[nodiscard]] checkout::Counter& Counter() { return counter_; }
  [[nodiscard]] const Words& GetWords() const { return *words_; }

 private:
  [[nodiscard]] View Look();
  void LookAtSale(View& view) const;
  void LookAtSaved(View& view) const;
  [[nodiscard]] MemberView LookAtMember(const View& view);
  [[nodiscard]] base::Status Perform(const Act& act, std::vector<FoundView>& found);

  checkout::Counter counter_;
  std::shared_ptr<const Words> words_;
};

/// Up to three sums a customer is likely to hand over for `due`: the next round amounts above it.
[[nodiscard]] std::vector<domain::Money> SuggestCash(domain::Money due);

}  // namespace evertill::presenters
