#include <CLI/CLI.hpp>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>

#include "app/base/assets.h"
#include "app/base/log.h"
#include "app/base/version.h"
#include "app/presenters/counter_thread.h"
#include "app/presenters/receipt_service.h"
#include "app/presenters/receipt_templates.h"
#include "app/render/receipt_page.h"
#include "app/render/receipt_renderer.h"
#include "app/store/catalogue_import.h"
#include "app/store/till_store.h"
#include "app/ui/app.h"
#include "devices/setup/devices.h"
#include "devices/setup/till_config.h"
#include "sync/client/hold_client.h"
#include "sync/client/sync_worker.h"

namespace evertill {
namespace {

constexpr std::chrono::seconds kTick{10};  // how late the pill's minutes may be

int Complain(const base::Error& error) {
  std::fprintf(stderr, "evertill: %s\n", error.ToString().c_str());
  return 1;
}

struct Arguments {
  std::filesystem::path data_dir;
  bool demo = false;
  bool kiosk = false;
  bool customer_window = false;
  std::string language;
};

/// XDG Base Directory specification: where a user's programs keep their data.
std::filesystem::path DefaultDataDir() {
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/') {
    return std::filesystem::path(data) / "evertill";
  }
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : "/tmp") / ".local/share/evertill";
}

bool TookCash(const domain::Sale& sale) {
  return std::any_of(sale.tenders.begin(), sale.tenders.end(),
                     [](const auto& tender) { return tender.kind == domain::TenderKind::kCash; });
}

/// One counter with all that works beside it: devices and head office, each on a thread of its own.
class Till final : public presenters::CounterPort {
 public:
  struct Parts {
    store::TillStore& store;
    base::Clock& clock;
    base::Random& random;
    client::HoldClient& holds;
    devices::setup::Devices& devices;
    presenters::ReceiptOptions receipts;
    bool drawer_by_receipt;  ///< the receipt opens the drawer, which hangs on the printer
  };

  Till(checkout::Counter counter, Parts parts, base::Dispatcher& dispatcher)
      : counter_(presenters::CounterPresenter(std::move(counter), parts.store.Identity().language), dispatcher,
                 [this] { AfterSale(); }),
        clock_(parts.clock),
        sales_(parts.store.Sales()),
        devices_(parts.devices),
        drawer_by_receipt_(parts.drawer_by_receipt) {
    counter_.on_view = [this](const presenters::View& view) { on_view(view); };
    counter_.on_sync = [this](const presenters::SyncView& view) { on_sync(view); };
    counter_.on_print = [this](const presenters::PrintView& view) { on_print(view); };
    counter_.on_device = [this](const checkout::DeviceStatus& status) { on_device(status); };
    counter_.on_device_answer = [this](const presenters::DeviceAnswer& answer) { on_device_answer(answer); };
    counter_.on_scan = [this](std::string code) { on_scan(std::move(code)); };
    StartPaper(parts);
    devices_.Listen([this](const checkout::DeviceStatus& status) { counter_.ReportDevice(status); },
                    [this](std::string text) { counter_.ReportScan(std::move(text)); });
    client::SyncWorkerOptions sync;
    // Head office has just answered: the next redemption may ask it at once.
    sync.on_round = [this, &holds = parts.holds](const client::SyncReport& report) {
      holds.MarkReachable();
      if (report.members + report.grants + report.permits + report.returned > 0 || report.new_life) NoteNews();
    };
    sync_ = std::make_unique<client::SyncWorker>(
        parts.store.Sync(), parts.store.RightsSync(), parts.clock, parts.random,
        [this](const client::SyncStatus& status) { ReportSync(status); }, std::move(sync));
    ticker_ = std::jthread([this](const std::stop_token& stop) { Tick(stop); });
    const std::lock_guard lock(gate_);
    ready_ = true;
  }
  ~Till() override {
    devices_.Listen({}, {});
    const std::lock_guard lock(gate_);
    ready_ = false;
  }

  void Do(presenters::Act act) override { counter_.Do(std::move(act)); }
  void UseLanguage(std::string language) override { counter_.UseLanguage(std::move(language)); }
  void PrintAgain(std::string receipt) override {
    if (receipts_) receipts_->PrintAgain(domain::ReceiptNumber(std::move(receipt)));
  }
  void PrintSeen(std::string receipt) override {
    if (receipts_) receipts_->PrintSeen(domain::ReceiptNumber(std::move(receipt)));
  }
  void UseDevice(presenters::DeviceAct act, checkout::DeviceKind kind, std::string address) override {
    device_work_.Post([this, act, kind, address = std::move(address)] {
      counter_.ReportDeviceAnswer(kind, address, TryDevice(act, kind));
    });
  }

