#pragma once

#include <string>
#include <string_view>

#include "app/card/receipt_proof.h"
#include "sync/server/office_support.h"

/// Points of a receipt whose till's disk is lost. In the caller's transaction.
namespace evertill::server {

/// What a receipt's QR says, signed by the till that it names: a URL with '#', or what stands after it. kBadReceipt for
/// anything else; kBadSignature for another key than that till's; kUnknownStore for a till that is not known.
[[nodiscard]] base::Expected<card::ReceiptProof> CheckProof(Store& store, std::string_view text);

/// Puts the receipt's points (earned less spent) into PENDING, until somebody releases them: keyed by event id and
/// hash. kBadArgument: nothing earned, no member on it, its event is here already, claimed before (also with another
/// hash), a till that was fenced by hand (its key may be in other hands: that needs other evidence).
[[nodiscard]] base::Expected<ClaimRow> TakeClaim(Store& store, const DeskParts& desk, std::string_view proof_text);

/// PENDING → AVAIL: Q of the bound. kBadArgument for one that does not wait.
[[nodiscard]] base::Expected<ClaimRow> ReleaseClaim(Store& store, const DeskParts& desk, std::string_view event_id);
/// PENDING → ISSUED.
[[nodiscard]] base::Expected<ClaimRow> RefuseClaim(Store& store, const DeskParts& desk, std::string_view event_id);

/// The original has been posted after all: whatever the claim gave is taken back. Called by ingest for each posted sale
/// ("claim_settled", state consumed); does nothing where there is no claim.
[[nodiscard]] base::Status ConsumeClaim(Store& store, const DeskParts& desk, std::string_view event_id);

}  // namespace evertill::server
