#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <sstream>

#include "app/base/clock.h"
#include "app/base/log.h"
#include "app/crypto/hash.h"
#include "tests/sim/first_day.h"
#include "tests/sim/world.h"

/// evertill-sim: the protocol of offline points, run on production code against what can go wrong.
namespace evertill::sim {
namespace {

/// The end of a trace is enough to see what happened; the seed gives the rest.
size_t trace_shown = 40;

struct Sum {
  std::map<std::string, int64_t> sometimes, faults;
  int64_t sales = 0;
  int64_t runs = 0;
  int64_t runs_without_terms = 0;
  double store_years = 0;
  Oracle::Largest largest;
  std::string log;  ///< one line for each run: what is hashed
};

void Add(std::map<std::string, int64_t>& to, const std::map<std::string, int64_t>& from) {
  for (const auto& [what, count] : from) to[what] += count;
}

/// Breaks the same invariant with as few kinds of faults and as few steps as can be found soon.
Options Shrunk(const FirstDay& day, Options options, int invariant) {
  const auto fails = [&](const Options& tried) {
    World world(day, tried);
    world.Run();
    return world.Result().Found() && world.Result().Found()->invariant == invariant;
  };
  for (const std::string_view fault : kFaults) {
    Options fewer = options;
    if (fewer.without.emplace(fault).second && fails(fewer)) options = fewer;
  }
  for (int less = options.steps / 2; less > 0; less /= 2) {
    Options shorter = options;
    shorter.steps -= less;
    if (shorter.steps > 0 && fails(shorter)) options = shorter;
  }
  return options;
}

void PrintFailure(const Options& options, const Verdict& verdict, const char* title) {
  const auto& broken = *verdict.Found();
  std::cout << title << " seed " << options.seed << " step " << broken.step << " invariant " << broken.invariant << ": "
            << broken.what << "\n";
  // Lines that name what the failure names come first to mind; tills' lines are about everybody.
  std::string about;
  const size_t member = broken.what.find("member ");
  if (member != std::string::npos) about = "m" + std::to_string(std::atoi(broken.what.c_str() + member + 7));
  std::vector<const Verdict::Line*> lines;
  for (const auto& line : verdict.Trace()) {
    if (about.empty() || line.about.empty() || line.about == about) lines.push_back(&line);
  }
  const size_t from = lines.size() > trace_shown ? lines.size() - trace_shown : 0;
  for (size_t i = from; i < lines.size(); ++i) {
    std::cout << "  " << lines[i]->step << (lines[i]->about.empty() ? "" : " " + lines[i]->about) << " "
              << lines[i]->what << "\n";
  }
  std::cout << "replay: evertill-sim --seed " << options.seed << " --tills " << options.tills << " --steps "
            << options.steps;
  if (options.stand_in) std::cout << " --stand-in " << *options.stand_in;
  if (options.disabled) std::cout << " --disable " << loyalty::RuleName(*options.disabled);
  if (!options.without.empty()) {
    std::cout << " --without ";
    for (const auto& fault : options.without) std::cout << (fault == *options.without.begin() ? "" : ",") << fault;
  }
  std::cout << "\n";
}

/// Answers the invariant that was broken.
std::optional<int> RunSeed(const FirstDay& day, const Options& options, Sum& sum) {
  World world(day, options);
  world.Run();
  const Verdict& verdict = world.Result();
  ++sum.runs;
  sum.sales += world.SalesMade();
  sum.store_years += world.StoreYears();
  Add(sum.sometimes, verdict.Sometimes());
  Add(sum.faults, verdict.Faults());
  if (world.TermsZero()) ++sum.runs_without_terms;
  const auto& largest = world.Largest();
  if (largest.overspend > sum.largest.overspend) {
    sum.largest.overspend = largest.overspend;
    sum.largest.bound = largest.bound;
  }
  sum.largest.debt = std::max(sum.largest.debt, largest.debt);
  std::ostringstream line;
  line << options.seed << " " << world.SalesMade() << " " << largest.overspend << " " << largest.debt;
  for (const auto& [what, count] : verdict.Sometimes()) line << " " << count;
  for (const auto& [what, count] : verdict.Faults()) line << " " << count;
  for (const auto& told : verdict.Trace()) line << "\n" << told.step << told.about << told.what;
  sum.log += base::ToHex(crypto::Sha256(crypto::AsBytes(line.str())));
  if (!verdict.Found()) return std::nullopt;
  PrintFailure(options, verdict, "FAILED");
  return verdict.Found()->invariant;
}

void PrintSum(const Sum& sum, double seconds, bool timing) {
  std::cout << "runs " << sum.runs << ", of them with every term of the bound 0: " << sum.runs_without_terms << "\n"
            << "sales and refunds " << sum.sales << ", store-years " << sum.store_years << "\n"
            << "largest overspend " << sum.largest.overspend << " where the bound was " << sum.largest.bound
            << "; largest debt " << sum.largest.debt << " (with clawbacks)\n";
  std::cout << "faults:\n";
  for (const auto& [what, count] : sum.faults) std::cout << "  " << count << " " << what << "\n";
  std::cout << "sometimes:\n";
  for (const auto& [what, count] : sum.sometimes) std::cout << "  " << count << " " << what << "\n";
  std::cout << "digest " << base::ToHex(crypto::Sha256(crypto::AsBytes(sum.log))) << "\n";
  if (timing) {
    std::cerr << "time " << seconds << " s, " << static_cast<double>(sum.sales) / seconds << " sales/s\n";
  }
}

/// Counters that a long run must have seen.
bool AllSeen(const Sum& sum) {
  static const char* kExpected[] = {"grant given",
                                    "grant told again",
                                    "grants accepted",
                                    "rights given back",
                                    "hold taken",
                                    "hold refused online",
                                    "grant used after a refusal",
                                    "paid by ESCROW",
                                    "paid by LOCAL",
                                    "paid by HOLD",
                                    "stand-in used",
                                    "basket left open",
                                    "basket paid after its rights were let go",
                                    "refund restored points",
                                    "one receipt refunded at two tills",
                                    "new life",
                                    "fork found",
                                    "head office restarted",
                                    "till restarted",
                                    "a commit that failed was on the disk",
                                    "points expired",
                                    "merge",
                                    "erase",
                                    "claim released",
                                    "log pulled",
                                    "signed card read",
                                    "phone code read",
                                    "debt at the end",
                                    "asked for one point too many",
                                    "PIN refused: pin_locked",
                                    "restored head office followed",
                                    "sold during a round"};
  bool all = true;
  for (const char* what : kExpected) {
    if (sum.sometimes.contains(what)) continue;
    std::cout << "NEVER seen: " << what << "\n";
    all = false;
  }
  return all;
}

int Main(int argc, char** argv) {
  CLI::App app("Runs tills and a head office against faults, from a seed");
  Options options;
  std::string seeds;
  std::string rule;
  std::vector<std::string> without;
  bool see_all = false;
  bool timing = false;
  int64_t stand_in = -1;
  app.add_option("--seed", options.seed, "one seed");
  app.add_option("--seeds", seeds, "A..B, both included; stops at the first failure");
  app.add_option("--tills", options.tills)->check(CLI::Range(2, 40));
  app.add_option("--steps", options.steps)->check(CLI::Range(1, 100'000));
  app.add_option("--stand-in", stand_in, "C; G is 50 C")->check(CLI::Range(0, 100'000));
  app.add_option("--disable", rule, "a rule to take away");
  app.add_option("--without", without, "fault classes that stay away")->delimiter(',');
  app.add_flag("--see-all", see_all, "fail unless everything that should be seen was seen");
  app.add_option("--trace", trace_shown, "lines of the trace that a failure prints");
  app.add_flag("--time", timing, "tell the time taken, on stderr");
  CLI11_PARSE(app, argc, argv);
  uint64_t first = options.seed;
  uint64_t last = options.seed;
  if (!seeds.empty() && std::sscanf(seeds.c_str(), "%lu..%lu", &first, &last) != 2) {
    std::cerr << "--seeds is A..B\n";
    return 2;
  }
  if (!rule.empty()) {
    options.disabled = loyalty::ParseRule(rule);
    if (!options.disabled) {
      std::cerr << "no such rule: " << rule << "\n";
      return 2;
    }
    if (options.disabled == loyalty::Rule::kGate && stand_in < 0) stand_in = 40;
  }
  if (stand_in >= 0) options.stand_in = stand_in;
  for (const auto& fault : without) {
    if (!IsFault(fault)) {
      std::cerr << "no such fault class: " << fault << "\n";
      return 2;
    }
    options.without.insert(fault);
  }
  base::LogToStderr(spdlog::level::off);
  const auto day = MakeFirstDay(options.tills);
  if (!day) {
    std::cerr << "first day: " << day.error().ToString() << "\n";
    return 1;
  }
  Sum sum;
  const int64_t begin = base::MonotonicNanos();
  bool good = true;
  for (options.seed = first; options.seed <= last && good; ++options.seed) {
    const auto broken = RunSeed(**day, options, sum);
    good = !broken;
    if (!broken || !seeds.empty()) continue;
    const Options small = Shrunk(**day, options, *broken);
    World world(**day, small);
    world.Run();
    PrintFailure(small, world.Result(), "SMALLER");
  }
  PrintSum(sum, static_cast<double>(base::MonotonicNanos() - begin) / 1e9, timing);
  if (good && see_all) good = AllSeen(sum);
  std::cout << (good ? "all invariants held\n" : "");
  return good ? 0 : 1;
}

}  // namespace
}  // namespace evertill::sim

int main(int argc, char** argv) {
  return evertill::sim::Main(argc, argv);
}