 private:
  /// Receipts go to paper, and the screen hears how the last one stood when the till was closed.
  void StartPaper(const Parts& parts) {
    auto* printer = devices_.Printer();
    if (printer == nullptr) return;
    const auto last = parts.store.Sales().LastSale();
    if (last && *last) {
      if (const auto record = parts.store.Prints().PrintStateOf((*last)->receipt); record && *record) {
        counter_.ReportLastPrint(**record);
      }
    }
    receipts_ = std::make_unique<presenters::ReceiptService>(
        parts.store.Sales(), parts.store.Prints(), *printer, parts.clock, parts.store.Identity(), parts.receipts,
        [this](const checkout::PrintRecord& record, const std::optional<base::Error>& problem) {
          counter_.ReportPrint(record, problem);
        },
        parts.drawer_by_receipt ? devices_.Drawer() : nullptr);
  }

  /// On the devices' worker: may block as long as a link does.
  base::Status TryDevice(presenters::DeviceAct act, checkout::DeviceKind kind) {
    switch (act) {
      case presenters::DeviceAct::kTestPrint: {
        EVERTILL_ASSIGN([[maybe_unused]] const auto printed, devices_.PrintTestPage(kind));
        return {};
      }
      case presenters::DeviceAct::kZeroScale:
        if (devices_.Scale() == nullptr) break;
        return devices_.Scale()->Zero();
    }
    return {};
  }

  /// On the counter's thread, which may run before and after the two services live.
  void AfterSale() {
    const std::lock_guard lock(gate_);
    if (!ready_) return;
    if (receipts_) receipts_->Wake();
    sync_->Nudge();
    if (devices_.Drawer() == nullptr || drawer_by_receipt_) return;
    if (const auto sale = sales_.LastSale(); sale && *sale && TookCash(**sale)) {
      device_work_.Post([drawer = devices_.Drawer()] {
        if (const auto opened = drawer->Open(); !opened) base::LogWarn("drawer: {}", opened.error().ToString());
      });
    }
  }

  void ReportSync(const client::SyncStatus& status) {
    const std::lock_guard lock(status_mutex_);
    status_ = status;
    ShowStatus();
  }

  /// Head office has told something about members: whoever is at the counter is shown anew.
  void NoteNews() {
    const std::lock_guard lock(status_mutex_);
    ++changes_;
    ShowStatus();
  }

  /// With status_mutex_ held.
  void ShowStatus() {
    presenters::SyncView view;
    view.sales_safe_here = status_.pending_sales;
    view.changes = changes_;
    if (status_.enrolled) {
      view.state = status_.online ? presenters::SyncView::State::kOnline : presenters::SyncView::State::kOffline;
    }
    if (view.state == presenters::SyncView::State::kOffline) {
      const auto away = std::chrono::duration_cast<std::chrono::minutes>(clock_.Now() - status_.offline_since);
      view.offline_minutes = std::max<int64_t>(0, away.count());
    }
    counter_.ReportSync(view);
  }

  /// The worker tells of changes only; that another minute has passed is one for the screen.
  void Tick(const std::stop_token& stop) {
    std::unique_lock lock(status_mutex_);
    while (!stop.stop_requested()) {
      ticked_.wait_for(lock, stop, kTick, [] { return false; });
      if (!stop.stop_requested() && status_.enrolled && !status_.online) ShowStatus();
    }
  }

  std::mutex gate_;  ///< held while the services are used from the counter's thread
  bool ready_ = false;
  presenters::CounterThread counter_;
  std::unique_ptr<presenters::ReceiptService> receipts_;
  base::Clock& clock_;
  checkout::SaleLog& sales_;
  devices::setup::Devices& devices_;
  const bool drawer_by_receipt_;
  base::Worker device_work_{"devices"};
  std::mutex status_mutex_;
  std::condition_variable_any ticked_;
  client::SyncStatus status_;
  int64_t changes_ = 0;
  std::unique_ptr<client::SyncWorker> sync_;  ///< ends before paper and counter, which it reports to
  std::jthread ticker_;                       ///< last: ends first
};

/// A shop to look at, made once: 200 products, no cashiers to sign in, a float of zero.
base::Status MakeDemo(const std::filesystem::path& dir, const std::string& language, const base::Clock& clock,
                      base::Random& random) {
  std::error_code error;
  if (std::filesystem::exists(dir / "till.db", error)) return {};
  EVERTILL_ASSIGN(const domain::Currency currency, domain::Currency::Find("THB"));
  const store::InitOptions options{.terminal = {domain::StoreCode("S01"), domain::TillCode("L03"), 1},
                                   .currency = currency,
                                   .language = language.empty() ? "en" : language,
                                   .store_name = "Siam Square",
                                   .unattended = checkout::Role::kCashier};
  EVERTILL_TRY(store::TillStore::Init(dir, options, clock, random));
  EVERTILL_ASSIGN(const std::unique_ptr<store::TillStore> store, store::TillStore::Open(dir, clock, random));
  EVERTILL_TRY(store::ImportCatalogue(store->Catalogue(), base::AssetsDir() / "demo" / "catalogue.csv", {}));
  return {};
}

