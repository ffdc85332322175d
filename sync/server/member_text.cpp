#include "sync/server/member_text.h"

#include <boost/json.hpp>
#include <map>

namespace evertill::server {

namespace {

namespace json = boost::json;

/// The day that points of this lot end on; empty: never.
std::string ExpiryOf(const loyalty::AvailableLot& lot) {
  return lot.expires_ms == 0 ? std::string() : base::FormatUtc(base::FromUnixMillis(lot.expires_ms));
}

std::map<std::string, int64_t> BySource(const std::vector<SumRow>& rows) {
  std::map<std::string, int64_t> sums;
  for (const SumRow& row : rows) sums[row.source] += row.amount;
  return sums;
}

std::string AsJson(const MemberTruth& truth) {
  const MemberRow& person = truth.person;
  const MemberFigures& figures = truth.figures;
  json::array grants, holds, local, lots, cards;
  for (const auto& [grant, left] : truth.grants) {
    grants.push_back({{"id", grant.id},
                      {"terminal", grant.terminal},
                      {"incarnation", grant.incarnation},
                      {"cap", grant.cap},
                      {"left", left},
                      {"state", StateName(grant.state)}});
  }
  for (const auto& [event, points] : BySource(truth.holds)) holds.push_back({{"event", event}, {"points", points}});
  for (const auto& [life, points] : BySource(truth.local)) local.push_back({{"life", life}, {"points", points}});
  for (const loyalty::AvailableLot& lot : truth.lots) {
    lots.push_back({{"lot", lot.lot}, {"points", lot.points}, {"expires", ExpiryOf(lot)}});
  }
  for (const CardRow& card : truth.cards) {
    cards.push_back({{"serial", card.serial}, {"level", card.level}, {"denied", card.denied.has_value()}});
  }
  const json::object object{{"id", person.id},
                            {"name", person.name},
                            {"phone", person.phone},
                            {"card", person.card},
                            {"language", person.language},
                            {"points", figures.Net()},
                            {"available", figures.avail},
                            {"pending", figures.pending},
                            {"granted", figures.escrow},
                            {"held", figures.hold},
                            {"local", figures.local},
                            {"debt", figures.Debt()},
                            {"overspend", figures.Overspend()},
                            {"clawed_back", figures.clawed_back},
                            {"grants", std::move(grants)},
                            {"holds", std::move(holds)},
                            {"local_by_till", std::move(local)},
                            {"lots", std::move(lots)},
                            {"cards", std::move(cards)},
                            {"pin", truth.has_pin},
                            {"pin_locked", truth.pin_locked},
                            {"merged_ids", json::value_from(truth.merged_ids)},
                            {"erased", person.erased},
                            {"as_of", base::FormatUtc(person.as_of)}};
  return json::serialize(object) + "\n";
}

std::string Points(int64_t points) {
  return std::to_string(points);
}

/// Where the points are that head office cannot give out now.
std::string Places(const MemberTruth& truth) {
  std::string text;
  for (const auto& [grant, left] : truth.grants) {
    text += "  granted to " + grant.terminal + "#" + std::to_string(grant.incarnation) + ": " + Points(left) + " of " +
            Points(grant.cap) + " (" + std::string(StateName(grant.state)) + ", " + grant.id + ")\n";
  }
  for (const auto& [event, points] : BySource(truth.holds)) {
    text += "  held for event " + event + ": " + Points(points) + "\n";
  }
  for (const auto& [life, points] : BySource(truth.local)) {
    text += "  earned at " + life + ", not yet given back by it: " + Points(points) + "\n";
  }
  for (const loyalty::AvailableLot& lot : truth.lots) {
    const std::string expiry = ExpiryOf(lot);
    text += "  " + (lot.lot.empty() ? "adjustments, stand-in and write-offs" : "lot " + lot.lot) + ": " +
            Points(lot.points) + (expiry.empty() ? " for ever" : " until " + expiry) + "\n";
  }
  return text;
}

}  // namespace

std::string FormatTruth(const MemberTruth& truth, bool as_json) {
  if (as_json) return AsJson(truth);
  const MemberRow& person = truth.person;
  const MemberFigures& figures = truth.figures;
  std::string text = "id: " + person.id + "\n";
  for (const std::string& id : truth.merged_ids) text += "merged id: " + id + "\n";
  text += "name: " + person.name + "\nphone: " + person.phone + "\ncard: " + person.card +
          "\nlanguage: " + person.language + "\npoints: " + Points(figures.Net()) +
          "\navailable: " + Points(figures.avail) + "\npending: " + Points(figures.pending) +
          "\ngranted: " + Points(figures.escrow) + "\nheld: " + Points(figures.hold) +
          "\nlocal: " + Points(figures.local) + "\ndebt: " + Points(figures.Debt()) + "\n";
  if (figures.Debt() > 0) {
    text += "overspend: " + Points(figures.Overspend()) + "\nclawed back: " + Points(figures.clawed_back) + "\n";
  }
  text += Places(truth);
  text += std::string("pin: ") + (truth.pin_locked ? "locked" : truth.has_pin ? "set" : "none") + "\n";
  if (person.erased) text += "erased: yes\n";
  return text + "as of: " + base::FormatUtc(person.as_of) + "\n";
}

}  // namespace evertill::server
