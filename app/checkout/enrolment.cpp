#include "app/checkout/enrolment.h"

#include <boost/json.hpp>

#include "app/checkout/card_number.h"
#include "app/checkout/errors.h"
#include "app/domain/text.h"

namespace evertill::checkout {
namespace {

constexpr size_t kLongestName = 80;
constexpr size_t kMostConsents = 10;

base::Status CheckForm(const EnrolmentForm& form, const std::string& name, const std::string& phone) {
  if (!form.phone.empty() && phone.empty()) {
    return base::Fail(CheckoutErrc::kBadMember,
                      "\"" + domain::CleanText(form.phone.substr(0, 40)) + "\" is no phone number");
  }
  if (name.empty() && phone.empty()) return base::Fail(CheckoutErrc::kBadMember, "a name or a phone number is needed");
  if (domain::CodePoints(name) > kLongestName) {
    return base::Fail(CheckoutErrc::kBadMember, "a name has at most 80 letters");
  }
  if (form.language != "en" && form.language != "th" && form.language != "vi") {
    return base::Fail(CheckoutErrc::kBadMember, "language is en, th or vi");
  }
  if (form.consents.size() > kMostConsents) return base::Fail(CheckoutErrc::kBadMember, "too many consents");
  for (const auto& consent : form.consents) {
    if (consent.empty() || consent.size() > 40 ||
        consent.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") != std::string::npos) {
      return base::Fail(CheckoutErrc::kBadMember, "a consent is a word like \"offers\"");
    }
  }
  return {};
}

}  // namespace

base::Expected<Enrolled> PrepareEnrolment(const EnrolmentForm& form, domain::Currency currency,
                                          const base::Clock& clock, base::Random& random) {
  const std::string name = domain::CleanText(form.name);
  const std::string phone = domain::LocalPhone(form.phone, currency);
  EVERTILL_TRY(CheckForm(form, name, phone));
  MemberRecord member{domain::MemberId(base::MakeUuidV7(clock, random)),
                      name,
                      phone,
                      NewCardNumber(random),
                      form.language,
                      form.consents,
                      0,
                      true,
                      {}};
  boost::json::array consents;
  for (const auto& consent : form.consents) consents.push_back(boost::json::string(consent));
  EventDraft event{domain::EventId(base::MakeUuidV7(clock, random)),
                   {"member_enrol", member.id, {}},
                   boost::json::serialize(boost::json::object{{"language", member.language}, {"consents", consents}}),
                   boost::json::serialize(
                       boost::json::object{{"name", member.name}, {"phone", member.phone}, {"card", member.card}})};
  return Enrolled{std::move(member), std::move(event)};
}

}  // namespace evertill::checkout
