#include "sync/server/web/pages.h"

#include "app/domain/money.h"
#include "sync/server/http_text.h"
#include "sync/server/log_format.h"

namespace evertill::server::web {

namespace {

/// 1234567 as 1,234,567.
std::string Grouped(std::string digits) {
  const size_t start = !digits.empty() && digits[0] == '-' ? 1 : 0;
  size_t end = digits.find('.');
  if (end == std::string::npos) end = digits.size();
  for (size_t i = end; i > start + 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}
std::string Grouped(int64_t number) {
  return Grouped(std::to_string(number));
}

std::string Head(std::string_view title, bool refresh) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  if (refresh) out += "<meta http-equiv=\"refresh\" content=\"15\">\n";
  out += "<title>" + EscapeHtml(title) +
         "</title>\n<link rel=\"icon\" href=\"/icon.svg\">\n<link rel=\"stylesheet\" "
         "href=\"/style.css\">\n</head>\n<body>\n";
  return out;
}

constexpr std::string_view kFoot = "</body>\n</html>\n";

std::string Card(std::string_view title, const std::string& inner) {
  return Head("Evertill head office", false) +
         "<main class=\"single\">\n<section class=\"card door\">\n<div class=\"brand\"><img src=\"/icon.svg\" alt=\"\" "
         "width=\"36\" height=\"36\"><span>Evertill</span></div>\n<h1>" +
         EscapeHtml(title) + "</h1>\n" + inner + "</section>\n</main>\n" + std::string(kFoot);
}

/// "just now", "4 min ago", "3 h ago", or the day.
std::string Ago(base::Instant then, base::Instant now) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - then).count();
  if (minutes < 1) return "just now";
  if (minutes < 60) return std::to_string(minutes) + " min ago";
  if (minutes < 24 * 60) return std::to_string(minutes / 60) + " h ago";
  return base::FormatLocal(then, "%Y-%m-%d");
}

/// How a kind reads to a person: "member_enrol" as "Member enrol".
std::string KindWords(std::string kind) {
  for (char& c : kind) {
    if (c == '_') c = ' ';
  }
  if (!kind.empty() && kind[0] >= 'a' && kind[0] <= 'z') kind[0] = static_cast<char>(kind[0] - 'a' + 'A');
  return kind;
}

std::string_view KindClass(const EventRow& row) {
  if (!row.parked.empty()) return "parked";
  if (row.kind == "sale") return "sale";
  if (row.kind.starts_with("refund") || row.kind.starts_with("void")) return "back";
  if (row.kind.starts_with("member")) return "member";
  return "other";
}

std::string MoneyText(const EventRow& row) {
  const std::string digits = TotalText(row);
  if (digits.empty()) return {};
  const auto currency = domain::Currency::Find(row.currency);
  const std::string symbol = currency ? std::string(currency->Info().symbol) : row.currency + " ";
  return digits[0] == '-' ? "−" + symbol + Grouped(digits.substr(1)) : symbol + Grouped(digits);
}

std::string Tile(std::string_view label, const std::string& value, std::string_view extra_class = "") {
  return "<div class=\"tile " + std::string(extra_class) + "\"><dt>" + EscapeHtml(label) + "</dt><dd>" +
         EscapeHtml(value) + "</dd></div>\n";
}

std::string StoreName(const Overview& overview, const std::string& code) {
  for (const StoreRow& store : overview.stores) {
    if (store.code == code) return store.name;
  }
  return code;
}

std::string EventLine(const Overview& overview, size_t index) {
  const EventRow& row = overview.latest[index];
  std::string out = "<tr>\n<td class=\"when\"><b>" + base::FormatLocal(row.t_business, "%H:%M") + "</b><span>" +
                    base::FormatLocal(row.t_business, "%d %b %Y") + "</span></td>\n";
  out += "<td><span class=\"chip " + std::string(KindClass(row)) + "\">" + EscapeHtml(KindWords(row.kind)) + "</span>";
  if (!row.parked.empty()) out += "<span class=\"note\">kept, not posted</span>";
  out += "</td>\n<td><b>" + EscapeHtml(row.receipt.empty() ? "–" : row.receipt) + "</b><span>" +
         EscapeHtml(row.terminal) + " · no. " + Grouped(row.seq) + "</span></td>\n";
  out += "<td class=\"place\"><b>" + EscapeHtml(StoreName(overview, row.store)) + "</b><span>Till " +
         EscapeHtml(row.till) + "</span></td>\n";
  out += "<td class=\"member\">" + EscapeHtml(overview.member_labels[index]) + "</td>\n";
  out += "<td class=\"amount\">" + EscapeHtml(MoneyText(row)) + "</td>\n</tr>\n";
  return out;
}

std::string EventTable(const Overview& overview) {
  std::string out = "<section class=\"card wide\">\n<header><h2>What came in</h2><span class=\"count\">" +
                    Grouped(overview.totals.events) + (overview.totals.events == 1 ? " event" : " events") +
                    "</span><span class=\"aside\">newest first</span></header>\n";
  if (overview.latest.empty()) {
    return out +
           "<p class=\"empty\">Nothing yet. Add a store and a till, enrol the till with its code, and its first sale "
           "shows here.</p>\n</section>\n";
  }
  out +=
      "<div "
      "class=\"scroll\"><table>\n<thead><tr><th>Time</th><th>Kind</th><th>Receipt</th><th>Store</th><th>Member</th>"
      "<th class=\"amount\">Total</th></tr></thead>\n<tbody>\n";
  for (size_t i = 0; i < overview.latest.size(); ++i) out += EventLine(overview, i);
  return out + "</tbody>\n</table></div>\n</section>\n";
}

