#include "devices/scanner/config_block.h"

#include <cstdio>
#include <optional>
#include <vector>

namespace evertill::devices::scanner {
namespace {

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04X", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escaped;
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string_view Trimmed(std::string_view line) {
  const size_t first = line.find_first_not_of(" \t\r");
  return first == std::string_view::npos ? std::string_view()
                                         : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

/// `text` in lines, each with its end.
std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

bool IsHeader(std::string_view line, std::string_view header) {
  return Trimmed(line.substr(0, line.find('#'))).starts_with(header);
}

/// A run of lines, from the table's header to its last key.
struct Block {
  size_t first = 0;
  size_t end = 0;
};

std::vector<Block> ScannerBlocks(const std::vector<std::string_view>& lines) {
  std::vector<Block> blocks;
  bool inside = false;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (IsHeader(lines[i], "[")) {
      inside = IsHeader(lines[i], "[[scanner]]");
      if (inside) blocks.push_back({i, i + 1});
    } else if (const auto words = Trimmed(lines[i].substr(0, lines[i].find('\n')));
               inside && !words.empty() && words[0] != '#') {
      blocks.back().end = i + 1;  // comments after the last key belong to what follows
    }
  }
  return blocks;
}

bool HasKey(const std::vector<std::string_view>& lines, const Block& block, std::string_view key,
            const std::optional<std::string>& value) {
  for (size_t i = block.first; i < block.end; ++i) {
    std::string_view line = Trimmed(lines[i].substr(0, lines[i].find('\n')));
    if (!line.starts_with(key)) continue;
    line = Trimmed(line.substr(key.size()));
    if (!line.starts_with('=')) continue;
    line = Trimmed(line.substr(1));
    if (!value || line.starts_with(Quoted(*value)) || line.starts_with("'" + *value + "'")) return true;
  }
  return false;
}

}  // namespace

std::string ScannerTable(const ScannerSettings& settings) {
  const ScannerSettings usual;
  std::string text = "[[scanner]]\nkind = " + Quoted(ScannerKindName(settings.kind)) + "\n";
  const auto add = [&text](const char* key, const std::string& value) {
    text += std::string(key) + " = " + value + "\n";
  };
  if (!settings.path.empty()) add("path", Quoted(settings.path));
  if (!settings.name.empty()) add("name", Quoted(settings.name));
  if (!settings.prefix.empty()) add("prefix", Quoted(settings.prefix));
  if (!settings.suffix.empty()) add("suffix", Quoted(settings.suffix));
  if (settings.gap_ms != usual.gap_ms) add("gap_ms", std::to_string(settings.gap_ms));
  if (settings.duplicate_ms != usual.duplicate_ms) add("duplicate_ms", std::to_string(settings.duplicate_ms));
  if (settings.allow_keyboard) add("allow_keyboard", "true");
  return text;
}

std::string WithScanner(std::string_view text, const ScannerSettings& settings) {
  const std::vector<std::string_view> lines = Lines(text);
  for (const Block& block : ScannerBlocks(lines)) {
    const bool same = settings.path.empty() ? !HasKey(lines, block, "path", std::nullopt)
                                            : HasKey(lines, block, "path", settings.path);
    if (!same) continue;
    std::string out;
    for (size_t i = 0; i < block.first; ++i) out += lines[i];
    out += ScannerTable(settings);
    for (size_t i = block.end; i < lines.size(); ++i) out += lines[i];
    return out;
  }
  std::string out(text);
  if (!out.empty() && !out.ends_with('\n')) out += '\n';
  if (!out.empty()) out += '\n';
  return out + ScannerTable(settings);
}

}  // namespace evertill::devices::scanner
