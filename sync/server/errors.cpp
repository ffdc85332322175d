#include "sync/server/errors.h"

#include "sync/server/records.h"

namespace evertill::server {

std::string_view ErrorName(ServerErrc code) {
  switch (code) {
    case ServerErrc::kListen:
      return "cannot_listen";
    case ServerErrc::kTls:
      return "bad_certificate";
    case ServerErrc::kKeys:
      return "bad_key_files";
    case ServerErrc::kNotInitialised:
      return "not_initialised";
    case ServerErrc::kAlreadyInitialised:
      return "already_initialised";
    case ServerErrc::kAlreadyServed:
      return "already_served";
    case ServerErrc::kBadArgument:
      return "bad_argument";
    case ServerErrc::kUnknownStore:
      return "unknown_store";
    case ServerErrc::kStoreExists:
      return "store_exists";
    case ServerErrc::kUnauthorised:
      return "unauthorised";
    case ServerErrc::kForbidden:
      return "forbidden";
    case ServerErrc::kCodeRefused:
      return "code_refused";
    case ServerErrc::kTerminalInUse:
      return "till_in_use";
    case ServerErrc::kCurrencyDiffers:
      return "currency_differs";
    case ServerErrc::kFork:
      return "fork";
    case ServerErrc::kGap:
      return "gap";
    case ServerErrc::kChainBroken:
      return "chain_broken";
    case ServerErrc::kBadSignature:
      return "bad_signature";
    case ServerErrc::kOtherEpoch:
      return "other_epoch";
    case ServerErrc::kBadCursor:
      return "bad_cursor";
    case ServerErrc::kMemberUnknown:
      return "member_unknown";
    case ServerErrc::kTooManyTries:
      return "too_many_tries";
    case ServerErrc::kTillFenced:
      return "till_fenced";
    case ServerErrc::kBadReceipt:
      return "bad_receipt";
    case ServerErrc::kImport:
      return "bad_catalogue_file";
    case ServerErrc::kDataDamaged:
      return "data_damaged";
  }
  return "server_error";
}

std::string_view RoleName(TokenRole role) {
  switch (role) {
    case TokenRole::kTill:
      return "till";
    case TokenRole::kPuller:
      return "puller";
    case TokenRole::kAdmin:
      return "admin";
    case TokenRole::kAuditor:
      return "auditor";
  }
  return "puller";
}

std::optional<TokenRole> ParseRole(std::string_view text) {
  for (const TokenRole role : {TokenRole::kTill, TokenRole::kPuller, TokenRole::kAdmin, TokenRole::kAuditor}) {
    if (text == RoleName(role)) return role;
  }
  return std::nullopt;
}

}  // namespace evertill::server
