#include "app/base/log.h"
#include "app/domain/text.h"
#include "sync/server/errors.h"
#include "sync/server/http_text.h"
#include "sync/server/service.h"
#include "sync/server/web/pages.h"

namespace evertill::server {

namespace {

constexpr int64_t kEventsShown = 50;

/// The __Host- prefix makes browsers insist on Secure and on this very host; it does not work over plain HTTP.
std::string_view CookieName(const HttpRequest& request) {
  return request.secure ? "__Host-evertill" : "evertill";
}

std::string Cookie(const HttpRequest& request, std::string_view value, std::string_view extra) {
  return std::string(CookieName(request)) + "=" + std::string(value) + "; Path=/; HttpOnly; SameSite=Strict" +
         (request.secure ? "; Secure" : "") + std::string(extra);
}

/// A form that another site's page sent: browsers say where it comes from.
bool FromOtherSite(const HttpRequest& request) {
  const std::string_view site = request.Header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  const std::string_view origin = request.Header("origin");
  if (origin.empty() || origin == "null") return false;
  const size_t scheme = origin.find("://");
  return scheme == std::string_view::npos || origin.substr(scheme + 3) != request.Header("host");
}

/// "••• 4417" of the card, else of the phone; nothing for an event without member.
std::string MemberLabel(Store& store, const EventRow& row) {
  if (row.member.empty()) return {};
  const auto found = store.FindMembers(row.member);
  if (!found || found->empty()) return domain::MaskTail(row.member);
  const MemberRow& member = found->front();
  return domain::MaskTail(!member.card.empty() ? member.card : !member.phone.empty() ? member.phone : member.id);
}

base::Expected<web::Overview> ReadOverview(Store& store, base::Instant now) {
  web::Overview overview;
  overview.now = now;
  EVERTILL_ASSIGN(overview.totals, store.CountAll());
  EVERTILL_ASSIGN(overview.stores, store.Stores());
  EVERTILL_ASSIGN(overview.terminals, store.Terminals());
  EVERTILL_ASSIGN(overview.latest, store.Latest(kEventsShown));
  for (const EventRow& row : overview.latest) overview.member_labels.push_back(MemberLabel(store, row));
  return overview;
}

}  // namespace

std::optional<TokenRole> Service::SessionOf(const HttpRequest& request) {
  return sessions_.Find(CookieValue(request.Header("cookie"), CookieName(request)));
}

void Service::FrontPage(const CallPtr& call) {
  const auto role = SessionOf(call->request);
  if (!role) return call->respond(HttpResponse::Html(200, web::SignInPage("")));
  Read(call, [this, role](Store& store) {
    auto overview = ReadOverview(store, clock_.Now());
    if (!overview) {
      base::LogError("front page: {}", overview.error().ToString());
      return HttpResponse::Html(503, web::MessagePage("Not just now", "The database does not answer. Try again."));
    }
    overview->role = RoleName(*role);
    const std::lock_guard lock(seen_mutex_);
    for (TerminalRow& till : overview->terminals) {
      const auto seen = seen_.find({till.terminal, till.incarnation});
      if (seen != seen_.end() && seen->second > till.last_seen) till.last_seen = seen->second;
    }
    return HttpResponse::Html(200, web::OverviewPage(*overview));
  });
}

void Service::StyleFile(const CallPtr& call) {
  HttpResponse response = HttpResponse::Text(200, std::string(web::StyleSheet()));
  response.content_type = "text/css; charset=utf-8";
  call->respond(std::move(response));
}

void Service::IconFile(const CallPtr& call) {
  HttpResponse response = HttpResponse::Text(200, std::string(web::Icon()));
  response.content_type = "image/svg+xml";
  call->respond(std::move(response));
}

void Service::SignIn(const CallPtr& call) {
  if (FromOtherSite(call->request)) {
    return call->respond(HttpResponse::Html(403, web::SignInPage("That form came from another site.")));
  }
  if (!sign_in_tries_.MayTry(call->request.peer)) {
    return call->respond(HttpResponse::Html(429, web::SignInPage("Too many tries. Wait a minute.")));
  }
  Read(call, [this, call](Store& store) {
    auto form = ParseForm(call->request.body);
    const auto token = store.FindToken(SecretHash(form["token"]));
    if (!token || !*token || (*token)->role == TokenRole::kTill) {
      sign_in_tries_.CountFailure(call->request.peer);
      return HttpResponse::Html(401, web::SignInPage("This token is not known here."));
    }
    HttpResponse response = HttpResponse::SeeOther("/");
    response.headers.emplace_back("Set-Cookie", Cookie(call->request, sessions_.Start((*token)->role), ""));
    return response;
  });
}

void Service::SignOut(const CallPtr& call) {
  if (!FromOtherSite(call->request)) {
    sessions_.End(CookieValue(call->request.Header("cookie"), CookieName(call->request)));
  }
  HttpResponse response = HttpResponse::SeeOther("/");
  response.headers.emplace_back("Set-Cookie", Cookie(call->request, "", "; Max-Age=0"));
  call->respond(std::move(response));
}

void Service::FirstRunForm(const CallPtr& call) {
  call->respond(HttpResponse::Html(200, web::FirstRunPage(call->request.Query("code"))));
}

void Service::FirstRun(const CallPtr& call) {
  if (FromOtherSite(call->request) || !sign_in_tries_.MayTry(call->request.peer)) {
    return call->respond(HttpResponse::Html(
        403, web::MessagePage("Not possible", "Open the link itself, and wait a minute after several tries.")));
  }
  auto token = std::make_shared<std::string>();
  const auto work = [this, call, token](Store& store) -> base::Status {
    auto form = ParseForm(call->request.body);
    EVERTILL_ASSIGN(*token, UseFirstAdminCode(store, form["code"], clock_.Now(), random_));
    return {};
  };
  Write(call, work, [this, call, token](const base::Status& done) {
    if (!done) {
      sign_in_tries_.CountFailure(call->request.peer);
      return call->respond(HttpResponse::Html(
          403, web::MessagePage(
                   "This link is used up",
                   "It worked once, or a day has passed. On the server: evertill-hq token create --role admin")));
    }
    HttpResponse response = HttpResponse::Html(200, web::FirstTokenPage(*token));
    call->respond(std::move(response));
  });
}

}  // namespace evertill::server
