#include <charconv>

#include "app/domain/text.h"
#include "sync/server/errors.h"
#include "sync/server/log_format.h"
#include "sync/server/service.h"
#include "sync/server/web/pages.h"
#include "sync/wire/limits.h"

namespace evertill::server {

namespace {

struct LogRequest {
  LogQuery query;
  bool csv = false;
};

base::Expected<LogRequest> ReadLogRequest(const HttpRequest& request, const wire::Epoch& epoch) {
  for (const auto& [name, value] : request.query) {
    // A misspelt filter passed over would give out the rows of all stores as if they were one's.
    if (name != "after" && name != "limit" && name != "format" && name != "store" && name != "till") {
      return base::Fail(
          ServerErrc::kBadArgument,
          domain::CleanText(name.substr(0, 40)) + ": no such parameter; there are after, limit, format, store, till");
    }
  }
  LogRequest out;
  EVERTILL_ASSIGN(out.query.after, ParseCursor(request.Query("after"), epoch));
  if (const std::string_view text = request.Query("limit"); !text.empty()) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.query.limit);
    if (error != std::errc() || end != text.data() + text.size() || out.query.limit < 1 ||
        out.query.limit > wire::kMaxLogLimit) {
      return base::Fail(ServerErrc::kBadArgument, "limit is a number from 1 to " + std::to_string(wire::kMaxLogLimit));
    }
  }
  const std::string_view format = request.Query("format");
  if (format != "" && format != "jsonl" && format != "csv") {
    return base::Fail(ServerErrc::kBadArgument, "format is jsonl or csv");
  }
  out.csv = format == "csv";
  out.query.store = request.Query("store");
  out.query.till = request.Query("till");
  return out;
}

/// A cursor past the last row never came from here: waiting behind it would lose everything up to it.
base::Status CheckCursorReached(Store& store, int64_t after) {
  EVERTILL_ASSIGN(const auto last, store.Latest(1));
  const int64_t end = last.empty() ? 0 : last.front().commit_seq;
  if (after <= end) return {};
  return base::Fail(ServerErrc::kBadCursor, "beyond the end of the log, which is at " + std::to_string(end) +
                                                "; give back Next-Cursor as it came");
}

}  // namespace

base::Expected<TokenRole> Service::AuthenticateReader(Store& store, const HttpRequest& request) {
  if (request.Header("authorization").empty()) {
    if (const auto role = SessionOf(request)) return *role;
  }
  EVERTILL_ASSIGN(const TokenRow token, Authenticate(store, request.Header("authorization")));
  if (token.role == TokenRole::kTill) return base::Fail(ServerErrc::kForbidden, "a till's token does not read the log");
  return token.role;
}

void Service::Log(const CallPtr& call) {
  Read(call, [this, call](Store& store) {
    const auto role = AuthenticateReader(store, call->request);
    if (!role) {
      ++unauthorised_;
      return AnswerError(role.error());
    }
    const auto asked = ReadLogRequest(call->request, epoch_);
    if (!asked) return AnswerError(asked.error());
    const auto rows = store.Log(asked->query);
    if (!rows) return AnswerError(rows.error());
    if (rows->empty()) {
      const auto reached = CheckCursorReached(store, asked->query.after);
      if (!reached) return AnswerError(reached.error());
    }
    HttpResponse response;
    response.content_type = asked->csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
    response.body = asked->csv ? FormatCsv(*rows, epoch_) : FormatJsonLines(*rows, epoch_);
    const int64_t next = rows->empty() ? asked->query.after : rows->back().commit_seq;
    response.headers.emplace_back("Next-Cursor", FormatCursor(epoch_, next));
    return response;
  });
}

void Service::Health(const CallPtr& call) {
  call->respond(HttpResponse::Text(200, "ok\n"));
}

void Service::Ready(const CallPtr& call) {
  Read(call, [](Store& store) {
    const auto epoch = store.Meta("epoch");
    return epoch && *epoch ? HttpResponse::Text(200, "ready\n") : HttpResponse::Text(503, "not ready\n");
  });
}

void Service::Metrics(const CallPtr& call) {
  Read(call, [this](Store& store) {
    const auto totals = store.CountAll();
    if (!totals) return AnswerError(totals.error());
    std::string out;
    const auto metric = [&out](std::string_view name, std::string_view type, std::string_view help, int64_t value) {
      const std::string full = "evertill_hq_" + std::string(name);
      out += "# HELP " + full + " " + std::string(help) + "\n# TYPE " + full + " " + std::string(type) + "\n" + full +
             " " + std::to_string(value) + "\n";
    };
    metric("events", "gauge", "Events kept", totals->events);
    metric("sales", "gauge", "Events of kind sale", totals->sales);
    metric("events_parked", "gauge", "Events kept whose points were not posted", totals->parked);
    metric("branch_events", "gauge", "Events of second histories of a till", totals->branches);
    metric("members", "gauge", "Members", totals->members);
    metric("products", "gauge", "Products in the catalogue", totals->products);
    metric("batches_total", "counter", "Batches acknowledged since start", batches_);
    metric("events_posted_total", "counter", "Events posted since start", events_posted_);
    metric("batches_refused_total", "counter", "Batches refused since start", batches_refused_);
    metric("gaps_total", "counter", "Batches that began after the head", gaps_);
    metric("forks_total", "counter", "Batches with another history", forks_);
    metric("enrolments_total", "counter", "Tills enrolled since start", enrolments_);
    metric("unauthorised_total", "counter", "Requests without a good token", unauthorised_);
    metric("write_queue_waiting", "gauge", "Jobs that wait for the writer", static_cast<int64_t>(writer_.Waiting()));
    if (http_counters_) {
      const HttpCounters http = http_counters_();
      metric("http_connections_open", "gauge", "Connections open", http.connections_open);
      metric("http_connections_total", "counter", "Connections accepted", http.connections_total);
      metric("http_requests_total", "counter", "Requests read", http.requests_total);
      metric("http_refused_oversize_total", "counter", "Requests refused as too large", http.refused_oversize);
      metric("http_timeouts_total", "counter", "Connections closed for being slow", http.timeouts);
    }
    HttpResponse response = HttpResponse::Text(200, std::move(out));
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  });
}

void Service::AuthorityFile(const CallPtr& call) {
  HttpResponse response = HttpResponse::Text(200, ca_pem_);
  response.content_type = "application/x-pem-file";
  call->respond(std::move(response));
}

void Service::OpenApiFile(const CallPtr& call) {
  call->respond(HttpResponse::Json(200, std::string(web::OpenApi())));
}

}  // namespace evertill::server
