#include "devices/link/usb_link.h"

#include <libusb.h>
#include <sys/eventfd.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "devices/link/file_descriptor.h"
#include "devices/link/link_error.h"
#include "devices/link/poll_wait.h"

namespace evertill::devices::link {
namespace {

constexpr size_t kChunkBytes = 4096;
constexpr int kReadMs = 200;        // how late the end of the reader may be
constexpr int kNothingSaidMs = 20;  // some printers answer "nothing" at once instead of keeping silent

struct ContextDeleter {
  void operator()(libusb_context* context) const { libusb_exit(context); }
};
struct HandleDeleter {
  void operator()(libusb_device_handle* handle) const { libusb_close(handle); }
};
struct ConfigDeleter {
  void operator()(libusb_config_descriptor* config) const { libusb_free_config_descriptor(config); }
};
using Context = std::unique_ptr<libusb_context, ContextDeleter>;
using Handle = std::unique_ptr<libusb_device_handle, HandleDeleter>;

/// Where a printer takes and gives bytes.
struct Way {
  int interface = 0;
  int alternate = 0;
  uint8_t out = 0;
  uint8_t in = 0;  ///< 0: it never answers
};

/// The best of the device's printer interfaces: one that answers before one that doesn't.
std::optional<Way> FindWay(libusb_device* device) {
  libusb_config_descriptor* found = nullptr;
  if (libusb_get_active_config_descriptor(device, &found) != 0) return std::nullopt;
  const std::unique_ptr<libusb_config_descriptor, ConfigDeleter> config(found);
  std::optional<Way> best;
  for (int i = 0; i < config->bNumInterfaces; ++i) {
    for (int a = 0; a < config->interface[i].num_altsetting; ++a) {
      const libusb_interface_descriptor& one = config->interface[i].altsetting[a];
      if (one.bInterfaceClass != LIBUSB_CLASS_PRINTER) continue;
      Way way{one.bInterfaceNumber, one.bAlternateSetting, 0, 0};
      for (int e = 0; e < one.bNumEndpoints; ++e) {
        const auto& endpoint = one.endpoint[e];
        if ((endpoint.bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) != LIBUSB_TRANSFER_TYPE_BULK) continue;
        const bool in = (endpoint.bEndpointAddress & LIBUSB_ENDPOINT_IN) != 0;
        (in ? way.in : way.out) = endpoint.bEndpointAddress;
      }
      if (way.out != 0 && (!best || (best->in == 0 && way.in != 0))) best = way;
    }
  }
  return best;
}

std::string SerialOf(libusb_device_handle* handle, const libusb_device_descriptor& about) {
  unsigned char text[256];
  const int length = libusb_get_string_descriptor_ascii(handle, about.iSerialNumber, text, sizeof text);
  return length > 0 ? std::string(text, text + length) : std::string();
}

class UsbLink final : public Link {
 public:
  UsbLink(Context context, Handle handle, Way way, std::string name)
      : context_(std::move(context)),
        handle_(std::move(handle)),
        way_(way),
        name_(std::move(name)),
        said_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (way_.in != 0) reader_ = std::thread([this] { ReadOn(); });
  }

  ~UsbLink() override {
    stopping_ = true;
    (void)eventfd_write(stop_.Get(), 1);
    if (reader_.joinable()) reader_.join();
    libusb_release_interface(handle_.get(), way_.interface);  // gives it back to the kernel's driver
  }

