#include "app/checkout/ports.h"

namespace evertill::checkout {

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kCashier:
      return "cashier";
    case Role::kSupervisor:
      return "supervisor";
    case Role::kManager:
      return "manager";
  }
  return "cashier";
}

std::optional<Role> ParseRole(std::string_view text) {
  for (const Role role : {Role::kCashier, Role::kSupervisor, Role::kManager}) {
    if (text == RoleName(role)) return role;
  }
  return std::nullopt;
}

}  // namespace evertill::checkout
