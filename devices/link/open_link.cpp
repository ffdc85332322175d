#include "devices/link/open_link.h"

#include "devices/link/file_link.h"
#include "devices/link/link_error.h"
#include "devices/link/serial_link.h"
#include "devices/link/tcp_link.h"
#include "devices/link/usb_link.h"
#ifdef EVERTILL_HAS_CUPS
#include "devices/link/cups_link.h"
#endif

namespace evertill::devices::link {

base::Expected<std::unique_ptr<Link>> OpenLink(const Address& address, const OpenTimeouts& timeouts) {
  if (const auto* tcp = std::get_if<TcpAddress>(&address)) return OpenTcpLink(*tcp, timeouts);
  if (const auto* serial = std::get_if<SerialAddress>(&address)) return OpenSerialLink(*serial);
  if (const auto* usb = std::get_if<UsbAddress>(&address)) return OpenUsbLink(*usb);
  if (const auto* file = std::get_if<FileAddress>(&address)) return OpenFileLink(*file);
#ifdef EVERTILL_HAS_CUPS
  return OpenCupsLink(std::get<CupsAddress>(address));
#else
  return base::Fail(LinkErrc::kNotBuilt, ToString(address) + ": this build has no CUPS");
#endif
}

}  // namespace evertill::devices::link
