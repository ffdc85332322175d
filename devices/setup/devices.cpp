#include "devices/setup/devices.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>

#include "app/base/assets.h"
#include "devices/link/link_error.h"
#include "devices/printer/open_printer.h"
#include "devices/printer/profiles.h"
#include "devices/printer/test_page.h"
#include "devices/scanner/scanner.h"

namespace evertill::devices::setup {
namespace {

/// Where reports go: kept apart from the devices, whose threads report as soon as they are made.
class Switchboard {
 public:
  void Put(const checkout::DeviceStatus& status) {
    const std::lock_guard lock(mutex_);
    const auto known = std::find_if(statuses_.begin(), statuses_.end(), [&](const auto& one) {
      return one.kind == status.kind && one.address == status.address;
    });
    if (known == statuses_.end()) {
      statuses_.push_back(status);
    } else {
      *known = status;
    }
    if (report_) report_(status);
    changed_.notify_all();
  }
  void Scanned(std::string text) {
    const std::lock_guard lock(mutex_);
    if (scan_) scan_(std::move(text));
  }
  void Listen(checkout::DeviceReport report, checkout::ScanReport scan) {
    const std::lock_guard lock(mutex_);
    report_ = std::move(report);
    scan_ = std::move(scan);
    if (!report_) return;
    for (const auto& status : statuses_) report_(status);
  }
  std::vector<checkout::DeviceStatus> All() {
    const std::lock_guard lock(mutex_);
    return statuses_;
  }
  std::vector<checkout::DeviceStatus> Await(size_t devices, int limit_ms) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(limit_ms), [&] {
      return statuses_.size() >= devices && std::none_of(statuses_.begin(), statuses_.end(), [](const auto& one) {
               return one.state == checkout::DeviceState::kConnecting;
             });
    });
    return statuses_;
  }

 private:
  std::mutex mutex_;  ///< also held while a listener is called: none is called after it was replaced
  std::condition_variable changed_;
  std::vector<checkout::DeviceStatus> statuses_;
  checkout::DeviceReport report_;
  checkout::ScanReport scan_;
};

/// Where records of one kind are: the shop's own first.
std::array<std::filesystem::path, 2> Folders(const std::filesystem::path& data_dir, const char* kind) {
  return {data_dir / kind, base::AssetsDir() / kind};
}

}  // namespace

struct Devices::State {
  Switchboard board;
  size_t count = 0;
  // After the board: they report to it until they end.
  printer::PrinterProfile profile;
  std::unique_ptr<printer::PrinterSession> printer;
  std::unique_ptr<drawer::SerialDrawer> own_drawer;
  checkout::CashDrawer* drawer = nullptr;
  std::unique_ptr<scale::SerialScale> scale;
  std::unique_ptr<display::PoleDisplay> pole;
  std::unique_ptr<label::LabelPrinter> labels;
  std::vector<std::unique_ptr<scanner::Scanner>> scanners;

  [[nodiscard]] checkout::DeviceReport Report() {
    ++count;
    return [this](const checkout::DeviceStatus& status) { board.Put(status); };
  }

  base::Status OpenPrinter(const TillConfig& config, const std::filesystem::path& data_dir) {
    if (config.printer.empty()) return {};
    EVERTILL_ASSIGN(profile, PrinterProfileOf(config, data_dir));
    printer::SessionOptions options;
    options.report = Report();
    options.drawer = config.drawer.connector;
    EVERTILL_ASSIGN(printer, printer::OpenPrinter(config.printer, profile, options));
    return {};
  }

  base::Status OpenDrawer(const DrawerConfig& config, const base::Clock& clock) {
    if (config.where == DrawerConfig::Where::kPrinter) drawer = printer.get();
    if (config.where != DrawerConfig::Where::kOwnPort) return {};
    EVERTILL_ASSIGN(own_drawer, drawer::SerialDrawer::Create(config.port, clock, Report()));
    drawer = own_drawer.get();
    return {};
  }

