#include "app/presenters/receipt_template_reader.h"

#include <toml++/toml.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>

namespace evertill::presenters {
namespace {

using Part = ReceiptTemplate::Part;

constexpr size_t kDeepest = 8;      // groups in groups, files that use files
constexpr size_t kMostParts = 500;  // of one template, everything counted
constexpr int kMostIndent = 12;
constexpr double kMostMm = 200;

/// Names as they are seen from inside of lists: the innermost item's first.
using Scopes = std::vector<const Fields*>;

const Fields::Value* Find(const Scopes& scopes, std::string_view name) {
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    if (const auto* value = (*scope)->Find(name)) return value;
  }
  return nullptr;
}

std::string Known(const Scopes& scopes) {
  std::string names;
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    for (const auto& [name, value] : (*scope)->All()) names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

template <typename Choice>
using Choices = std::initializer_list<std::pair<std::string_view, Choice>>;

/// Where a file's parts stand, for its errors.
class File {
 public:
  explicit File(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] auto Bad(const toml::source_region& at, const std::string& reason) const {
    return base::Fail(TemplateErrc::kBadTemplate, name_ + " line " + std::to_string(at.begin.line) + ": " + reason);
  }

 private:
  std::string name_;
};

/// One table of a part, with what of it was read already.
class PartTable {
 public:
  PartTable(const File& file, const toml::table& table) : file_(file), table_(table) {}

  [[nodiscard]] const toml::table& Table() const { return table_; }
  [[nodiscard]] auto Bad(const std::string& reason) const { return file_.Bad(table_.source(), reason); }
  [[nodiscard]] auto Bad(const toml::node& node, const std::string& reason) const {
    return file_.Bad(node.source(), reason);
  }
  [[nodiscard]] const toml::node* Take(std::string_view key) {
    taken_.push_back(key);
    return table_.get(key);
  }

  base::Status Text(std::string_view key, std::string& into) {
    const auto* node = Take(key);
    if (node == nullptr) return {};
    const auto text = node->value_exact<std::string>();
    if (!text) return Bad(*node, std::string(key) + " must be text");
    into = *text;
    return {};
  }
  base::Status Bool(std::string_view key, bool& into) {
    const auto* node = Take(key);
    if (node == nullptr) return {};
    const auto yes = node->value_exact<bool>();
    if (!yes) return Bad(*node, std::string(key) + " must be true or false");
    into = *yes;
    return {};
  }
  base::Status Whole(std::string_view key, int most, int& into) {
    const auto* node = Take(key);
    if (node == nullptr) return {};
    const auto number = node->value_exact<int64_t>();
    if (!number || *number < 0 || *number > most) {
      return Bad(*node, std::string(key) + " must be a whole number from 0 to " + std::to_string(most));
    }
    into = static_cast<int>(*number);
    return {};
  }
  template <typename Choice>
  base::Status OneOf(std::string_view key, Choices<Choice> choices, Choice& into) {
    const auto* node = Take(key);
    if (node == nullptr) return {};
    const auto text = node->value_exact<std::string>();
    std::string names;
    for (const auto& [name, choice] : choices) {
      if (text && *text == name) {
        into = choice;
        return {};
      }
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    return Bad(*node, std::string(key) + " must be one of " + names);
  }
  /// Refuses what nobody asked for: a misspelt key would be silently without effect.
  [[nodiscard]] base::Status NothingElse(const std::string& kind) const {
    for (const auto& [key, value] : table_) {
      if (std::find(taken_.begin(), taken_.end(), key.str()) != taken_.end()) continue;
      return Bad(value, "\"" + std::string(key.str()) + "\" means nothing in a part of kind " + kind);
    }
    return {};
  }

 private:
  const File& file_;
  const toml::table& table_;
  std::vector<std::string_view> taken_;
};

class Reading {
 public:
  Reading(const Fields& known, const ReceiptTemplate::FindSource& find) : find_(find), scopes_{&known} {}

  base::Expected<TemplateReader::Result> ReadFile(const ReceiptTemplate::Source& source) {
    const File file(source.file);
    TemplateReader::Result result;
    try {
      const toml::table table = toml::parse(source.text, source.file);
      for (const auto& [key, value] : table) {
        if (key.str() != "parts" && key.str() != "language") {
          return file.Bad(value.source(), "unknown key \"" + std::string(key.str()) + "\"; known: language, parts");
        }
      }
      if (const auto* node = table.get("language")) {
        result.language = node->value_exact<std::string>().value_or("");
        const auto& languages = Words::Languages();
        if (std::find(languages.begin(), languages.end(), result.language) == languages.end()) {
          return file.Bad(node->source(), "language must be en, th or vi");
        }
      }
      const auto* parts = table.get("parts");
      if (parts == nullptr) return file.Bad(table.source(), "no parts");
      EVERTILL_ASSIGN(result.parts, Parts(file, *parts));
    } catch (const toml::parse_error& problem) {
      return file.Bad(problem.source(), std::string(problem.description()));
    }
    return result;
  }

 private:
  base::Expected<std::vector<Part>> Parts(const File& file, const toml::node& node) {
    const auto* array = node.as_array();
    if (array == nullptr) return file.Bad(node.source(), "parts must be a list: parts = [ { kind = … }, … ]");
    if (++depth_ > kDeepest) return file.Bad(node.source(), "parts within parts within parts; 8 deep is the most");
    std::vector<Part> parts;
    for (const toml::node& one : *array) {
      const auto* table = one.as_table();
      if (table == nullptr) return file.Bad(one.source(), "a part is { kind = …, … }");
      if (++count_ > kMostParts) return file.Bad(one.source(), "more than 500 parts");
      PartTable from(file, *table);
      EVERTILL_ASSIGN(Part part, One(file, from));
      parts.push_back(std::move(part));
    }
    --depth_;
    return parts;
  }

  base::Expected<Part> One(const File& file, PartTable& from) {
    Part part;
    EVERTILL_TRY(Condition(from, "if", part.if_all));
    EVERTILL_TRY(Condition(from, "unless", part.unless_any));
    EVERTILL_TRY(from.Text("each", part.each));
    const size_t scopes = scopes_.size();
    if (!part.each.empty()) {
      const auto* value = Find(scopes_, part.each);
      const auto* items = value == nullptr ? nullptr : std::get_if<Fields::List>(value);
      if (items == nullptr || items->empty()) return from.Bad("each: no list is called \"" + part.each + "\"");
      scopes_.push_back(&items->front());
    }
    auto done = Kind(file, from, part);
    scopes_.resize(scopes);
    if (!done) return base::Fail(std::move(done.error()));
    return part;
  }

  base::Status Kind(const File& file, PartTable& from, Part& part) {
    if (from.Table().contains("use")) return Use(from, part);
    if (!from.Table().contains("kind")) {
      const auto* parts = from.Take("parts");
      if (parts == nullptr) return from.Bad("a part has a kind, or parts of its own, or uses a file");
      EVERTILL_ASSIGN(part.parts, Parts(file, *parts));
      return from.NothingElse("group");
    }
    EVERTILL_TRY(from.OneOf<Part::Kind>("kind",
                                        {{"text", Part::Kind::kText},
                                         {"columns", Part::Kind::kColumns},
                                         {"rule", Part::Kind::kRule},
                                         {"space", Part::Kind::kSpace},
                                         {"qr", Part::Kind::kQr},
                                         {"barcode", Part::Kind::kBarcode},
                                         {"picture", Part::Kind::kPicture},
                                         {"cut", Part::Kind::kCut},
                                         {"drawer", Part::Kind::kDrawer}},
                                        part.kind));
    EVERTILL_TRY(Details(from, part));
    return from.NothingElse(from.Table()["kind"].value_or(std::string()));
  }

  base::Status Details(PartTable& from, Part& part) {
    switch (part.kind) {
      case Part::Kind::kText:
        EVERTILL_TRY(Pattern(from, "text", true, part.text));
        EVERTILL_TRY(from.OneOf<domain::TextAlign>("align",
                                                   {{"left", domain::TextAlign::kLeft},
                                                    {"center", domain::TextAlign::kCenter},
                                                    {"right", domain::TextAlign::kRight}},
                                                   part.align));
        return Style(from, part);
      case Part::Kind::kColumns:
        EVERTILL_TRY(Pattern(from, "left", true, part.text));
        EVERTILL_TRY(Pattern(from, "right", true, part.other));
        return Style(from, part);
      case Part::Kind::kRule:
        return from.OneOf<domain::RuleStyle>("style",
                                             {{"solid", domain::RuleStyle::kSolid},
                                              {"dashed", domain::RuleStyle::kDashed},
                                              {"double", domain::RuleStyle::kDouble}},
                                             part.rule);
      case Part::Kind::kSpace:
        return Millimetres(from, part.tenths_mm);
      case Part::Kind::kQr:
        EVERTILL_TRY(Pattern(from, "data", true, part.text));
        return Pattern(from, "caption", false, part.other);
      case Part::Kind::kBarcode:
        return Barcode(from, part);
      case Part::Kind::kPicture:
        return Picture(from, part);
      case Part::Kind::kCut:
        return from.Bool("partial", part.partial);
      case Part::Kind::kDrawer:
        return from.Whole("drawer", 1, part.drawer);
      case Part::Kind::kGroup:
        break;
    }
    return {};
  }

  /// `use = "head"`: the parts of another file, in place.
  base::Status Use(PartTable& from, Part& part) {
    std::string name;
    EVERTILL_TRY(from.Text("use", name));
    EVERTILL_TRY(from.NothingElse("use"));
    const auto source = find_ ? find_(name) : std::nullopt;
    if (!source) return from.Bad("there is no template \"" + name + "\" to use");
    if (++depth_ > kDeepest) return from.Bad("\"" + name + "\" uses itself, or files that use files 8 deep");
    EVERTILL_ASSIGN(TemplateReader::Result used, ReadFile(*source));
    --depth_;
    part.parts = std::move(used.parts);
    return {};
  }

  base::Status Condition(PartTable& from, std::string_view key, std::vector<std::string>& into) {
    const auto* node = from.Take(key);
    if (node == nullptr) return {};
    const auto add = [&](const toml::node& one) -> base::Status {
      const auto name = one.value_exact<std::string>();
      if (!name) return from.Bad(one, std::string(key) + " must be the name of a field, or a list of names");
      if (Find(scopes_, *name) == nullptr) return from.Bad(one, Unknown(*name));
      into.push_back(*name);
      return {};
    };
    const auto* list = node->as_array();
    if (list == nullptr) return add(*node);
    for (const toml::node& one : *list) EVERTILL_TRY(add(one));
    return {};
  }

  base::Status Pattern(PartTable& from, std::string_view key, bool needed, TextPattern& into) {
    std::string text;
    EVERTILL_TRY(from.Text(key, text));
    if (text.empty()) {
      if (!needed || from.Table().contains(key)) return {};
      return from.Bad("no " + std::string(key));
    }
    into.translate = text.starts_with("t:");
    into.whole = into.translate ? text.substr(2) : text;
    const toml::node& node = *from.Table().get(key);
    for (size_t at = 0; at < into.whole.size(); ++at) {
      const char c = into.whole[at];
      if (c != '{' && c != '}') continue;
      if (at + 1 < into.whole.size() && into.whole[at + 1] == c) {
        ++at;
        continue;
      }
      const size_t end = into.whole.find('}', at);
      if (c == '}' || end == std::string::npos) return from.Bad(node, "a brace alone; write {{ or }} for one on paper");
      const std::string name = into.whole.substr(at + 1, end - at - 1);
      const auto* value = Find(scopes_, name);
      if (value == nullptr) return from.Bad(node, Unknown(name));
      if (!std::holds_alternative<std::string>(*value)) return from.Bad(node, "{" + name + "} is no text");
      into.has_fields = true;
      at = end;
    }
    return {};
  }

  [[nodiscard]] std::string Unknown(const std::string& name) const {
    return "unknown field {" + name + "}; known: " + Known(scopes_);
  }

  static base::Status Style(PartTable& from, Part& part) {
    EVERTILL_TRY(from.OneOf<domain::TextSize>("size",
                                              {{"small", domain::TextSize::kSmall},
                                               {"normal", domain::TextSize::kNormal},
                                               {"large", domain::TextSize::kLarge},
                                               {"huge", domain::TextSize::kHuge},
                                               {"giant", domain::TextSize::kGiant}},
                                              part.style.size));
    EVERTILL_TRY(from.Bool("bold", part.style.bold));
    return from.Whole("indent", kMostIndent, part.indent);
  }

  static base::Status Millimetres(PartTable& from, int& tenths) {
    const auto* node = from.Take("mm");
    if (node == nullptr) return {};
    const auto mm = node->value<double>();
    if (!mm || !(*mm >= 0 && *mm <= kMostMm)) return from.Bad(*node, "mm must be a number from 0 to 200");
    tenths = static_cast<int>(*mm * 10 + 0.5);
    return {};
  }

  base::Status Barcode(PartTable& from, Part& part) {
    EVERTILL_TRY(Pattern(from, "data", true, part.text));
    part.auto_barcode = !from.Table().contains("code");
    return from.OneOf<domain::BarcodeKind>("code",
                                           {{"code128", domain::BarcodeKind::kCode128},
                                            {"ean13", domain::BarcodeKind::kEan13},
                                            {"ean8", domain::BarcodeKind::kEan8}},
                                           part.barcode);
  }

  base::Status Picture(PartTable& from, Part& part) {
    EVERTILL_TRY(from.Text("field", part.field));
    const auto* value = Find(scopes_, part.field);
    if (value == nullptr) return from.Bad(Unknown(part.field));
    if (!std::holds_alternative<domain::PictureElement>(*value)) return from.Bad("{" + part.field + "} is no picture");
    return {};
  }

  const ReceiptTemplate::FindSource& find_;
  Scopes scopes_;
  size_t depth_ = 0;
  size_t count_ = 0;
};

}  // namespace

base::Expected<TemplateReader::Result> TemplateReader::Read(const ReceiptTemplate::Source& source) {
  return Reading(known_, find_).ReadFile(source);
}

}  // namespace evertill::presenters
