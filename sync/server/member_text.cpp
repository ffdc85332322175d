#include "sync/server/member_text.h"

#include <boost/json.hpp>

namespace evertill::server {

std::string FormatMember(const MemberRow& member, bool as_json) {
  if (as_json) {
    return boost::json::serialize(boost::json::object{{"id", member.id},
                                                      {"name", member.name},
                                                      {"phone", member.phone},
                                                      {"card", member.card},
                                                      {"language", member.language},
                                                      {"points", member.points},
                                                      {"as_of", base::FormatUtc(member.as_of)}}) +
           "\n";
  }
  return "id: " + member.id + "\nname: " + member.name + "\nphone: " + member.phone + "\ncard: " + member.card +
         "\nlanguage: " + member.language + "\npoints: " + std::to_string(member.points) +
         "\nas of: " + base::FormatUtc(member.as_of) + "\n";
}

}  // namespace evertill::server
