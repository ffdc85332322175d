#include "app/store/enrolment_text.h"

#include "app/crypto/encoding.h"
#include "app/store/json_text.h"

namespace evertill::store {
namespace {

namespace json = boost::json;
using checkout::Enrolment;

constexpr const char* kKey = "enrolment";

std::string FormatEnrolment(const Enrolment& enrolment) {
  return json::serialize(json::object{{"server_url", enrolment.server_url},
                                      {"token", enrolment.token},
                                      {"ca_pem", enrolment.ca_pem},
                                      {"server_key", crypto::ToBase64(crypto::AsBytes(enrolment.server_key))},
                                      {"epoch", enrolment.epoch.counter},
                                      {"epoch_random", enrolment.epoch.random}});
}

base::Expected<Enrolment> ParseEnrolment(const std::string& text) {
  EVERTILL_ASSIGN(const json::object object, ParseObject(text, kKey));
  EVERTILL_ASSIGN(const auto server_key, crypto::FromBase64(TextOf(object, "server_key")));
  return Enrolment{TextOf(object, "server_url"),
                   TextOf(object, "token"),
                   TextOf(object, "ca_pem"),
                   std::string(crypto::AsText(server_key)),
                   {IntegerOf(object, "epoch"), TextOf(object, "epoch_random")}};
}

}  // namespace

base::Expected<std::optional<Enrolment>> LoadEnrolment(sqlite::Connection& db, const Keys& keys) {
  EVERTILL_ASSIGN(const auto sealed, GetMeta(db, kKey));
  if (!sealed) return std::optional<Enrolment>();
  EVERTILL_ASSIGN(const std::string text, OpenText(keys, crypto::AsBytes(*sealed), kKey));
  EVERTILL_ASSIGN(Enrolment enrolment, ParseEnrolment(text));
  return std::optional(std::move(enrolment));
}

base::Status SaveEnrolment(Database& database, sqlite::Connection& db, const Enrolment& enrolment) {
  EVERTILL_ASSIGN(const auto sealed,
                  SealText(database.GetKeys(), FormatEnrolment(enrolment), kKey, database.GetRandom()));
  return SetMeta(db, kKey, crypto::AsText(sealed));
}

base::Expected<bool> IsEnrolled(sqlite::Connection& db) {
  EVERTILL_ASSIGN(auto query, db.Prepare("SELECT 1 FROM meta WHERE key = 'enrolment'"));
  return query.Step();
}

std::string EpochName(const checkout::Epoch& epoch) {
  return std::to_string(epoch.counter) + "-" + epoch.random;
}

}  // namespace evertill::store
