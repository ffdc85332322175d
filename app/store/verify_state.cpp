#include <boost/json.hpp>

#include "app/store/errors.h"
#include "app/store/json_text.h"
#include "app/store/verify_rights.h"

/// RightsReplay as text: one list of rows for each table.
namespace evertill::store {
namespace {

namespace json = boost::json;

/// Reads a row's values in order; a missing one is remembered.
class Row {
 public:
  explicit Row(const json::value& value) : row_(value.is_array() ? &value.get_array() : nullptr) {}
  std::string Text() {
    const auto* value = Next();
    if (value != nullptr && value->is_string()) return std::string(value->get_string());
    good_ = false;
    return {};
  }
  int64_t Integer() {
    const auto* value = Next();
    if (value != nullptr && value->is_int64()) return value->get_int64();
    good_ = false;
    return 0;
  }
  [[nodiscard]] bool Good() const { return good_; }

 private:
  const json::value* Next() {
    if (row_ == nullptr || at_ >= row_->size()) return nullptr;
    return &(*row_)[at_++];
  }
  const json::array* row_;
  size_t at_ = 0;
  bool good_ = true;
};

template <typename Read>
base::Status EachRow(const json::object& object, const char* key, const Read& read) {
  const auto* rows = object.if_contains(key);
  if (rows == nullptr || !rows->is_array()) return base::Fail(StoreErrc::kBadStored, "a checkpoint without rows");
  for (const auto& value : rows->get_array()) {
    Row row(value);
    read(row);
    if (!row.Good()) return base::Fail(StoreErrc::kBadStored, "a row of a checkpoint");
  }
  return {};
}

}  // namespace

std::string RightsReplay::Save() const {
  json::array lots, grants, permits, stand_in, spent, refunded, asked, steps;
  for (const auto& [key, lot] : lots_) {
    const auto& [account, source, name, member] = key;
    lots.push_back({account, source, name, member, lot.left, lot.active_ms, lot.expires_ms});
  }
  for (const auto& [id, grant] : grants_)
    grants.push_back({id, grant.member, grant.not_after_ms, grant.closed ? 1 : 0});
  for (const auto& [id, permit] : permits_) {
    permits.push_back({id, permit.member, permit.cap, permit.till_cap, permit.closed ? 1 : 0});
  }
  for (const auto& [place, used] : stand_in_) stand_in.push_back({place, used.first, used.second});
  for (const auto& [member, quarters] : spent_) {
    for (const auto& [quarter, points] : quarters) spent.push_back({member, quarter, points});
  }
  for (const auto& [key, micro] : refunded_) refunded.push_back({key.first, key.second, micro});
  for (const auto& [sale, ask] : asked_) asked.push_back({sale, ask.first, ask.second});
  for (const auto& [serial, step] : steps_) steps.push_back({serial, step});
  return json::serialize(json::object{{"lots", std::move(lots)},
                                      {"grants", std::move(grants)},
                                      {"permits", std::move(permits)},
                                      {"stand_in", std::move(stand_in)},
                                      {"spent", std::move(spent)},
                                      {"refunded", std::move(refunded)},
                                      {"asked", std::move(asked)},
                                      {"steps", std::move(steps)}});
}

base::Status RightsReplay::Load(std::string_view text) {
  *this = RightsReplay();
  if (text.empty()) return {};
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, "checkpoint"));
  EVERTILL_TRY(EachRow(object, "lots", [&](Row& row) {
    const std::string account = row.Text(), source = row.Text(), name = row.Text(), member = row.Text();
    const int64_t left = row.Integer(), active = row.Integer(), expires = row.Integer();
    lots_[{account, source, name, member}] = {left, active, expires};
  }));
  EVERTILL_TRY(EachRow(object, "grants", [&](Row& row) {
    const std::string id = row.Text(), member = row.Text();
    const int64_t not_after = row.Integer();
    grants_[id] = {member, not_after, row.Integer() != 0};
  }));
  EVERTILL_TRY(EachRow(object, "permits", [&](Row& row) {
    const std::string id = row.Text(), member = row.Text();
    const int64_t cap = row.Integer(), till_cap = row.Integer();
    permits_[id] = {member, cap, till_cap, row.Integer() != 0};
  }));
  EVERTILL_TRY(EachRow(object, "stand_in", [&](Row& row) {
    const int64_t place = row.Integer();
    const std::string member = row.Text();
    stand_in_[place] = {member, row.Integer()};
  }));
  EVERTILL_TRY(EachRow(object, "spent", [&](Row& row) {
    const std::string member = row.Text();
    const int64_t quarter = row.Integer();
    spent_[member][quarter] = row.Integer();
  }));
  EVERTILL_TRY(EachRow(object, "refunded", [&](Row& row) {
    const std::string sale = row.Text();
    const int64_t line = row.Integer();
    refunded_[{sale, line}] = row.Integer();
  }));
  EVERTILL_TRY(EachRow(object, "asked", [&](Row& row) {
    const std::string sale = row.Text(), member = row.Text();
    asked_[sale] = {member, row.Integer()};
  }));
  return EachRow(object, "steps", [&](Row& row) {
    const std::string serial = row.Text();
    steps_[serial] = row.Integer();
  });
}

}  // namespace evertill::store
