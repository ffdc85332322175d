#include <CLI/CLI.hpp>

#include "app/base/uuid.h"
#include "app/cli/context.h"
#include "app/cli/output.h"

namespace evertill::cli {
namespace {

namespace json = boost::json;

std::string Hex(const std::string& bytes) {
  return base::ToHex({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

/// One event a line: the exact bytes as text, so that anybody can hash them again. Side texts (names) stay at home.
base::Expected<int> Export(store::TillStore& store, int64_t after, int64_t limit) {
  EVERTILL_TRY(store.ForEachEvent(after, limit, [](const store::JournalRecord& record) -> base::Status {
    PrintJson(json::object{{"seq", record.seq},
                           {"hash", base::ToHex(record.hash)},
                           {"signature", Hex(record.signature)},
                           {"body", record.body}});
    return {};
  }));
  return kDone;
}

base::Expected<int> Verify(const Context& context, store::TillStore& store) {
  EVERTILL_ASSIGN(const store::JournalReport report, store.VerifyJournal());
  if (context.json) {
    PrintJson(json::object{{"ok", true},
                           {"events", report.events},
                           {"signatures", report.signatures},
                           {"signed_to", report.last_signed_seq},
                           {"head", base::ToHex(report.head)}});
  } else {
    PrintLine("the journal is whole: " + std::to_string(report.events) + " events, signed up to " +
              std::to_string(report.last_signed_seq) + ", head " + base::ToHex(report.head));
  }
  return kDone;
}

base::Expected<int> Head(const Context& context, store::TillStore& store) {
  EVERTILL_ASSIGN(const checkout::SyncCursor cursor, store.Sync().Cursor());
  EVERTILL_ASSIGN(const domain::EventHash hash, store.Sync().HashAt(cursor.head_seq));
  if (context.json) {
    PrintJson(json::object{{"seq", cursor.head_seq}, {"hash", base::ToHex(hash)}, {"acked", cursor.acked_seq}});
  } else {
    PrintLine(std::to_string(cursor.head_seq) + " " + base::ToHex(hash));
  }
  return kDone;
}

base::Expected<int> Prune(const Context& context, store::TillStore& store, int64_t keep_days) {
  EVERTILL_ASSIGN(const int64_t removed, store.Prune(std::chrono::days(keep_days)));
  if (context.json) {
    PrintJson(json::object{{"ok", true}, {"removed", removed}});
  } else {
    PrintLine("removed " + std::to_string(removed) + (removed == 1 ? " event" : " events"));
  }
  return kDone;
}

}  // namespace

void AddJournalCommands(CLI::App& app, Context& context) {
  auto* journal =
      app.add_subcommand("journal", "The hash-chained record of all that the till did")->require_subcommand(1);
  auto after = std::make_shared<int64_t>(0);
  auto limit = std::make_shared<int64_t>(0);
  auto* dump = journal->add_subcommand("export", "Print events, one JSON object a line");
  dump->add_option("--after", *after, "Begin after this sequence number")->check(ZeroOrMore());
  dump->add_option("--limit", *limit, "At most this many (default: all)")->check(ZeroOrMore());
  dump->callback([=, &context] {
    context.run = [=, &context] {
      return WithStore(context, [&](store::TillStore& store) { return Export(store, *after, *limit); });
    };
  });
  journal->add_subcommand("verify", "Recompute every hash and signature")->callback([&context] {
    context.run = [&context] {
      return WithStore(context, [&](store::TillStore& store) { return Verify(context, store); });
    };
  });
  constexpr int64_t kMostDays = 36'500;
  auto keep = std::make_shared<int64_t>(0);
  auto* prune = journal->add_subcommand("prune",
                                        "Remove old events that head office has, in all its copies\n"
                                        "They are verified once more, and receipts of then can no longer be shown or "
                                        "refunded here. What head office has\n"
                                        "not confirmed stays, however old; so does the last sale.");
  prune->add_option("--keep-days", *keep, "Keep the events of so many days, 1 at least")
      ->required()
      ->check(CLI::Range(int64_t{1}, kMostDays));
  prune->callback([=, &context] {
    context.run = [=, &context] {
      return WithStore(context, [&](store::TillStore& store) { return Prune(context, store, *keep); });
    };
  });
  journal->add_subcommand("head", "Print the last sequence number and its hash")->callback([&context] {
    context.run = [&context] {
      return WithStore(context, [&](store::TillStore& store) { return Head(context, store); });
    };
  });
}

}  // namespace evertill::cli
