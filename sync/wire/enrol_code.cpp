#include "sync/wire/enrol_code.h"

#include "app/crypto/encoding.h"

namespace evertill::wire {

namespace {

constexpr std::string_view kPrefix = "EV1";
constexpr size_t kSecretLetters = 16;
constexpr size_t kFingerprintLetters = 32;

}  // namespace

std::string EnrolCode::ToString() const {
  return std::string(kPrefix) + "-" + crypto::ToBase32(crypto::AsBytes(secret)) + "-" +
         crypto::ToBase32(crypto::AsBytes(ca_fingerprint));
}

base::Expected<EnrolCode> EnrolCode::Parse(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    letters += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (!letters.starts_with(kPrefix) || letters.size() != kPrefix.size() + kSecretLetters + kFingerprintLetters) {
    return base::Fail(WireErrc::kBadEnrolCode,
                      "an enrolment code looks like EV1-XXXXXXXXXXXXXXXX-XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX");
  }
  const std::string_view view(letters);
  const auto secret = crypto::FromBase32(view.substr(kPrefix.size(), kSecretLetters));
  const auto fingerprint = crypto::FromBase32(view.substr(kPrefix.size() + kSecretLetters));
  if (!secret || !fingerprint || secret->size() != kCodeSecretBytes || fingerprint->size() != kCodeFingerprintBytes) {
    return base::Fail(WireErrc::kBadEnrolCode, "the code has a letter that no code has");
  }
  return EnrolCode{std::string(crypto::AsText(*secret)), std::string(crypto::AsText(*fingerprint))};
}

}  // namespace evertill::wire
