#include <algorithm>
#include <array>

#include "app/domain/errors.h"
#include "app/domain/money.h"

namespace evertill::domain {
namespace {

// ISO 4217 active codes with their minor units (list one, 2024). Cash steps only where a central bank has withdrawn
// the smaller coins and shops round by law or by its guidance. Sorted by code.
constexpr auto kCurrencies = std::to_array<CurrencyInfo>({
    {"AED", 2, 1, "AED"},  {"AFN", 2, 1, "AFN"},   {"ALL", 2, 1, "ALL"}, {"AMD", 2, 1, "AMD"},   {"ANG", 2, 1, "ANG"},
    {"AOA", 2, 1, "AOA"},  {"ARS", 2, 1, "ARS"},   {"AUD", 2, 5, "A$"},  {"AWG", 2, 1, "AWG"},   {"AZN", 2, 1, "AZN"},
    {"BAM", 2, 1, "BAM"},  {"BBD", 2, 1, "BBD"},   {"BDT", 2, 1, "BDT"}, {"BGN", 2, 1, "BGN"},   {"BHD", 3, 1, "BHD"},
    {"BIF", 0, 1, "BIF"},  {"BMD", 2, 1, "BMD"},   {"BND", 2, 1, "BND"}, {"BOB", 2, 1, "BOB"},   {"BRL", 2, 1, "BRL"},
    {"BSD", 2, 1, "BSD"},  {"BTN", 2, 1, "BTN"},   {"BWP", 2, 1, "BWP"}, {"BYN", 2, 1, "BYN"},   {"BZD", 2, 1, "BZD"},
    {"CAD", 2, 5, "CAD"},  {"CDF", 2, 1, "CDF"},   {"CHF", 2, 5, "CHF"}, {"CLP", 0, 1, "CLP"},   {"CNY", 2, 1, "¥"},
    {"COP", 2, 1, "COP"},  {"CRC", 2, 1, "CRC"},   {"CUP", 2, 1, "CUP"}, {"CVE", 2, 1, "CVE"},   {"CZK", 2, 100, "CZK"},
    {"DJF", 0, 1, "DJF"},  {"DKK", 2, 50, "DKK"},  {"DOP", 2, 1, "DOP"}, {"DZD", 2, 1, "DZD"},   {"EGP", 2, 1, "EGP"},
    {"ERN", 2, 1, "ERN"},  {"ETB", 2, 1, "ETB"},   {"EUR", 2, 1, "€"},   {"FJD", 2, 1, "FJD"},   {"FKP", 2, 1, "FKP"},
    {"GBP", 2, 1, "£"},    {"GEL", 2, 1, "GEL"},   {"GHS", 2, 1, "GHS"}, {"GIP", 2, 1, "GIP"},   {"GMD", 2, 1, "GMD"},
    {"GNF", 0, 1, "GNF"},  {"GTQ", 2, 1, "GTQ"},   {"GYD", 2, 1, "GYD"}, {"HKD", 2, 1, "HK$"},   {"HNL", 2, 1, "HNL"},
    {"HTG", 2, 1, "HTG"},  {"HUF", 2, 500, "HUF"}, {"IDR", 2, 1, "Rp"},  {"ILS", 2, 1, "ILS"},   {"INR", 2, 1, "₹"},
    {"IQD", 3, 1, "IQD"},  {"IRR", 2, 1, "IRR"},   {"ISK", 0, 1, "ISK"}, {"JMD", 2, 1, "JMD"},   {"JOD", 3, 1, "JOD"},
    {"JPY", 0, 1, "¥"},    {"KES", 2, 1, "KES"},   {"KGS", 2, 1, "KGS"}, {"KHR", 2, 1, "៛"},     {"KMF", 0, 1, "KMF"},
    {"KPW", 2, 1, "KPW"},  {"KRW", 0, 1, "₩"},     {"KWD", 3, 1, "KWD"}, {"KYD", 2, 1, "KYD"},   {"KZT", 2, 1, "KZT"},
    {"LAK", 2, 1, "₭"},    {"LBP", 2, 1, "LBP"},   {"LKR", 2, 1, "LKR"}, {"LRD", 2, 1, "LRD"},   {"LSL", 2, 1, "LSL"},
    {"LYD", 3, 1, "LYD"},  {"MAD", 2, 1, "MAD"},   {"MDL", 2, 1, "MDL"}, {"MGA", 2, 1, "MGA"},   {"MKD", 2, 1, "MKD"},
    {"MMK", 2, 1, "MMK"},  {"MNT", 2, 1, "MNT"},   {"MOP", 2, 1, "MOP"}, {"MRU", 2, 1, "MRU"},   {"MUR", 2, 1, "MUR"},
    {"MVR", 2, 1, "MVR"},  {"MWK", 2, 1, "MWK"},   {"MXN", 2, 1, "MXN"}, {"MYR", 2, 5, "RM"},    {"MZN", 2, 1, "MZN"},
    {"NAD", 2, 1, "NAD"},  {"NGN", 2, 1, "NGN"},   {"NIO", 2, 1, "NIO"}, {"NOK", 2, 100, "NOK"}, {"NPR", 2, 1, "NPR"},
    {"NZD", 2, 10, "NZD"}, {"OMR", 3, 1, "OMR"},   {"PAB", 2, 1, "PAB"}, {"PEN", 2, 1, "PEN"},   {"PGK", 2, 1, "PGK"},
    {"PHP", 2, 1, "₱"},    {"PKR", 2, 1, "PKR"},   {"PLN", 2, 1, "PLN"}, {"PYG", 0, 1, "PYG"},   {"QAR", 2, 1, "QAR"},
    {"RON", 2, 1, "RON"},  {"RSD", 2, 1, "RSD"},   {"RUB", 2, 1, "RUB"}, {"RWF", 0, 1, "RWF"},   {"SAR", 2, 1, "SAR"},
    {"SBD", 2, 1, "SBD"},  {"SCR", 2, 1, "SCR"},   {"SDG", 2, 1, "SDG"}, {"SEK", 2, 100, "SEK"}, {"SGD", 2, 5, "S$"},
    {"SHP", 2, 1, "SHP"},  {"SLE", 2, 1, "SLE"},   {"SOS", 2, 1, "SOS"}, {"SRD", 2, 1, "SRD"},   {"SSP", 2, 1, "SSP"},
    {"STN", 2, 1, "STN"},  {"SVC", 2, 1, "SVC"},   {"SYP", 2, 1, "SYP"}, {"SZL", 2, 1, "SZL"},   {"THB", 2, 1, "฿"},
    {"TJS", 2, 1, "TJS"},  {"TMT", 2, 1, "TMT"},   {"TND", 3, 1, "TND"}, {"TOP", 2, 1, "TOP"},   {"TRY", 2, 1, "TRY"},
    {"TTD", 2, 1, "TTD"},  {"TWD", 2, 1, "NT$"},   {"TZS", 2, 1, "TZS"}, {"UAH", 2, 1, "UAH"},   {"UGX", 0, 1, "UGX"},
    {"USD", 2, 1, "$"},    {"UYI", 0, 1, "UYI"},   {"UYU", 2, 1, "UYU"}, {"UZS", 2, 1, "UZS"},   {"VES", 2, 1, "VES"},
    {"VND", 0, 1, "₫"},    {"VUV", 0, 1, "VUV"},   {"WST", 2, 1, "WST"}, {"XAF", 0, 1, "XAF"},   {"XCD", 2, 1, "XCD"},
    {"XOF", 0, 1, "XOF"},  {"XPF", 0, 1, "XPF"},   {"YER", 2, 1, "YER"}, {"ZAR", 2, 1, "ZAR"},   {"ZMW", 2, 1, "ZMW"},
});

}  // namespace

base::Expected<Currency> Currency::Find(std::string_view code) {
  const auto* found =
      std::lower_bound(kCurrencies.begin(), kCurrencies.end(), code,
                       [](const CurrencyInfo& info, std::string_view wanted) { return info.code < wanted; });
  if (found == kCurrencies.end() || found->code != code) {
    return base::Fail(DomainErrc::kUnknownCurrency, "\"" + std::string(code.substr(0, 20)) + "\" is no ISO 4217 code");
  }
  return Currency(found);
}

}  // namespace evertill::domain
