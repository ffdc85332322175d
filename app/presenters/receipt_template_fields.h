#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/domain/receipt.h"

namespace evertill::presenters {

/// What a receipt's template may speak of: a plain tree of named values. A name is a text, a yes or no, a picture, or a
/// list of such trees. Texts are ready for paper: amounts, dates and points in the receipt's language. Whoever fills a
/// tree sets each name of its kind, empty where there is nothing to say, so that a template's names can be checked.
class Fields {
 public:
  using List = std::vector<Fields>;
  using Value = std::variant<std::string, bool, domain::PictureElement, List>;

  Fields& Set(std::string name, std::string text) { return Put(std::move(name), Value(std::move(text))); }
  Fields& Set(std::string name, const char* text) { return Put(std::move(name), Value(std::string(text))); }
  Fields& Set(std::string name, bool yes) { return Put(std::move(name), Value(yes)); }
  Fields& Set(std::string name, domain::PictureElement picture) {
    return Put(std::move(name), Value(std::move(picture)));
  }
  Fields& Set(std::string name, List items) { return Put(std::move(name), Value(std::move(items))); }

  /// nullptr: no such name.
  [[nodiscard]] const Value* Find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const std::map<std::string, Value, std::less<>>& All() const { return values_; }

 private:
  Fields& Put(std::string name, Value value) {
    values_.insert_or_assign(std::move(name), std::move(value));
    return *this;
  }
  std::map<std::string, Value, std::less<>> values_;
};

/// A text that is not empty, a yes, a picture that is there, a list with something in it.
[[nodiscard]] bool IsSet(const Fields::Value& value);

}  // namespace evertill::presenters
