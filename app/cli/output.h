#pragma once

#include <boost/json.hpp>
#include <string>

#include "app/base/error.h"

namespace evertill::cli {

/// Exit codes of every Evertill program.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

/// One clear line on stderr: "evertillctl: <what>". Returns kFailed.
int Complain(const std::string& what);
int Complain(const base::Error& error);

/// A line of JSON on stdout, flushed.
void PrintJson(const boost::json::value& value);
/// A line of text on stdout, flushed.
void PrintLine(const std::string& text);

}  // namespace evertill::cli
