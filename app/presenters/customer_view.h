#pragma once

#include <string>

#include "app/checkout/customer_display.h"
#include "app/presenters/view.h"
#include "app/presenters/words.h"

namespace evertill::presenters {

/// The language of the customer's screen: the member's, else the till's.
[[nodiscard]] std::string CustomerLanguageOf(const View& view, const std::string& till_language);

/// What the customer sees of `view`, in the language of `words`. Pure. The queue can read it too: of a member it shows
/// no more than the first name, and never what they own.
[[nodiscard]] checkout::CustomerView CustomerViewOf(const View& view, const Words& words);

/// Nobody is served: the shop's name and a welcome.
[[nodiscard]] checkout::CustomerView IdleCustomerView(const View& view, const Words& words);

/// What a person of this name is greeted with; empty where `name` is no name but a masked number.
/// "คุณสมชาย ใจดี" is "คุณสมชาย"; "Nguyễn Thị Linh" is "Linh" (in Vietnamese the given name stands last).
[[nodiscard]] std::string FirstName(const std::string& name, const std::string& language);

}  // namespace evertill::presenters