/// A scanner that types is read by the window; the last one set up counts.
presenters::WedgeSettings WedgeOf(const devices::setup::TillConfig& config) {
  presenters::WedgeSettings wedge;
  for (const auto& scanner : config.scanners) {
    if (scanner.kind != devices::scanner::ScannerKind::kWedge) continue;
    wedge = {scanner.prefix, scanner.suffix == "\t", scanner.gap_ms};
  }
  return wedge;
}

/// DIR/receipts/logo.png, where there is one.
std::optional<domain::PictureElement> Logo(const std::filesystem::path& data_dir, int dots) {
  const auto file = data_dir / "receipts" / "logo.png";
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::nullopt;
  auto logo = render::ReadPicture(file, dots * 2 / 3);
  if (logo) return std::move(*logo);
  base::LogWarn("receipts: {}", logo.error().ToString());
  return std::nullopt;
}

ui::Look LookOf(const std::string& theme) {
  if (theme == "dark") return ui::Look::kDark;
  return theme == "high-contrast" ? ui::Look::kHighContrast : ui::Look::kLight;
}

int RunTill(const Arguments& given) {
  const auto clock = base::MakeSystemClock();
  const auto random = base::MakeSystemRandom();
  if (given.demo) {
    if (auto made = MakeDemo(given.data_dir, given.language, *clock, *random); !made) return Complain(made.error());
  }
  auto store = store::TillStore::Open(given.data_dir, *clock, *random);
  if (!store) return Complain(store.error());
  base::LogToFile(given.data_dir / "evertill.log");
  const auto config = devices::setup::LoadTillConfig(given.data_dir);
  if (!config) return Complain(config.error());
  auto devices = devices::setup::Devices::Open(*config, given.data_dir, *clock);
  if (!devices) return Complain(devices.error());
  checkout::TillIdentity till = (*store)->Identity();
  if (!given.language.empty()) till.language = given.language;
  till.patterns = config->patterns;
  const auto templates = presenters::ReceiptTemplates::ForTill(given.data_dir);
  for (const auto& problem : templates.Problems()) base::LogWarn("receipts: {}", problem.ToString());
  client::HoldClient holds((*store)->Sync(), *clock, *random);
  auto counter =
      checkout::Counter::Open(till, domain::DefaultTaxScheme(till.currency),
                              {(*store)->Catalogue(), (*store)->Members(), (*store)->Cashiers(), (*store)->Sales(),
                               (*store)->Basket(), (*store)->Rules(), (*store)->Rights(), &holds, *clock, *random});
  if (!counter) return Complain(counter.error());
  counter->SetWantsReceipt((*devices)->Printer() != nullptr);

  ui::UiOptions options;
  options.language = till.language;
  options.kiosk = given.kiosk;
  options.look = LookOf(config->theme);
  options.clock = clock.get();
  if (config->customer_screen.on) options.customer.monitor = std::max(2, config->customer_screen.monitor);
  options.customer.asked_for = config->customer_screen.asked_for;
  options.wedge = WedgeOf(*config);
  options.customer.windowed = given.customer_window;
  if (auto* pole = (*devices)->Pole()) options.displays.push_back(pole);
  return ui::RunApp(options, [&](base::Dispatcher& dispatcher) {
    const bool on_printer = config->drawer.where == devices::setup::DrawerConfig::Where::kPrinter;
    presenters::ReceiptOptions receipts;
    receipts.links = &(*store)->Links();
    receipts.shop = config->shop;
    receipts.templates = &templates;
    receipts.drawer_kick = on_printer;
    receipts.logo = Logo(given.data_dir, config->paper_mm == 58 ? render::kDots58mm : render::kDots80mm);
    return std::make_unique<Till>(
        std::move(*counter), Till::Parts{**store, *clock, *random, holds, **devices, receipts, on_printer}, dispatcher);
  });
}

int Run(int argc, char** argv) {
  CLI::App app{"Evertill: the till. Sells with or without a network; a sale that it says is saved, is.", "evertill"};
  Arguments given;
  app.add_option("--data-dir", given.data_dir, "The till's data directory (default: $XDG_DATA_HOME/evertill)")
      ->type_name("DIR");
  app.add_flag("--demo", given.demo, "Make a demo shop in the data directory if there is no till yet");
  app.add_flag("--kiosk", given.kiosk, "Full screen, without a frame");
  app.add_flag("--customer-window", given.customer_window, "The customer's screen in a window, for trying it out");
  app.add_option("--lang", given.language, "Language of the screen: en, th or vi (default: the till's)")
      ->check(CLI::IsMember({"en", "th", "vi"}));
  app.set_version_flag("--version", std::string("evertill ") + base::kVersion);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);
  } catch (const CLI::ParseError& wrong) {
    std::fprintf(stderr, "evertill: %s (see evertill --help)\n", wrong.what());
    return 2;
  }
  if (given.data_dir.empty()) {
    given.data_dir = DefaultDataDir();
    if (given.demo) given.data_dir += "-demo";
  }
  return RunTill(given);
}

}  // namespace
}  // namespace evertill

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return evertill::Run(argc, argv);
}
