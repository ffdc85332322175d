#include "devices/link/cups_link.h"

#include <cups/cups.h>

#include "devices/link/link_error.h"
#include "devices/link/poll_wait.h"

namespace evertill::devices::link {
namespace {

constexpr int kConnectMs = 3000;
constexpr const char* kJobName = "Receipt";

struct HttpDeleter {
  void operator()(http_t* http) const { httpClose(http); }
};
using Http = std::unique_ptr<http_t, HttpDeleter>;

Http Connect() {
  return Http(httpConnect2(cupsServer(), ippPort(), nullptr, AF_UNSPEC, cupsEncryption(), 1, kConnectMs, nullptr));
}

std::string LastError() {
  const char* text = cupsLastErrorString();
  return text != nullptr ? text : "no reason given";
}

class CupsLink final : public Link {
 public:
  explicit CupsLink(std::string queue) : queue_(std::move(queue)) {}

  base::Expected<size_t> Write(std::string_view bytes, int /*stall_ms*/) override {
    const Http http = Connect();
    if (!http) return base::Fail(LinkErrc::kLost, "cups:" + queue_ + ": " + LastError());
    const int job = cupsCreateJob(http.get(), queue_.c_str(), kJobName, 0, nullptr);
    if (job == 0) return base::Fail(LinkErrc::kWriteFailed, "cups:" + queue_ + ": " + LastError());
    const bool begun =
        cupsStartDocument(http.get(), queue_.c_str(), job, kJobName, CUPS_FORMAT_RAW, 1) == HTTP_STATUS_CONTINUE;
    const bool written = begun && cupsWriteRequestData(http.get(), bytes.data(), bytes.size()) == HTTP_STATUS_CONTINUE;
    const bool done = begun && cupsFinishDocument(http.get(), queue_.c_str()) <= IPP_STATUS_OK_EVENTS_COMPLETE;
    if (written && done) return bytes.size();
    const std::string why = "cups:" + queue_ + ": " + LastError();
    // A job whose document is not whole never prints when it is cancelled; otherwise nobody knows.
    if (cupsCancelJob2(http.get(), queue_.c_str(), job, 1) <= IPP_STATUS_OK_EVENTS_COMPLETE) {
      return base::Fail(LinkErrc::kWriteFailed, why);
    }
    return bytes.empty() ? 0 : bytes.size() - 1;
  }
  base::Expected<std::string> Read(int timeout_ms) override {
    (void)PollOne(-1, 0, timeout_ms);
    return std::string();
  }
  bool Drain(int /*timeout_ms*/) override { return true; }
  [[nodiscard]] bool ReadsBack() const override { return false; }
  [[nodiscard]] int PollFd() const override { return -1; }

 private:
  const std::string queue_;
};

/// Whether the print service knows the queue.
base::Status CheckQueue(http_t* http, const std::string& queue) {
  ipp_t* request = ippNewRequest(IPP_OP_GET_PRINTER_ATTRIBUTES);
  const std::string uri = "ipp://localhost/printers/" + queue;
  ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, uri.c_str());
  ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", nullptr, "printer-state");
  ippDelete(cupsDoRequest(http, request, "/"));  // frees the request
  const ipp_status_t status = cupsLastError();
  if (status <= IPP_STATUS_OK_EVENTS_COMPLETE) return {};
  const bool refused = status == IPP_STATUS_ERROR_FORBIDDEN || status == IPP_STATUS_ERROR_NOT_AUTHORIZED ||
                       status == IPP_STATUS_ERROR_NOT_AUTHENTICATED;
  return base::Fail(refused ? LinkErrc::kNoPermission : LinkErrc::kUnreachable, "cups:" + queue + ": " + LastError());
}

}  // namespace

base::Expected<std::unique_ptr<Link>> OpenCupsLink(const CupsAddress& address) {
  const Http http = Connect();
  if (!http) return base::Fail(LinkErrc::kUnreachable, "cups:" + address.queue + ": " + LastError());
  EVERTILL_TRY(CheckQueue(http.get(), address.queue));
  return std::unique_ptr<Link>(std::make_unique<CupsLink>(address.queue));
}

}  // namespace evertill::devices::link
