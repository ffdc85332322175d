#include "app/cli/output.h"

#include <algorithm>
#include <cstdio>

namespace evertill::cli {

int Complain(const std::string& what) {
  std::string line = "evertillctl: " + what;
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::fprintf(stderr, "%s\n", line.c_str());
  return kFailed;
}

int Complain(const base::Error& error) {
  return Complain(error.ToString());
}

void PrintJson(const boost::json::value& value) {
  PrintLine(boost::json::serialize(value));
}

void PrintLine(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

}  // namespace evertill::cli
