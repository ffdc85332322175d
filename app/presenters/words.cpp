#include "app/presenters/words.h"

#include <algorithm>
#include <boost/locale/gnu_gettext.hpp>
#include <boost/locale/message.hpp>
#include <fstream>
#include <iterator>
#include <locale>

#include "app/base/assets.h"
#include "app/base/log.h"
#include "app/presenters/explain.h"

namespace evertill::presenters {
namespace {

constexpr char kDomain[] = "evertill";

std::vector<char> ReadCatalogue(const std::string& path, const std::string& /*encoding*/) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void Replace(std::string& text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

/// Digits in groups of three.
std::string Grouped(const std::string& digits, char separator) {
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += separator;
    out += digits[i];
  }
  return out;
}

}  // namespace

struct Words::Catalogue {
  std::locale locale;
};

Words::Words(std::string language, std::unique_ptr<Catalogue> catalogue)
    : language_(std::move(language)), catalogue_(std::move(catalogue)) {}

Words::~Words() = default;

const std::vector<std::string>& Words::Languages() {
  static const std::vector<std::string> kLanguages{"en", "th", "vi"};
  return kLanguages;
}

std::shared_ptr<const Words> Words::For(std::string_view language) {
  const auto& known = Languages();
  const bool found = std::find(known.begin(), known.end(), language) != known.end();
  std::string name = found ? std::string(language) : "en";
  auto catalogue = std::make_unique<Catalogue>();
  if (name != "en") {
    // The catalogue is read from its file and bound to a locale object of our own: no locale of that language needs to
    // be installed on the machine.
    boost::locale::gnu_gettext::messages_info info;
    info.language = name;
    info.encoding = "UTF-8";
    info.locale_category = "LC_MESSAGES";
    info.paths.push_back((base::AssetsDir() / "locale").string());
    info.domains.emplace_back(std::string(kDomain) + "/UTF-8");
    info.callback = ReadCatalogue;
    try {
      catalogue->locale =
          std::locale(std::locale::classic(), boost::locale::gnu_gettext::create_messages_facet<char>(info));
    } catch (const std::exception& problem) {
      base::LogError("no words in {}: {}", name, problem.what());
    }
  }
  return std::shared_ptr<const Words>(new Words(std::move(name), std::move(catalogue)));
}

std::string Words::Tr(const char* phrase) const {
  if (language_ == "en" || *phrase == '\0') return phrase;
  return boost::locale::dgettext(kDomain, phrase, catalogue_->locale);
}

std::string Words::TrN(const char* one, const char* many, int64_t count) const {
  std::string text;
  if (language_ == "en") {
    text = count == 1 ? one : many;
  } else {
    const auto n = static_cast<int>(std::min<int64_t>(count, 1'000'000));
    text = boost::locale::dngettext(kDomain, one, many, n, catalogue_->locale);
  }
  Replace(text, "%1", Count(count));
  return text;
}

std::string Words::Tr(const char* phrase, const std::vector<std::string>& arguments) const {
  std::string text = Tr(phrase);
  for (size_t i = 0; i < arguments.size(); ++i) Replace(text, "%" + std::to_string(i + 1), arguments[i]);
  return text;
}

std::string Words::Count(int64_t count) const {
  const std::string digits = std::to_string(count < 0 ? -count : count);
  return (count < 0 ? "−" : "") + Grouped(digits, language_ == "vi" ? '.' : ',');
}

std::string Words::Amount(domain::Money amount) const {
  const bool vietnamese = language_ == "vi";
  const std::string decimal = (amount.IsNegative() ? -amount : amount).ToDecimal();
  const size_t point = decimal.find('.');
  std::string text = Grouped(decimal.substr(0, point), vietnamese ? '.' : ',');
  if (point != std::string::npos) text += (vietnamese ? "," : ".") + decimal.substr(point + 1);
  const std::string symbol(amount.GetCurrency().Info().symbol);
  // Vietnamese writes the sign behind the number; currencies without a sign of their own show their code.
  if (vietnamese) {
    text += " " + symbol;
  } else {
    text.insert(0, symbol.size() == 3 && symbol[0] >= 'A' && symbol[0] <= 'Z' ? symbol + " " : symbol);
  }
  return amount.IsNegative() ? "−" + text : text;
}

std::string Words::Explain(const base::Error& error) const {
  return ExplainError(*this, error);
}

std::string Words::SyncPill(const SyncView& sync) const {
  switch (sync.state) {
    case SyncView::State::kNotEnrolled:
      return Tr("Not connected to head office");
    case SyncView::State::kOnline:
      return Tr("Online");
    case SyncView::State::kOffline:
      break;
  }
  const std::string since = sync.offline_minutes < 120 ? TrN("Offline %1 min", "Offline %1 min", sync.offline_minutes)
                                                       : TrN("Offline %1 h", "Offline %1 h", sync.offline_minutes / 60);
  if (sync.sales_safe_here == 0) return since;
  return since + " — " + TrN("%1 sale safe here", "%1 sales safe here", sync.sales_safe_here);
}

}  // namespace evertill::presenters
