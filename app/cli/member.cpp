#include <CLI/CLI.hpp>

#include "app/checkout/card_number.h"
#include "app/checkout/enrolment.h"
#include "app/checkout/errors.h"
#include "app/cli/context.h"
#include "app/cli/output.h"
#include "app/domain/text.h"

namespace evertill::cli {
namespace {

/// What the member could spend at this till now with a signed card.
base::Expected<checkout::PointsHere> PointsHere(store::TillStore& store, const checkout::MemberRecord& member) {
  return store.Rights().Look(member.id, checkout::CardLevel::kSigned, {});
}

base::Expected<int> PrintMember(const Context& context, store::TillStore& store, const checkout::MemberRecord& member) {
  EVERTILL_ASSIGN(const checkout::PointsHere here, PointsHere(store, member));
  const std::string why_not = here.closed ? std::string(here.closed->Name()) : std::string();
  const std::string as_of = base::ToUnixMillis(member.as_of) == 0 ? std::string() : base::FormatUtc(member.as_of);
  if (context.json) {
    boost::json::array consents;
    for (const auto& consent : member.consents) consents.push_back(boost::json::string(consent));
    PrintJson(
        boost::json::object{{"id", member.id.ToString()},
                            {"name", member.name},
                            {"phone", member.phone},
                            {"card", member.card},
                            {"language", member.language},
                            {"consents", std::move(consents)},
                            {"points", member.points},
                            {"provisional", member.provisional},
                            {"spendable", here.here},
                            {"elsewhere", here.elsewhere},
                            {"not_active", here.not_active},
                            {"debt", here.debt},
                            {"pin_needed", here.pin_needed},
                            {"why_not", why_not.empty() ? boost::json::value(nullptr) : boost::json::value(why_not)},
                            {"as_of", as_of.empty() ? boost::json::value(nullptr) : boost::json::value(as_of)}});
    return kDone;
  }
  PrintLine(member.name + (member.phone.empty() ? "" : "  " + member.phone));
  PrintLine("card    " + member.card);
  PrintLine("points  " + std::to_string(member.points) + (member.provisional ? "  (provisional)" : ""));
  PrintLine("here    " + std::to_string(here.here) + " can be spent" + (why_not.empty() ? "" : "  (" + why_not + ")") +
            "; " + std::to_string(here.elsewhere) + " elsewhere, " + std::to_string(here.not_active) + " not yet");
  if (here.debt > 0) PrintLine("debt    " + std::to_string(here.debt));
  PrintLine("as of   " + (as_of.empty() ? "not yet told by head office" : as_of));
  PrintLine("id      " + member.id.ToString());
  return kDone;
}

base::Expected<checkout::MemberRecord> FindMember(store::TillStore& store, const std::string& text) {
  std::optional<checkout::MemberRecord> found;
  if (const auto id = base::Uuid::Parse(text)) {
    EVERTILL_ASSIGN(found, store.Members().Find(domain::MemberId(*id)));
  } else if (checkout::IsCardNumber(text)) {
    EVERTILL_ASSIGN(found, store.Members().FindByCard(text));
  } else if (const std::string phone = domain::LocalPhone(text, store.Identity().currency); !phone.empty()) {
    EVERTILL_ASSIGN(found, store.Members().FindByPhone(phone));
  }
  if (!found) return base::Fail(checkout::CheckoutErrc::kMemberNotFound, text);
  return *found;
}

base::Expected<int> Enrol(Context& context, store::TillStore& store, const checkout::EnrolmentForm& given) {
  checkout::EnrolmentForm form = given;
  if (form.language.empty()) form.language = store.Identity().language;
  EVERTILL_ASSIGN(const checkout::Enrolled enrolled,
                  checkout::PrepareEnrolment(form, store.Identity().currency, *context.clock, *context.random));
  EVERTILL_TRY(store.Sales().CommitEnrolment(enrolled.member, enrolled.event));
  return PrintMember(context, store, enrolled.member);
}

}  // namespace

void AddMemberCommands(CLI::App& app, Context& context) {
  auto* member = app.add_subcommand("member", "Members with loyalty cards")->require_subcommand(1);

  auto form = std::make_shared<checkout::EnrolmentForm>();
  auto* enrol = member->add_subcommand("enrol", "Enrol a member: a name or a phone number is enough");
  enrol->add_option("--name", form->name, "In their own form");
  enrol->add_option("--phone", form->phone);
  enrol->add_option("--lang", form->language, "en, th or vi (default: the till's)");
  enrol->add_option("--consent", form->consents, "A purpose agreed to, for example offers; may be repeated");
  enrol->callback([form, &context] {
    context.run = [form, &context] {
      return WithStore(context, [&](store::TillStore& store) { return Enrol(context, store, *form); });
    };
  });

  auto text = std::make_shared<std::string>();
  auto* show = member->add_subcommand("show", "Show a member with their points");
  show->add_option("MEMBER", *text, "Card number, phone number or id")->required();
  show->callback([text, &context] {
    context.run = [text, &context] {
      return WithStore(context, [&](store::TillStore& store) -> base::Expected<int> {
        EVERTILL_ASSIGN(const checkout::MemberRecord found, FindMember(store, *text));
        return PrintMember(context, store, found);
      });
    };
  });
}

}  // namespace evertill::cli
