#pragma once

#include <string>
#include <vector>

#include "app/base/clock.h"
#include "app/base/expected.h"
#include "app/base/random.h"
#include "app/checkout/ports.h"

namespace evertill::checkout {

/// What a person is asked for: at most these, and only the name or the phone is needed.
struct EnrolmentForm {
  std::string name;
  std::string phone;
  std::string language;
  std::vector<std::string> consents;  ///< purposes agreed to: "points", "offers", "history"
};

/// A new member and the journal event that says so.
struct Enrolled {
  MemberRecord member;
  EventDraft event;
};

/// Checks the form, mints the member's id and card number. Nothing is stored yet. kBadMember says what is wrong: no
/// name and no phone, a name of more than 80 letters, a phone that is none, an unknown language.
[[nodiscard]] base::Expected<Enrolled> PrepareEnrolment(const EnrolmentForm& form, domain::Currency currency,
                                                        const base::Clock& clock, base::Random& random);

}  // namespace evertill::checkout
