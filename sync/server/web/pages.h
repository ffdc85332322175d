#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.h"
#include "sync/server/records.h"

/// Pages for people, as text. Everything that comes from outside is escaped; no script, no inline style.
namespace evertill::server::web {

/// What the front page shows.
struct Overview {
  base::Instant now;
  Totals totals;
  std::vector<StoreRow> stores;
  std::vector<TerminalRow> terminals;
  std::vector<EventRow> latest;            ///< newest first
  std::vector<std::string> member_labels;  ///< one for each of `latest`: "••• 4417" or empty
  std::string role;                        ///< of who looks
};

[[nodiscard]] std::string OverviewPage(const Overview& overview);
/// Asks for a token. `problem` is shown where not empty.
[[nodiscard]] std::string SignInPage(std::string_view problem);
/// The first administrator's link: a button that makes the token.
[[nodiscard]] std::string FirstRunPage(std::string_view code);
/// The token, shown once.
[[nodiscard]] std::string FirstTokenPage(std::string_view token);
/// A short message on a page of its own.
[[nodiscard]] std::string MessagePage(std::string_view title, std::string_view text);

[[nodiscard]] std::string_view StyleSheet();
[[nodiscard]] std::string_view Icon();
[[nodiscard]] std::string_view OpenApi();

}  // namespace evertill::server::web