  base::Status OpenOthers(const TillConfig& config, const std::filesystem::path& data_dir, const base::Clock& clock) {
    if (!config.scale.address.empty()) {
      EVERTILL_ASSIGN(scale, scale::SerialScale::Create(config.scale, clock, Report(), Folders(data_dir, "scales")));
    }
    if (!config.pole.address.empty()) {
      EVERTILL_ASSIGN(pole, display::PoleDisplay::Create(config.pole, clock, Report(), Folders(data_dir, "displays")));
    }
    if (!config.label_printer.address.empty()) {
      EVERTILL_ASSIGN(labels, label::LabelPrinter::Create(config.label_printer, Report()));
    }
    for (const auto& settings : config.scanners) {
      if (settings.kind == scanner::ScannerKind::kWedge) continue;  // its keys come to the window
      EVERTILL_ASSIGN(
          auto one, scanner::Scanner::Start(settings, clock,
                                            {[this](std::string text) { board.Scanned(std::move(text)); }, Report()}));
      scanners.push_back(std::move(one));
    }
    return {};
  }
};

Devices::Devices() : state_(std::make_unique<State>()) {}

Devices::~Devices() {
  Listen({}, {});
}

base::Expected<std::unique_ptr<Devices>> Devices::Open(const TillConfig& config, const std::filesystem::path& data_dir,
                                                       const base::Clock& clock) {
  std::unique_ptr<Devices> devices(new Devices);
  EVERTILL_TRY(devices->state_->OpenPrinter(config, data_dir));
  EVERTILL_TRY(devices->state_->OpenDrawer(config.drawer, clock));
  EVERTILL_TRY(devices->state_->OpenOthers(config, data_dir, clock));
  return devices;
}

void Devices::Listen(checkout::DeviceReport report, checkout::ScanReport scan) {
  state_->board.Listen(std::move(report), std::move(scan));
}

printer::PrinterSession* Devices::Printer() {
  return state_->printer.get();
}

checkout::CashDrawer* Devices::Drawer() {
  return state_->drawer;
}

checkout::Scale* Devices::Scale() {
  return state_->scale.get();
}

checkout::CustomerDisplay* Devices::Pole() {
  return state_->pole.get();
}

label::LabelPrinter* Devices::Labels() {
  return state_->labels.get();
}

base::Expected<checkout::PrintState> Devices::PrintTestPage(checkout::DeviceKind printer) {
  if (printer == checkout::DeviceKind::kLabelPrinter && state_->labels) {
    label::ShelfLabel sample;
    sample.name = "Evertill ทดสอบ thử";
    sample.price = "12.50";
    sample.barcode = "4006381333931";
    return state_->labels->Print(sample);
  }
  if (!state_->printer) return base::Fail(link::LinkErrc::kUnreachable, "no receipt printer is set up");
  EVERTILL_ASSIGN(std::string page, printer::EncodeTestPage(state_->profile));
  return state_->printer->Send(std::move(page));
}

std::vector<checkout::DeviceStatus> Devices::Statuses() const {
  return state_->board.All();
}

std::vector<checkout::DeviceStatus> Devices::AwaitStatuses(int limit_ms) {
  if (state_->labels) (void)state_->labels->Look();
  auto statuses = state_->board.Await(state_->count, limit_ms);
  if (state_->printer) {  // "offline" comes first, and why it is a little later
    const auto whole = state_->printer->AwaitStatus(limit_ms);
    for (auto& status : statuses) {
      if (status.kind == whole.kind) status = whole;
    }
  }
  return statuses;
}

base::Expected<printer::PrinterProfile> PrinterProfileOf(const TillConfig& config,
                                                         const std::filesystem::path& data_dir) {
  return printer::Profiles::ForTill(data_dir).Find(config.printer_profile, config.paper_mm);
}

}  // namespace evertill::devices::setup
