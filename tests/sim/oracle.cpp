#include "tests/sim/oracle.h"

#include <algorithm>

#include "app/loyalty/ledger.h"

namespace evertill::sim {
namespace {

std::string At(const std::string& sale, const std::string& what) {
  return sale + "/" + what;
}

int64_t Paid(const SaleFact& sale, const std::string& lot) {
  int64_t points = 0;
  for (const auto& posting : sale.paid) {
    if (posting.lot == lot) points -= posting.amount;
  }
  return points;
}

}  // namespace

size_t Oracle::Of(int member) const {
  while (root_[static_cast<size_t>(member)] != member) member = root_[static_cast<size_t>(member)];
  return static_cast<size_t>(member);
}

void Oracle::Sold(const SaleFact& sale, DiskFacts& disk) {
  if (!sales_.emplace(sale.event, sale).second) verdict_.Break(2, "sale " + sale.event + " was committed twice");
  if (sale.life == disk.life && sale.seq <= disk.seq) {
    verdict_.Break(3, sale.life + ": event " + std::to_string(sale.seq) + " after " + std::to_string(disk.seq));
  }
  if (sale.t_business < disk.t_business) {
    verdict_.Break(
        3, sale.life + ": time of business went back by " + std::to_string(disk.t_business - sale.t_business) + " ms");
  }
  disk.life = sale.life;
  disk.seq = sale.seq;
  disk.t_business = sale.t_business;
  disk.events.push_back(sale.event);
  Book& book = books_[Of(sale.member)];
  for (const auto& posting : sale.paid) PaidBy(sale, posting, disk);
  CheckStandIn(sale, disk);
  book.spent += sale.spent;
  book.earned += sale.earned;
  if (sale.earned > 0) {
    lots_[sale.event] = {sale.member, sale.earned, 0, 0};
    disk.local[sale.event] = {sale.life, sale.earned};
    disk.sure[sale.member] += sale.earned;
  }
  CheckBound(sale.member);
}

void Oracle::Earned(const std::string& event, int member, int64_t points, const std::string& life, DiskFacts& disk) {
  other_earned_[event] = {member, points};
  disk.events.push_back(event);
  books_[Of(member)].earned += points;
  lots_[event] = {member, points, 0, 0};
  disk.local[event] = {life, points};
  disk.sure[member] += points;
}

void Oracle::PaidBy(const SaleFact& sale, const domain::Posting& posting, DiskFacts& disk) {
  const int64_t points = -posting.amount;
  if (posting.account == loyalty::kEscrow) {
    PaidByGrant(sale, posting, disk);
  } else if (posting.account == loyalty::kLocal) {
    PaidByLocal(sale, posting, disk);
  } else if (posting.account == loyalty::kHold) {
    const auto hold = holds_.find(sale.event);
    if (posting.source != sale.event || hold == holds_.end() || points > hold->second.second) {
      verdict_.Break(4, "sale " + sale.event + " was paid by a hold that head office did not give");
    }
  } else if (stand_in_ == 0) {
    verdict_.Break(4, "sale " + sale.event + " was paid by " + posting.account + " though nothing may stand in");
  }
  if (posting.lot.empty()) return;
  const auto lot = lots_.find(posting.lot);
  if (lot != lots_.end()) lot->second.consumed += points;  // others: adjustments and claims
}

/// At most C for each of a member's ids at one till, until head office certifies the balance with it.
void Oracle::CheckStandIn(const SaleFact& sale, DiskFacts& disk) {
  int64_t points = 0;
  for (const auto& posting : sale.paid) points -= posting.account == loyalty::kAvail ? posting.amount : 0;
  if (points == 0) return;
  disk.stand_ins.push_back({sale.member, sale.life, sale.seq, points});
  int64_t used = 0;
  for (const auto& each : disk.stand_ins) used += Of(each.member) == Of(sale.member) ? each.points : 0;
  const int64_t ids = IdsOf(sale.member);
  if (used <= stand_in_ * ids) return;
  verdict_.Break(5, sale.life + " let member " + std::to_string(sale.member) + " overspend " + std::to_string(used) +
                        " by stand-in, " + std::to_string(stand_in_ * ids) + " are allowed");
}

void Oracle::PaidByGrant(const SaleFact& sale, const domain::Posting& posting, DiskFacts& disk) {
  const auto grant = grants_.find(posting.source);
  if (grant == grants_.end()) {
    verdict_.Break(4, "sale " + sale.event + " was paid by a grant that nobody gave: " + posting.source);
    return;
  }
  if (grant->second.life != sale.life) {
    verdict_.Break(4, "sale " + sale.event + " at " + sale.life + " was paid by a grant of " + grant->second.life);
  }
  if (Of(grant->second.member) != Of(sale.member)) {
    verdict_.Break(4, "sale " + sale.event + " was paid by another member's grant");
  }
  int64_t& spent = disk.spent_of_grant[posting.source];
  spent -= posting.amount;
  if (spent > grant->second.cap) {
    verdict_.Break(
        4, "grant " + posting.source + " of " + std::to_string(grant->second.cap) + " paid " + std::to_string(spent));
  }
}

void Oracle::PaidByLocal(const SaleFact& sale, const domain::Posting& posting, DiskFacts& disk) {
  const auto local = disk.local.find(posting.lot);
  if (local == disk.local.end() || local->second.life != sale.life) {
    verdict_.Break(4, "sale " + sale.event + " at " + sale.life + " was paid by points earned elsewhere");
    return;
  }
  local->second.left += posting.amount;
  if (local->second.left < 0) {
    verdict_.Break(4, "sale " + sale.event + ": lot " + posting.lot + " paid more than it earned here");
  }
  int64_t& sure = disk.sure[sale.member];
  sure = std::max<int64_t>(0, sure + posting.amount);
}

void Oracle::Refunded(const RefundFact& refund, DiskFacts& disk) {
  if (!refunds_.emplace(refund.event, refund).second) {
    verdict_.Break(2, "refund " + refund.event + " was committed twice");
  }
  disk.events.push_back(refund.event);
  const auto found = sales_.find(refund.sale);
  if (found == sales_.end()) return;
  const SaleFact& sale = found->second;
  Book& book = books_[Of(sale.member)];
  int64_t allowed = 0;
  for (const auto& line : refund.lines) {
    // A line gives back at most what was spent on it, however often it is refunded.
    int64_t& back = back_of_sale_[At(refund.sale, std::to_string(line.line))];
    const int64_t more = std::min(line.restored, sale.line_spent[static_cast<size_t>(line.line - 1)] - back);
    back += more;
    allowed += more;
    terms_[Of(sale.member)].clawed_back += line.reversed;
  }
  book.restored += allowed;
  for (const auto& posting : refund.postings) {
    if (posting.account == loyalty::kLocal && posting.amount < 0) {
      const auto local = disk.local.find(posting.lot);
      if (local != disk.local.end()) local->second.left += posting.amount;
      int64_t& sure = disk.sure[sale.member];
      sure = std::max<int64_t>(0, sure + posting.amount);
    }
    const bool restores = posting.account == loyalty::kPending || posting.account == loyalty::kLocal;
    if (!restores || posting.amount <= 0 || posting.lot.empty()) continue;
    int64_t& so_far = restored_of_[At(refund.sale, posting.lot)];
    const int64_t more = std::min(posting.amount, Paid(sale, posting.lot) - so_far);
    so_far += more;
    const auto lot = lots_.find(posting.lot);
    if (lot != lots_.end()) lot->second.restored += more;
  }
}

void Oracle::GrantGiven(OfficeFacts& office, const loyalty::Grant& grant, int member) {
  const std::string life = grant.terminal + "#" + std::to_string(grant.incarnation);
  if (!office.rights.insert(grant.id).second) return;  // told again
  office.given[member] += grant.Cap();
  const bool first = grants_.emplace(grant.id, GivenGrant{life, member, grant.Cap()}).second;
  if (!first) return;
  if (office.forked.contains(life)) verdict_.Break(5, life + " has two histories and was given a grant");
  const auto copies = copies_.find(life);
  if (copies != copies_.end()) Copied(member, grant.Cap() * copies->second);
}

void Oracle::PermitGiven(const loyalty::Permit& permit, int member) {
  if (!permits_.insert(permit.id).second) return;
  const std::string life = permit.terminal + "#" + std::to_string(permit.incarnation);
  const auto copies = copies_.find(life);
  terms_[Of(member)].stand_in += permit.cap * (1 + (copies == copies_.end() ? 0 : copies->second));
}

void Oracle::HoldGiven(OfficeFacts& office, const std::string& event, const std::string& life, int member,
                       int64_t points) {
  if (!office.rights.insert("hold " + event).second) return;
  office.given[member] += points;
  holds_[event] = {life, points};
  if (office.forked.contains(life)) verdict_.Break(5, life + " has two histories and was given a hold");
}

void Oracle::Uploaded(OfficeFacts& office, const std::string& life, int64_t seq, const std::string& hash,
                      const std::string& event) {
  office.posted.insert(event);
  const auto [known, fresh] = office.chain.emplace(std::pair(life, seq), hash);
  if (!fresh && known->second != hash && office.forked.insert(life).second) verdict_.Saw("fork found");
}

void Oracle::Merged(int a, int b) {
  const size_t x = Of(a);
  const size_t y = Of(b);
  if (x == y) return;
  const size_t into = std::min(x, y);
  const size_t from = std::max(x, y);
  root_[from] = static_cast<int>(into);
  const Book& add = books_[from];
  Book& to = books_[into];
  to.earned += add.earned;
  to.spent += add.spent;
  to.restored += add.restored;
  to.added += add.added;
  to.taken += add.taken;
  const Terms& terms = terms_[from];
  Terms& sum = terms_[into];
  sum.stand_in += terms.stand_in;
  sum.forced += terms.forced;
  sum.windows += terms.windows;
  sum.copies += terms.copies;
  sum.claims += terms.claims;
  sum.clawed_back += terms.clawed_back;
}

void Oracle::Adjusted(OfficeFacts& office, int member, int64_t points) {
  office.adjusted[member] += points;
  Book& book = books_[Of(member)];
  if (points > 0) {
    book.added += points;
  } else {
    book.taken -= points;
    terms_[Of(member)].clawed_back -= points;
  }
}

void Oracle::CopyInUse(const std::string& life, const std::set<std::string>& grants_before) {
  ++copies_[life];
  for (const auto& [id, grant] : grants_) {
    if (grant.life == life && !grants_before.contains(id)) Copied(grant.member, grant.cap);
  }
}

int64_t Oracle::IdsOf(int member) const {
  int64_t ids = 0;
  for (size_t i = 0; i < root_.size(); ++i) ids += Of(static_cast<int>(i)) == Of(member) ? 1 : 0;
  return ids;
}

Terms Oracle::TermsOf(int member) const {
  return terms_[Of(member)];
}

std::set<std::string> Oracle::EventIds() const {
  std::set<std::string> ids;
  for (const auto& [id, sale] : sales_) ids.insert(id);
  for (const auto& [id, refund] : refunds_) ids.insert(id);
  for (const auto& [id, other] : other_earned_) ids.insert(id);
  return ids;
}

std::set<std::string> Oracle::GrantIds() const {
  std::set<std::string> ids;
  for (const auto& [id, grant] : grants_) ids.insert(id);
  return ids;
}

int64_t Oracle::OverspendOf(int member) const {
  const Book& book = books_[Of(member)];
  const int64_t level = book.spent - book.earned - book.restored - book.added;
  int64_t by_lots = 0;
  for (const auto& [id, lot] : lots_) {
    if (Of(lot.member) != Of(member)) continue;
    by_lots += std::max<int64_t>(0, lot.consumed - lot.restored - lot.earned);
  }
  return std::max({int64_t{0}, level, by_lots});
}

void Oracle::CheckBound(int member) {
  const int64_t overspend = OverspendOf(member);
  const int64_t bound = TermsOf(member).Overspend();
  if (overspend > largest_.overspend || (overspend == largest_.overspend && bound < largest_.bound)) {
    largest_.overspend = overspend;
    largest_.bound = bound;
  }
  if (overspend > bound) {
    verdict_.Break(5, "member " + std::to_string(Of(member)) + " overspent " + std::to_string(overspend) +
                          ", the bound is " + std::to_string(bound));
  }
}

bool Oracle::AllTermsZero() const {
  return std::all_of(terms_.begin(), terms_.end(), [](const Terms& terms) { return terms.Overspend() == 0; });
}

std::map<std::string, Oracle::Undone> Oracle::UndoneBy(const std::set<std::string>& events) const {
  std::map<std::string, Undone> undone;
  for (const auto& [id, refund] : refunds_) {
    if (!events.contains(id)) continue;
    Undone& of = undone[refund.sale];
    for (const auto& line : refund.lines) {
      of.reversed[line.line] += line.reversed;
      of.restored[line.line] += line.restored;
    }
  }
  return undone;
}

int64_t Oracle::NetOf(int root, const std::set<std::string>& events, const OfficeFacts& office) const {
  int64_t net = 0;
  for (const auto& [member, points] : office.adjusted) net += RootOf(member) == root ? points : 0;
  for (const auto& [id, sale] : sales_) {
    if (RootOf(sale.member) == root && events.contains(id)) net += sale.earned - sale.spent;
  }
  for (const auto& [id, other] : other_earned_) {
    if (RootOf(other.first) == root && events.contains(id)) net += other.second;
  }
  for (const auto& [event, points] : office.claims) {
    const auto sale = sales_.find(event);
    if (sale != sales_.end() && RootOf(sale->second.member) == root && !events.contains(event)) net += points;
  }
  for (const auto& [event, undone] : UndoneBy(events)) {
    const auto sale = sales_.find(event);
    if (sale == sales_.end() || RootOf(sale->second.member) != root) continue;
    // A line gives back no more than it moved; a refund whose sale never came is only kept.
    const bool known = events.contains(event);
    for (const auto& [line, points] : undone.reversed) {
      net -= known ? std::min(points, sale->second.line_earned[static_cast<size_t>(line - 1)]) : points;
    }
    for (const auto& [line, points] : undone.restored) {
      net += known ? std::min(points, sale->second.line_spent[static_cast<size_t>(line - 1)]) : points;
    }
  }
  return net;
}

int64_t Oracle::LotNet(const std::string& lot, const std::set<std::string>& events) const {
  const auto found = lots_.find(lot);
  if (found == lots_.end() || !events.contains(lot)) return 0;
  int64_t net = found->second.earned;
  for (const auto& [id, sale] : sales_) {
    if (events.contains(id)) net -= Paid(sale, lot);
  }
  return net;
}

}  // namespace evertill::sim