  base::Expected<size_t> Write(std::string_view bytes, int stall_ms) override {
    size_t sent = 0;
    while (sent < bytes.size() && !lost_) {
      const size_t part = std::min(bytes.size() - sent, kChunkBytes);
      auto* from = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data() + sent));
      int taken = 0;
      // 0 would mean to wait for ever.
      const auto limit = static_cast<unsigned>(std::max(stall_ms, 1));
      const int result = libusb_bulk_transfer(handle_.get(), way_.out, from, static_cast<int>(part), &taken, limit);
      sent += static_cast<size_t>(std::max(taken, 0));
      if (result == LIBUSB_ERROR_PIPE && libusb_clear_halt(handle_.get(), way_.out) == 0 && !halted_) {
        halted_ = true;
        continue;
      }
      if (result != 0 && result != LIBUSB_ERROR_TIMEOUT && result != LIBUSB_ERROR_INTERRUPTED) {
        MarkLost(libusb_error_name(result));
      } else if (taken <= 0) {
        break;
      } else {
        halted_ = false;
      }
    }
    if (sent == 0 && lost_) return base::Fail(Lost());
    return sent;
  }

  base::Expected<std::string> Read(int timeout_ms) override {
    (void)PollOne(said_.Get(), POLLIN, timeout_ms);
    eventfd_t count = 0;
    (void)eventfd_read(said_.Get(), &count);
    std::string bytes;
    {
      const std::lock_guard lock(mutex_);
      bytes.swap(heard_);
    }
    if (bytes.empty() && lost_) {
      (void)eventfd_write(said_.Get(), 1);  // stays readable: the next poll() must tell too
      return base::Fail(Lost());
    }
    if (lost_) (void)eventfd_write(said_.Get(), 1);
    return bytes;
  }

  /// A bulk transfer that has ended is in the device.
  bool Drain(int /*timeout_ms*/) override { return !lost_; }
  [[nodiscard]] bool ReadsBack() const override { return way_.in != 0; }
  [[nodiscard]] int PollFd() const override { return way_.in != 0 ? said_.Get() : -1; }

 private:
  void ReadOn() {
    unsigned char bytes[512];
    while (!stopping_ && !lost_) {
      int got = 0;
      const int result = libusb_bulk_transfer(handle_.get(), way_.in, bytes, sizeof bytes, &got, kReadMs);
      if (got > 0) {
        const std::lock_guard lock(mutex_);
        heard_.append(bytes, bytes + got);
        (void)eventfd_write(said_.Get(), 1);
      } else if (result == 0) {
        (void)PollOne(stop_.Get(), POLLIN, kNothingSaidMs);
      } else if (result == LIBUSB_ERROR_PIPE) {
        if (libusb_clear_halt(handle_.get(), way_.in) != 0) MarkLost("LIBUSB_ERROR_PIPE");
      } else if (result != LIBUSB_ERROR_TIMEOUT && result != LIBUSB_ERROR_INTERRUPTED) {
        MarkLost(libusb_error_name(result));
      }
    }
  }

  void MarkLost(const char* why) {
    const std::lock_guard lock(mutex_);
    if (!lost_) why_lost_ = why;
    lost_ = true;
    (void)eventfd_write(said_.Get(), 1);
  }
  base::Error Lost() {
    const std::lock_guard lock(mutex_);
    return {LinkErrc::kLost, name_ + ": " + why_lost_};
  }

  Context context_;
  Handle handle_;
  const Way way_;
  const std::string name_;
  FileDescriptor said_;
  FileDescriptor stop_;
  bool halted_ = false;
  std::mutex mutex_;  ///< guards the two below
  std::string heard_;
  std::string why_lost_;
  std::atomic<bool> lost_{false};
  std::atomic<bool> stopping_{false};
  std::thread reader_;  ///< last: uses the others
};

LinkErrc WhyNotOpen(int result) {
  if (result == LIBUSB_ERROR_ACCESS) return LinkErrc::kNoPermission;
  return result == LIBUSB_ERROR_BUSY ? LinkErrc::kBusy : LinkErrc::kUnreachable;
}

/// Opens and claims one device, or says why not.
base::Expected<Handle> Claim(libusb_device* device, const Way& way, const std::string& name) {
  libusb_device_handle* opened = nullptr;
  if (const int result = libusb_open(device, &opened); result != 0) {
    return base::Fail(WhyNotOpen(result), name + ": " + libusb_error_name(result));
  }
  Handle handle(opened);
  libusb_set_auto_detach_kernel_driver(handle.get(), 1);
  if (const int result = libusb_claim_interface(handle.get(), way.interface); result != 0) {
    return base::Fail(WhyNotOpen(result), name + ": " + libusb_error_name(result));
  }
  if (way.alternate != 0) libusb_set_interface_alt_setting(handle.get(), way.interface, way.alternate);
  return handle;
}

/// The devices on the bus, held while this lives.
class DeviceList {
 public:
  explicit DeviceList(libusb_context* context) { count_ = libusb_get_device_list(context, &list_); }
  DeviceList(const DeviceList&) = delete;
  DeviceList& operator=(const DeviceList&) = delete;
  ~DeviceList() {
    if (count_ >= 0) libusb_free_device_list(list_, 1);
  }
  [[nodiscard]] libusb_device** begin() const { return list_; }
  [[nodiscard]] libusb_device** end() const { return list_ + std::max<ssize_t>(count_, 0); }

 private:
  libusb_device** list_ = nullptr;
  ssize_t count_ = 0;
};

}  // namespace

base::Expected<std::unique_ptr<Link>> OpenUsbLink(const UsbAddress& address) {
  const std::string name = ToString(Address(address));
  libusb_context* made = nullptr;
  if (const int result = libusb_init(&made); result != 0) {
    return base::Fail(LinkErrc::kUnreachable, name + ": " + libusb_error_name(result));
  }
  Context context(made);
  base::Error why(LinkErrc::kUnreachable, name + ": no such printer is plugged in");
  for (libusb_device* device : DeviceList(context.get())) {
    libusb_device_descriptor about{};
    if (libusb_get_device_descriptor(device, &about) != 0) continue;
    if (address.vendor != 0 && (about.idVendor != address.vendor || about.idProduct != address.product)) continue;
    const std::optional<Way> way = FindWay(device);
    if (!way) continue;
    auto handle = Claim(device, *way, name);
    if (!handle) {
      why = handle.error();
      continue;
    }
    if (!address.serial.empty() && SerialOf(handle->get(), about) != address.serial) {
      libusb_release_interface(handle->get(), way->interface);
      continue;
    }
    return std::unique_ptr<Link>(std::make_unique<UsbLink>(std::move(context), std::move(*handle), *way, name));
  }
  return base::Fail(std::move(why));
}

}  // namespace evertill::devices::link
