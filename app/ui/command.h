#pragma once

namespace evertill::ui {

/// Everything that a key on the screen or on the keyboard can ask for.
enum class Command {
  kEnter,
  kEscape,
  kErase,
  kQuantity,
  kMember,
  kDetachMember,
  kEnrol,
  kUsePoints,
  kSearch,
  kVoidLine,
  kClearBasket,
  kLock,
  kExact,
  kNote1,
  kNote2,
  kNote3,
  kPay,
  kConfirmAge,
  kNextLanguage,
  kEnglish,
  kThai,
  kVietnamese,
  kLineUp,
  kLineDown,
  kDevices,
  kPrintAgain,
  kPrintLeave,  ///< the receipt that nobody was sure of stays as it is
};

}  // namespace evertill::ui
