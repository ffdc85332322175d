#pragma once

#include <string>

#include "app/base/expected.h"

namespace evertill::client {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

/// How requests reach head office: HttpClient in the till, a network that loses, repeats and delays in the simulator.
/// One thread at a time.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Any HTTP status is an answer; an error says that none came in time. `bearer` may be empty.
  [[nodiscard]] virtual base::Expected<HttpAnswer> Get(const std::string& path, const std::string& bearer) = 0;
  [[nodiscard]] virtual base::Expected<HttpAnswer> Post(const std::string& path, const std::string& bearer,
                                                        const std::string& content_type, const std::string& body) = 0;
};

}  // namespace evertill::client
