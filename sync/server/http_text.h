#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace evertill::server {

/// Splits a request target into its decoded path and query. A broken %-escape is kept as written; the path always
/// starts with '/'.
void SplitTarget(std::string_view target, std::string& path, std::map<std::string, std::string>& query);

/// application/x-www-form-urlencoded.
[[nodiscard]] std::map<std::string, std::string> ParseForm(std::string_view body);

/// The cookie of that name in a Cookie header, "" when absent.
[[nodiscard]] std::string CookieValue(std::string_view header, std::string_view name);

/// Text that can stand in an HTML page's text or quoted attribute.
[[nodiscard]] std::string EscapeHtml(std::string_view text);

/// "127.0.0.1:8443" or "[::1]:8443". Nothing when it is not that.
struct HostPort {
  std::string host;
  uint16_t port = 0;
};
[[nodiscard]] std::optional<HostPort> ParseHostPort(std::string_view text);
/// 127.0.0.0/8, ::1 and localhost.
[[nodiscard]] bool IsLoopback(std::string_view host);

}  // namespace evertill::server
