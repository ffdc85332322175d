#include <algorithm>
#include <array>
#include <span>

#include "app/domain/errors.h"
#include "app/domain/gs1.h"
#include "app/domain/gs1_parse.h"
#include "app/domain/gs1_table.h"

/// GS1 Digital Link standard: URI syntax, release 1.4.
namespace evertill::domain {
namespace {

/// A key of the path and what may qualify it, in this order, each perhaps left out; "|" begins another choice.
struct LinkKey {
  std::string_view ai;
  std::string_view qualifiers;
};

constexpr auto kKeys = std::to_array<LinkKey>({
    {"00", ""},
    {"01", "22 10 21|235"},
    {"253", ""},
    {"255", ""},
    {"401", ""},
    {"402", ""},
    {"414", "254|7040"},
    {"415", "8020"},
    {"417", "7040"},
    {"8003", ""},
    {"8004", "7040"},
    {"8006", "22 10 21"},
    {"8010", "8011"},
    {"8013", ""},
    {"8017", "8019"},
    {"8018", "8019"},
});

std::vector<std::string_view> Split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t at = std::min(text.find(by), text.size());
    parts.push_back(text.substr(0, at));
    if (at == text.size()) return parts;
    text.remove_prefix(at + 1);
  }
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// RFC 3986, 2.1. A percent sign without two digits after it is left as it is; no AI allows it there.
std::string Decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? HexDigit(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

struct LinkParts {
  std::vector<std::string_view> path;
  std::string_view query;
};

/// The path's segments and the query of an http or https address; nothing for any other text.
std::optional<LinkParts> Take(std::string_view uri) {
  std::string scheme(uri.substr(0, std::min<size_t>(8, uri.size())));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const size_t skip = scheme == "https://" ? 8 : 7;
  if (skip == 7 && !scheme.starts_with("http://")) return std::nullopt;
  uri = uri.substr(skip, uri.find('#') == std::string_view::npos ? uri.size() : uri.find('#') - skip);
  LinkParts parts;
  const size_t question = std::min(uri.find('?'), uri.size());
  if (question < uri.size()) parts.query = uri.substr(question + 1);
  uri = uri.substr(0, question);
  const size_t slash = uri.find('/');
  if (slash == 0 || slash == std::string_view::npos) return std::nullopt;
  uri.remove_prefix(slash + 1);
  if (uri.ends_with('/')) uri.remove_suffix(1);
  parts.path = Split(uri, '/');
  return parts;
}

/// True when the AIs of these pairs are among `order`, one after the other.
bool InOrder(std::span<const std::string_view> pairs, std::string_view order) {
  size_t next = 0;
  const auto allowed = Split(order, ' ');
  for (size_t i = 0; i < pairs.size(); i += 2) {
    while (next < allowed.size() && allowed[next] != pairs[i]) ++next;
    if (next++ >= allowed.size()) return false;
  }
  return true;
}

/// Where the key stands among the segments: from there on they are AIs and values to the end.
std::optional<size_t> FindKey(std::span<const std::string_view> path) {
  for (size_t i = path.size() % 2; i < path.size(); i += 2) {
    const auto* key =
        std::find_if(kKeys.begin(), kKeys.end(), [&](const LinkKey& known) { return known.ai == path[i]; });
    if (key == kKeys.end()) continue;
    for (const auto order : Split(key->qualifiers, '|')) {
      if (InOrder(path.subspan(i + 2), order)) return i;
    }
  }
  return std::nullopt;
}

}  // namespace

bool IsDigitalLink(std::string_view text) {
  const auto parts = Take(text);
  return parts && FindKey(parts->path);
}

base::Expected<Gs1Data> ParseDigitalLink(std::string_view uri, int year_now) {
  const auto parts = Take(uri);
  const auto key = parts ? FindKey(parts->path) : std::nullopt;
  if (!key) return base::Fail(DomainErrc::kBadGs1, "no GS1 Digital Link");
  Gs1Data data;
  for (size_t i = *key; i < parts->path.size(); i += 2) {
    Gs1Element element{std::string(parts->path[i]), Decode(parts->path[i + 1])};
    const size_t size = element.value.size();
    if (element.ai == "01" && (size == 8 || size == 12 || size == 13)) element.value.insert(0, 14 - size, '0');
    EVERTILL_TRY(AddElement(data, std::move(element), year_now));
  }
  for (const auto pair : Split(parts->query, '&')) {
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || RuleOf(pair.substr(0, equals)) == nullptr) continue;
    EVERTILL_TRY(AddElement(data, {std::string(pair.substr(0, equals)), Decode(pair.substr(equals + 1))}, year_now));
  }
  return data;
}

}  // namespace evertill::domain
