#include "app/base/uuid.h"
#include "app/loyalty/errors.h"
#include "sync/client/answers.h"
#include "sync/client/http_client.h"
#include "sync/client/sync_engine.h"

namespace evertill::client {

namespace {

constexpr int kMostPages = 5000;

domain::Product ToProduct(const wire::ProductChange& product, domain::Currency currency) {
  return {.barcode = product.barcode,
          .sku = product.sku.empty() ? product.barcode : product.sku,
          .name = product.name,
          .names = product.names,
          .price = domain::Money(product.price_minor, currency),
          .tax_code = product.tax_code,
          .category = product.category,
          .unit = product.by_weight ? domain::SellUnit::kKilogram : domain::SellUnit::kEach,
          .min_age = static_cast<int32_t>(product.min_age)};
}

std::vector<checkout::SignedText> ToCheckout(const std::vector<wire::SignedText>& texts) {
  std::vector<checkout::SignedText> out;
  for (const wire::SignedText& text : texts) out.push_back({text.bytes, text.signature});
  return out;
}

}  // namespace

base::Status SyncEngine::TakeRights(SyncReport& report) {
  for (int page = 0; page < kMostPages; ++page) {
    bool answers_this = false;
    EVERTILL_ASSIGN(const wire::RightsReply reply, RightsPage(answers_this));
    if (answers_this) EVERTILL_TRY(PutSecrets(reply.secrets));
    // A grant proves by itself who may use it, and an id counts once: also out of an answer that came late.
    EVERTILL_TRY(Accept(reply, report));
    // Head office repeats what it has not seen accepted, so it hears of this page before the next.
    if (!reply.grants.empty() || !reply.permits.empty()) EVERTILL_TRY(Upload(report));
    if (!answers_this) return base::Fail(ClientErrc::kBadAnswer, "rights: it answers another request");
    if (!reply.more || other_epoch_) return {};
  }
  return base::Fail(ClientErrc::kBadAnswer, "rights without an end");
}

base::Expected<wire::RightsReply> SyncEngine::RightsPage(bool& answers_this) {
  wire::RightsRequest request;
  request.terminal = till_->terminal.Name();
  request.incarnation = till_->terminal.incarnation;
  EVERTILL_ASSIGN(request.epoch, ToWire(enrolment_->epoch));
  request.nonce = NewNonce();
  request.limit = options_.rights_limit;
  EVERTILL_ASSIGN(const std::string answer, Ask("/api/v1/till/rights", wire::Encode(request)));
  EVERTILL_ASSIGN(wire::RightsReply reply, wire::DecodeRightsReply(answer));
  answers_this = reply.nonce == request.nonce;
  return reply;
}

base::Status SyncEngine::Accept(const wire::RightsReply& page, SyncReport& report) {
  // One right that is not as it should be stops neither the others nor the prices: the round goes on, and fails at its
  // end.
  const auto note = [this](const base::Expected<int64_t>& taken, int64_t& count) -> base::Status {
    if (taken) {
      count += *taken;
      return {};
    }
    if (!taken.error().Is(loyalty::LoyaltyErrc::kBadGrant)) return base::Fail(taken.error());
    if (!bad_right_) bad_right_ = taken.error();
    return {};
  };
  if (!page.grants.empty()) EVERTILL_TRY(note(rights_.AcceptGrants(ToCheckout(page.grants)), report.grants));
  if (!page.permits.empty()) EVERTILL_TRY(note(rights_.AcceptPermits(ToCheckout(page.permits)), report.permits));
  return {};
}

base::Status SyncEngine::PutSecrets(const std::vector<wire::MemberSecret>& secrets) {
  if (secrets.empty()) return {};
  std::vector<checkout::MemberSecret> out;
  for (const wire::MemberSecret& secret : secrets) {
    const auto id = base::Uuid::Parse(secret.member);
    if (!id) return base::Fail(ClientErrc::kBadAnswer, "a secret of a member without an id");
    checkout::MemberSecret& kept = out.emplace_back();
    kept.member = domain::MemberId(*id);
    kept.pin_hash = secret.pin_hash;
    kept.pin_generation = secret.pin_generation;
    kept.pin_locked = secret.pin_locked;
    for (const auto& [serial, shared] : secret.phones) kept.phones.push_back({serial, shared});
  }
  return rights_.PutSecrets(out);
}

base::Status SyncEngine::PullRevocations(int64_t version) {
  EVERTILL_ASSIGN(const int64_t known, rights_.RevocationsVersion());
  if (version <= known) return {};
  if (cancelled_) return base::Fail(ClientErrc::kCancelled);
  EVERTILL_ASSIGN(const HttpAnswer answer, transport_->Get("/api/v1/till/revocations", enrolment_->token));
  if (answer.status != 200) return base::Fail(RefusalOf(answer));
  EVERTILL_ASSIGN(const wire::SignedText list, wire::DecodeSignedText(answer.body));
  EVERTILL_TRY(
      CheckSigned(enrolment_->server_key, wire::RevocationsSignedBytes(list.bytes), list.signature, "lost cards"));
  EVERTILL_TRY(wire::DecodeRevocations(list.bytes));
  return rights_.PutRevocations({list.bytes, list.signature});
}

base::Expected<checkout::MemberChange> SyncEngine::ToMember(const wire::MemberChange& change) {
  const auto id = base::Uuid::Parse(change.id);
  if (!id) return base::Fail(ClientErrc::kBadAnswer, "a member without an id");
  checkout::MemberChange out;
  out.member = {.id = domain::MemberId(*id),
                .name = change.name,
                .phone = change.phone,
                .card = change.card,
                .language = change.language,
                .consents = change.consents,
                .points = change.points,
                .provisional = false,
                .as_of = base::FromUnixMillis(change.as_of_ms)};
  EVERTILL_ASSIGN(out.points_acked_seq, store_.PlaceOf(till_->terminal.incarnation, change.included_seq));
  out.erased = change.erased;
  out.has_pin = change.has_pin;
  out.available = change.available;
  out.pending = change.pending;
  if (const auto canonical = base::Uuid::Parse(change.merged_into)) out.merged_into = domain::MemberId(*canonical);
  for (const auto& [serial, level] : change.cards) out.cards.push_back({serial, level});
  return out;
}

base::Expected<checkout::ChangeSet> SyncEngine::Convert(const wire::Changes& changes) {
  checkout::ChangeSet out;
  out.cursor = changes.cursor;
  out.programme = changes.programme;
  for (const wire::ProductChange& product : changes.products) {
    if (product.currency != till_->currency.Code()) continue;
    if (product.deleted) {
      out.removed_barcodes.push_back(product.barcode);
      continue;
    }
    if (product.price_minor > domain::Money::kLargestAmount) {
      return base::Fail(ClientErrc::kBadAnswer, "a price past what a till can hold");
    }
    out.products.push_back(ToProduct(product, till_->currency));
  }
  for (const wire::MemberChange& change : changes.members) {
    EVERTILL_ASSIGN(checkout::MemberChange member, ToMember(change));
    out.members.push_back(std::move(member));
  }
  return out;
}

/// A late answer to a life that has ended, or of a head office that was replaced, counts in another chain.
base::Status SyncEngine::IsForThisLife(const wire::Changes& changes) const {
  if (!options_.safeguards.On(loyalty::Rule::kAckEpoch)) return {};
  if (changes.incarnation != 0 && changes.incarnation != till_->terminal.incarnation) {
    return base::Fail(ClientErrc::kBadAnswer, "changes: they are for another life of this till");
  }
  EVERTILL_ASSIGN(const wire::Epoch epoch, ToWire(enrolment_->epoch));
  if (!changes.epoch.empty() && changes.epoch != epoch.ToString()) {
    return base::Fail(ClientErrc::kBadAnswer, "changes: they are of another life of head office");
  }
  return {};
}

base::Status SyncEngine::Pull(SyncReport& report) {
  EVERTILL_ASSIGN(checkout::SyncCursor start, store_.Cursor());
  std::string cursor = start.changes;
  for (int page = 0; page < kMostPages; ++page) {
    if (cancelled_) return base::Fail(ClientErrc::kCancelled);
    const std::string path =
        "/api/v1/till/changes?limit=" + std::to_string(options_.changes_limit) + "&after=" + EscapeQuery(cursor);
    EVERTILL_ASSIGN(const HttpAnswer answer, transport_->Get(path, enrolment_->token));
    if (answer.status != 200) {
      const auto refusal = wire::DecodeErrorReply(answer.body);
      const bool stale = refusal && (refusal->code == "other_epoch" || refusal->code == "bad_cursor");
      if (!stale || cursor.empty()) return base::Fail(RefusalOf(answer));
      cursor.clear();  // another life of head office: everything once more
      continue;
    }
    EVERTILL_ASSIGN(const wire::Changes changes, wire::DecodeChanges(answer.body));
    EVERTILL_TRY(IsForThisLife(changes));
    EVERTILL_ASSIGN(const checkout::ChangeSet set, Convert(changes));
    if (set.cursor != start.changes) EVERTILL_TRY(store_.ApplyChanges(set));
    report.products += static_cast<int64_t>(changes.products.size());
    report.members += static_cast<int64_t>(changes.members.size());
    if (!changes.more) return {};
    if (changes.cursor == cursor) return base::Fail(ClientErrc::kBadAnswer, "changes that do not move on");
    cursor = changes.cursor;
  }
  return base::Fail(ClientErrc::kBadAnswer, "changes without an end");
}

}  // namespace evertill::client