std::string TillList(const Overview& overview) {
  std::string out = "<section class=\"card\">\n<header><h2>Tills</h2><span class=\"count\">" +
                    std::to_string(overview.terminals.size()) + "</span></header>\n";
  if (overview.terminals.empty()) {
    return out +
           "<p class=\"empty\">No till is enrolled.<br><code>evertill-hq till code --store S --till "
           "T</code></p>\n</section>\n";
  }
  out += "<ul class=\"tills\">\n";
  for (const TerminalRow& till : overview.terminals) {
    const bool recent = overview.now - till.last_seen < std::chrono::minutes(2);
    out += "<li><span class=\"lane\">" + EscapeHtml(till.till) + "</span><div><b>" +
           EscapeHtml(StoreName(overview, till.store)) + "</b><span>" + EscapeHtml(till.terminal) +
           (till.incarnation > 1 ? " · life " + std::to_string(till.incarnation) : std::string()) + " · " +
           Grouped(till.head_seq) + (till.head_seq == 1 ? " event" : " events") + "</span></div><span class=\"pill " +
           (recent ? "on" : "off") + "\">" + EscapeHtml(recent ? "online" : Ago(till.last_seen, overview.now)) +
           "</span></li>\n";
  }
  return out + "</ul>\n</section>\n";
}

std::string Warnings(const Totals& totals) {
  std::string out;
  if (totals.parked > 0) {
    out += "<p class=\"alert\"><b>" + Grouped(totals.parked) +
           "</b> kept without posting: their points do not add up or belong to nobody. They are in the log with the "
           "reason.</p>\n";
  }
  if (totals.branches > 0) {
    out += "<p class=\"alert\"><b>" + Grouped(totals.branches) +
           "</b> from a second history of a till (a copied or restored disk): kept, never posted. Give that till a new "
           "code.</p>\n";
  }
  return out;
}

}  // namespace

std::string OverviewPage(const Overview& overview) {
  const Totals& totals = overview.totals;
  std::string out = Head("Head office · Evertill", true);
  out += "<div class=\"bar\"><b>Head office</b><span>Evertill</span><i></i><span class=\"pill dark\">" +
         EscapeHtml(overview.role) + "</span><span class=\"clock\">" + base::FormatLocal(overview.now, "%H:%M") +
         "</span><form method=\"post\" action=\"/sign-out\"><button class=\"quiet\">Sign "
         "out</button></form></div>\n<main>\n";
  out += "<dl class=\"tiles\">\n" + Tile("Sales", Grouped(totals.sales), "big") +
         Tile("Events", Grouped(totals.events)) + Tile("Members", Grouped(totals.members)) +
         Tile("Central products", Grouped(totals.products)) +
         Tile("Stores", Grouped(static_cast<int64_t>(overview.stores.size()))) + "</dl>\n";
  out += Warnings(totals);
  out +=
      "<div class=\"columns\">\n" + EventTable(overview) + "<aside>\n" + TillList(overview) +
      "<section class=\"card\">\n<header><h2>Pull the log</h2></header>\n<p class=\"text\">Every event, in the order "
      "in which it was committed, resumable by cursor:</p>\n<p class=\"text\"><code>GET /api/v1/log?after=CURSOR"
      "</code></p>\n<p class=\"text\">JSON Lines or CSV, with a token of role puller. <a href=\"/openapi.json\">The "
      "interface</a> · <a href=\"/api/v1/log?format=csv&amp;limit=5000\">First page as CSV</a></p>\n</section>\n"
      "</aside>\n</div>\n</main>\n";
  return out + std::string(kFoot);
}

std::string SignInPage(std::string_view problem) {
  std::string inner;
  if (!problem.empty()) inner += "<p class=\"alert\" role=\"alert\">" + EscapeHtml(problem) + "</p>\n";
  inner +=
      "<form method=\"post\" action=\"/sign-in\">\n<label for=\"token\">Access token</label>\n<input id=\"token\" "
      "name=\"token\" type=\"password\" autocomplete=\"current-password\" required autofocus spellcheck=\"false\">\n"
      "<button class=\"primary\">Sign in</button>\n</form>\n<p class=\"hint\">No token? On the server: "
      "<code>evertill-hq "
      "token create --role admin</code></p>\n";
  return Card("Head office", inner);
}

std::string FirstRunPage(std::string_view code) {
  return Card("Welcome",
              "<p class=\"hint\">This link works once. It makes the first administrator's access token, which is shown "
              "once and kept here only as a fingerprint.</p>\n<form method=\"post\" action=\"/first-run\">\n<input "
              "type=\"hidden\" name=\"code\" value=\"" +
                  EscapeHtml(code) + "\">\n<button class=\"primary\">Make my token</button>\n</form>\n");
}

std::string FirstTokenPage(std::string_view token) {
  return Card("Your token",
              "<p class=\"hint\">Keep it in a password manager: it cannot be shown again.</p>\n<p "
              "class=\"secret\"><code>" +
                  EscapeHtml(token) + "</code></p>\n<p><a class=\"primary\" href=\"/\">Sign in</a></p>\n");
}

std::string MessagePage(std::string_view title, std::string_view text) {
  return Card(title,
              "<p class=\"hint\">" + EscapeHtml(text) + "</p>\n<p><a class=\"primary\" href=\"/\">Back</a></p>\n");
}

}  // namespace evertill::server::web
