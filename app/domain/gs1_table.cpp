#include "app/domain/gs1_table.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "app/domain/barcode.h"

namespace evertill::domain {
namespace {

// GS1 General Specifications, figure 3.2-1, in the order of the AIs as text.
constexpr Gs1Rule kRules[] = {
    {0, 0, 2, true, "n18c", "SSCC"},
    {1, 1, 2, true, "n14c", "GTIN"},
    {2, 2, 2, true, "n14c", "CONTENT"},
    {10, 10, 2, false, "x..20", "BATCH/LOT"},
    {11, 11, 2, true, "n6d", "PROD DATE"},
    {12, 12, 2, true, "n6d", "DUE DATE"},
    {13, 13, 2, true, "n6d", "PACK DATE"},
    {15, 15, 2, true, "n6d", "BEST BEFORE"},
    {16, 16, 2, true, "n6d", "SELL BY"},
    {17, 17, 2, true, "n6d", "USE BY OR EXPIRY"},
    {20, 20, 2, true, "n2", "VARIANT"},
    {21, 21, 2, false, "x..20", "SERIAL"},
    {22, 22, 2, false, "x..20", "CPV"},
    {235, 235, 3, false, "x..28", "TPX"},
    {240, 240, 3, false, "x..30", "ADDITIONAL ID"},
    {241, 241, 3, false, "x..30", "CUST. PART No."},
    {242, 242, 3, false, "n..6", "MTO VARIANT"},
    {243, 243, 3, false, "x..20", "PCN"},
    {250, 250, 3, false, "x..30", "SECONDARY SERIAL"},
    {251, 251, 3, false, "x..30", "REF. TO SOURCE"},
    {253, 253, 3, false, "n13c [x..17]", "GDTI"},
    {254, 254, 3, false, "x..20", "GLN EXTENSION COMPONENT"},
    {255, 255, 3, false, "n13c [n..12]", "GCN"},
    {30, 30, 2, false, "n..8", "VAR. COUNT"},
    {3100, 3105, 4, true, "n6", "NET WEIGHT (kg)"},
    {3110, 3115, 4, true, "n6", "LENGTH (m)"},
    {3120, 3125, 4, true, "n6", "WIDTH (m)"},
    {3130, 3135, 4, true, "n6", "HEIGHT (m)"},
    {3140, 3145, 4, true, "n6", "AREA (m2)"},
    {3150, 3155, 4, true, "n6", "NET VOLUME (l)"},
    {3160, 3165, 4, true, "n6", "NET VOLUME (m3)"},
    {3200, 3205, 4, true, "n6", "NET WEIGHT (lb)"},
    {3210, 3215, 4, true, "n6", "LENGTH (in)"},
    {3220, 3225, 4, true, "n6", "LENGTH (ft)"},
    {3230, 3235, 4, true, "n6", "LENGTH (yd)"},
    {3240, 3245, 4, true, "n6", "WIDTH (in)"},
    {3250, 3255, 4, true, "n6", "WIDTH (ft)"},
    {3260, 3265, 4, true, "n6", "WIDTH (yd)"},
    {3270, 3275, 4, true, "n6", "HEIGHT (in)"},
    {3280, 3285, 4, true, "n6", "HEIGHT (ft)"},
    {3290, 3295, 4, true, "n6", "HEIGHT (yd)"},
    {3300, 3305, 4, true, "n6", "GROSS WEIGHT (kg)"},
    {3310, 3315, 4, true, "n6", "LENGTH (m), log"},
    {3320, 3325, 4, true, "n6", "WIDTH (m), log"},
    {3330, 3335, 4, true, "n6", "HEIGHT (m), log"},
    {3340, 3345, 4, true, "n6", "AREA (m2), log"},
    {3350, 3355, 4, true, "n6", "VOLUME (l), log"},
    {3360, 3365, 4, true, "n6", "VOLUME (m3), log"},
    {3370, 3375, 4, true, "n6", "KG PER m2"},
    {3400, 3405, 4, true, "n6", "GROSS WEIGHT (lb)"},
    {3410, 3415, 4, true, "n6", "LENGTH (in), log"},
    {3420, 3425, 4, true, "n6", "LENGTH (ft), log"},
    {3430, 3435, 4, true, "n6", "LENGTH (yd), log"},
    {3440, 3445, 4, true, "n6", "WIDTH (in), log"},
    {3450, 3455, 4, true, "n6", "WIDTH (ft), log"},
    {3460, 3465, 4, true, "n6", "WIDTH (yd), log"},
    {3470, 3475, 4, true, "n6", "HEIGHT (in), log"},
    {3480, 3485, 4, true, "n6", "HEIGHT (ft), log"},
    {3490, 3495, 4, true, "n6", "HEIGHT (yd), log"},
    {3500, 3505, 4, true, "n6", "AREA (in2)"},
    {3510, 3515, 4, true, "n6", "AREA (ft2)"},
    {3520, 3525, 4, true, "n6", "AREA (yd2)"},
    {3530, 3535, 4, true, "n6", "AREA (in2), log"},
    {3540, 3545, 4, true, "n6", "AREA (ft2), log"},
    {3550, 3555, 4, true, "n6", "AREA (yd2), log"},
    {3560, 3565, 4, true, "n6", "NET WEIGHT (t oz)"},
    {3570, 3575, 4, true, "n6", "NET VOLUME (oz)"},
    {3600, 3605, 4, true, "n6", "NET VOLUME (qt)"},
    {3610, 3615, 4, true, "n6", "NET VOLUME (gal.)"},
    {3620, 3625, 4, true, "n6", "VOLUME (qt), log"},
    {3630, 3635, 4, true, "n6", "VOLUME (gal.), log"},
    {3640, 3645, 4, true, "n6", "VOLUME (in3)"},
    {3650, 3655, 4, true, "n6", "VOLUME (ft3)"},
    {3660, 3665, 4, true, "n6", "VOLUME (yd3)"},
    {3670, 3675, 4, true, "n6", "VOLUME (in3), log"},
    {3680, 3685, 4, true, "n6", "VOLUME (ft3), log"},
    {3690, 3695, 4, true, "n6", "VOLUME (yd3), log"},
    {37, 37, 2, false, "n..8", "COUNT"},
    {3900, 3909, 4, false, "n..15", "AMOUNT"},
    {3910, 3919, 4, false, "n3$ n..15", "AMOUNT"},
    {3920, 3929, 4, false, "n..15", "PRICE"},
    {3930, 3939, 4, false, "n3$ n..15", "PRICE"},
    {3940, 3943, 4, false, "n4", "PRCNT OFF"},
    {3950, 3955, 4, false, "n6", "PRICE/UoM"},
    {400, 400, 3, false, "x..30", "ORDER NUMBER"},
    {401, 401, 3, false, "x..30", "GINC"},
    {402, 402, 3, false, "n17c", "GSIN"},
    {403, 403, 3, false, "x..30", "ROUTE"},
    {410, 417, 3, true, "n13c", "GLN"},
    {420, 420, 3, false, "x..20", "SHIP TO POST"},
    {421, 421, 3, false, "n3 x..9", "SHIP TO POST"},
    {422, 422, 3, false, "n3", "ORIGIN"},
    {423, 423, 3, false, "n..15", "COUNTRY - INITIAL PROCESS"},
    {424, 424, 3, false, "n3", "COUNTRY - PROCESS"},
    {425, 425, 3, false, "n..15", "COUNTRY - DISASSEMBLY"},
    {426, 426, 3, false, "n3", "COUNTRY - FULL PROCESS"},
    {427, 427, 3, false, "x..3", "ORIGIN SUBDIVISION"},
    {4300, 4301, 4, false, "x..35", "SHIP TO"},
    {4302, 4306, 4, false, "x..70", "SHIP TO"},
    {4307, 4307, 4, false, "x2", "SHIP TO COUNTRY"},
    {4308, 4308, 4, false, "x..30", "SHIP TO PHONE"},
    {4309, 4309, 4, false, "n20", "SHIP TO GEO"},
    {4310, 4311, 4, false, "x..35", "RTN TO"},
    {4312, 4316, 4, false, "x..70", "RTN TO"},
    {4317, 4317, 4, false, "x2", "RTN TO COUNTRY"},
    {4318, 4318, 4, false, "x..20", "RTN TO POST"},
    {4319, 4319, 4, false, "x..30", "RTN TO PHONE"},
    {4320, 4320, 4, false, "x..35", "SRV DESCRIPTION"},
    {4321, 4323, 4, false, "n1", "DELIVERY"},
    {4324, 4325, 4, false, "n6d n4t", "DELIVERY TIME"},
    {4326, 4326, 4, false, "n6D", "REL DATE"},
    {4330, 4333, 4, false, "n6 [x1]", "TEMPERATURE"},
    {7001, 7001, 4, false, "n13", "NSN"},
    {7002, 7002, 4, false, "x..30", "MEAT CUT"},
    {7003, 7003, 4, false, "n6D n4t", "EXPIRY TIME"},
    {7004, 7004, 4, false, "n..4", "ACTIVE POTENCY"},
    {7005, 7005, 4, false, "x..12", "CATCH AREA"},
    {7006, 7006, 4, false, "n6D", "FIRST FREEZE DATE"},
    {7007, 7007, 4, false, "n6D [n6D]", "HARVEST DATE"},
    {7008, 7008, 4, false, "x..3", "AQUATIC SPECIES"},
    {7009, 7009, 4, false, "x..10", "FISHING GEAR TYPE"},
    {7010, 7010, 4, false, "x..2", "PROD METHOD"},
    {7011, 7011, 4, false, "n6D [n4t]", "TEST BY DATE"},
    {7020, 7020, 4, false, "x..20", "REFURB LOT"},
    {7021, 7022, 4, false, "x..20", "STATUS"},
    {7023, 7023, 4, false, "x..30", "GIAI - ASSEMBLY"},
    {7030, 7039, 4, false, "n3 x..27", "PROCESSOR"},
    {7040, 7040, 4, false, "n1 x3", "UIC+EXT"},
    {710, 715, 3, false, "x..20", "NHRN"},
    {7230, 7239, 4, false, "x2 x..28", "CERT"},
    {7240, 7240, 4, false, "x..20", "PROTOCOL"},
    {7241, 7241, 4, false, "n2", "AIDC MEDIA TYPE"},
    {7242, 7242, 4, false, "x..25", "VCN"},
    {8001, 8001, 4, false, "n14", "DIMENSIONS"},
    {8002, 8002, 4, false, "x..20", "CMT No."},
    {8003, 8003, 4, false, "n14c [x..16]", "GRAI"},
    {8004, 8004, 4, false, "x..30", "GIAI"},
    {8005, 8005, 4, false, "n6", "PRICE PER UNIT"},
    {8006, 8006, 4, false, "n14c n4", "ITIP"},
    {8007, 8007, 4, false, "x..34", "IBAN"},
    {8008, 8008, 4, false, "n8 [n..4]", "PROD TIME"},
    {8009, 8009, 4, false, "x..50", "OPTSEN"},
    {8010, 8010, 4, false, "y..30", "CPID"},
    {8011, 8011, 4, false, "n..12", "CPID SERIAL"},
    {8012, 8012, 4, false, "x..20", "VERSION"},
    {8013, 8013, 4, false, "x..25", "GMN"},
    {8017, 8018, 4, false, "n18c", "GSRN"},
    {8019, 8019, 4, false, "n..10", "SRIN"},
    {8020, 8020, 4, false, "x..25", "REF No."},
    {8026, 8026, 4, false, "n14c n4", "ITIP CONTENT"},
    {8030, 8030, 4, false, "x..90", "DIGSIG"},
    {8110, 8110, 4, false, "x..70", "COUPON"},
    {8111, 8111, 4, false, "n4", "POINTS"},
    {8112, 8112, 4, false, "x..70", "POSITIVE OFFER"},
    {8200, 8200, 4, false, "x..70", "PRODUCT URL"},
    {90, 90, 2, false, "x..30", "INTERNAL"},
    {91, 99, 2, false, "x..90", "INTERNAL"},
};

struct CurrencyNumber {
  int number;
  std::string_view code;
};

// ISO 4217 list one: the numbers of the currencies in currency.cpp.
constexpr auto kNumbers = std::to_array<CurrencyNumber>({
    {784, "AED"}, {971, "AFN"}, {8, "ALL"},   {51, "AMD"},  {532, "ANG"}, {973, "AOA"}, {32, "ARS"},  {36, "AUD"},
    {533, "AWG"}, {944, "AZN"}, {977, "BAM"}, {52, "BBD"},  {50, "BDT"},  {975, "BGN"}, {48, "BHD"},  {108, "BIF"},
    {60, "BMD"},  {96, "BND"},  {68, "BOB"},  {986, "BRL"}, {44, "BSD"},  {64, "BTN"},  {72, "BWP"},  {933, "BYN"},
    {84, "BZD"},  {124, "CAD"}, {976, "CDF"}, {756, "CHF"}, {152, "CLP"}, {156, "CNY"}, {170, "COP"}, {188, "CRC"},
    {192, "CUP"}, {132, "CVE"}, {203, "CZK"}, {262, "DJF"}, {208, "DKK"}, {214, "DOP"}, {12, "DZD"},  {818, "EGP"},
    {232, "ERN"}, {230, "ETB"}, {978, "EUR"}, {242, "FJD"}, {238, "FKP"}, {826, "GBP"}, {981, "GEL"}, {936, "GHS"},
    {292, "GIP"}, {270, "GMD"}, {324, "GNF"}, {320, "GTQ"}, {328, "GYD"}, {344, "HKD"}, {340, "HNL"}, {332, "HTG"},
    {348, "HUF"}, {360, "IDR"}, {376, "ILS"}, {356, "INR"}, {368, "IQD"}, {364, "IRR"}, {352, "ISK"}, {388, "JMD"},
    {400, "JOD"}, {392, "JPY"}, {404, "KES"}, {417, "KGS"}, {116, "KHR"}, {174, "KMF"}, {408, "KPW"}, {410, "KRW"},
    {414, "KWD"}, {136, "KYD"}, {398, "KZT"}, {418, "LAK"}, {422, "LBP"}, {144, "LKR"}, {430, "LRD"}, {426, "LSL"},
    {434, "LYD"}, {504, "MAD"}, {498, "MDL"}, {969, "MGA"}, {807, "MKD"}, {104, "MMK"}, {496, "MNT"}, {446, "MOP"},
    {929, "MRU"}, {480, "MUR"}, {462, "MVR"}, {454, "MWK"}, {484, "MXN"}, {458, "MYR"}, {943, "MZN"}, {516, "NAD"},
    {566, "NGN"}, {558, "NIO"}, {578, "NOK"}, {524, "NPR"}, {554, "NZD"}, {512, "OMR"}, {590, "PAB"}, {604, "PEN"},
    {598, "PGK"}, {608, "PHP"}, {586, "PKR"}, {985, "PLN"}, {600, "PYG"}, {634, "QAR"}, {946, "RON"}, {941, "RSD"},
    {643, "RUB"}, {646, "RWF"}, {682, "SAR"}, {90, "SBD"},  {690, "SCR"}, {938, "SDG"}, {752, "SEK"}, {702, "SGD"},
    {654, "SHP"}, {925, "SLE"}, {706, "SOS"}, {968, "SRD"}, {728, "SSP"}, {930, "STN"}, {222, "SVC"}, {760, "SYP"},
    {748, "SZL"}, {764, "THB"}, {972, "TJS"}, {934, "TMT"}, {788, "TND"}, {776, "TOP"}, {949, "TRY"}, {780, "TTD"},
    {901, "TWD"}, {834, "TZS"}, {980, "UAH"}, {800, "UGX"}, {840, "USD"}, {940, "UYI"}, {858, "UYU"}, {860, "UZS"},
    {928, "VES"}, {704, "VND"}, {548, "VUV"}, {882, "WST"}, {950, "XAF"}, {951, "XCD"}, {952, "XOF"}, {953, "XPF"},
    {886, "YER"}, {710, "ZAR"}, {967, "ZMW"},
});

/// One component of a format.
struct Component {
  char set = 'x';
  bool up_to = false;
  bool optional = false;
  size_t length = 0;
  std::string_view checks;
};

Component ReadComponent(std::string_view text) {
  Component component;
  if (text.front() == '[') {
    component.optional = true;
    text = text.substr(1, text.size() - 2);
  }
  component.set = text.front();
  text.remove_prefix(1);
  if (text.starts_with("..")) {
    component.up_to = true;
    text.remove_prefix(2);
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), component.length);
  component.checks = text.substr(static_cast<size_t>(end - text.data()));
  return component;
}

std::string_view NextWord(std::string_view& text) {
  const size_t blank = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, blank);
  text.remove_prefix(std::min(blank + 1, text.size()));
  return word;
}

/// Figures 7.11-1 and 7.11-2: the character sets 82 and 39.
bool InSet(char set, char c) {
  const bool digit = c >= '0' && c <= '9';
  if (set == 'n' || digit) return digit;
  if (c >= 'A' && c <= 'Z') return true;
  if (set == 'y') return c == '#' || c == '-' || c == '/';
  return (c >= 'a' && c <= 'z') || std::string_view("!\"%&'()*+,-./:;<=>?_").find(c) != std::string_view::npos;
}

std::string_view WrongCharacters(char set) {
  if (set == 'n') return "has characters that are no digits";
  return set == 'y' ? "has characters outside of set 39" : "has characters outside of set 82";
}

bool IsTime(std::string_view digits) {
  return digits.substr(0, 2) < "24" && digits.substr(2) < "60";
}

std::string CheckPart(const Component& component, std::string_view part, int year_now) {
  if (!std::all_of(part.begin(), part.end(), [&](char c) { return InSet(component.set, c); })) {
    return std::string(WrongCharacters(component.set));
  }
  for (const char check : component.checks) {
    if (check == 'c') {
      const char expected = CheckDigit(part.substr(0, part.size() - 1)).value_or('?');
      if (expected != part.back()) {
        return std::string("ends with the check digit ") + part.back() + ", which should be " + expected;
      }
    } else if (check == 'd' || check == 'D') {
      if (!ReadDate(part, year_now, check == 'd')) return std::string(part) + " is no date";
    } else if (check == 't') {
      if (!IsTime(part)) return std::string(part) + " is no time of day";
    } else if (check == '$') {
      if (CurrencyOfNumber((part[0] - '0') * 100 + (part[1] - '0') * 10 + part[2] - '0').empty()) {
        return std::string(part) + " is no currency's number";
      }
    }
  }
  return {};
}

int Number(std::string_view digits) {
  int value = -1;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

int DaysOf(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

}  // namespace

const Gs1Rule* RuleAt(std::string_view text) {
  for (const auto& rule : kRules) {
    const auto digits = static_cast<size_t>(rule.digits);
    if (text.size() < digits) continue;
    const std::string_view ai = text.substr(0, digits);
    if (!std::all_of(ai.begin(), ai.end(), [](char c) { return InSet('n', c); })) continue;
    if (const int number = Number(ai); number >= rule.first && number <= rule.last) return &rule;
  }
  return nullptr;
}

const Gs1Rule* RuleOf(std::string_view ai) {
  const Gs1Rule* rule = RuleAt(ai);
  return rule != nullptr && static_cast<size_t>(rule->digits) == ai.size() ? rule : nullptr;
}

size_t FixedLength(const Gs1Rule& rule) {
  return ReadComponent(rule.format).length;
}

std::string CheckValue(const Gs1Rule& rule, std::string_view value, int year_now) {
  if (value.empty()) return "has no value";
  for (std::string_view format = rule.format; !format.empty();) {
    const Component component = ReadComponent(NextWord(format));
    if (value.empty() && component.optional) continue;
    if (value.empty() || (!component.up_to && value.size() < component.length)) return "is too short";
    const std::string_view part = value.substr(0, component.length);
    if (std::string wrong = CheckPart(component, part, year_now); !wrong.empty()) return wrong;
    value.remove_prefix(part.size());
  }
  return value.empty() ? std::string() : "is too long";
}

std::optional<Gs1Date> ReadDate(std::string_view digits, int year_now, bool zero_day) {
  if (digits.size() != 6 || !std::all_of(digits.begin(), digits.end(), [](char c) { return InSet('n', c); })) {
    return std::nullopt;
  }
  Gs1Date date{Number(digits.substr(0, 2)), Number(digits.substr(2, 2)), Number(digits.substr(4, 2))};
  const int ahead = date.year - year_now % 100;
  date.year += year_now - year_now % 100;
  if (ahead >= 51) date.year -= 100;
  if (ahead <= -50) date.year += 100;
  if (date.month < 1 || date.month > 12) return std::nullopt;
  const int days = DaysOf(date.year, date.month);
  if (date.day == 0 && zero_day) date.day = days;
  if (date.day < 1 || date.day > days) return std::nullopt;
  return date;
}

std::string_view CurrencyOfNumber(int number) {
  const auto* found = std::find_if(kNumbers.begin(), kNumbers.end(),
                                   [number](const CurrencyNumber& entry) { return entry.number == number; });
  return found == kNumbers.end() ? std::string_view() : found->code;
}

std::string_view Gs1Title(std::string_view ai) {
  const Gs1Rule* rule = RuleOf(ai);
  return rule == nullptr ? std::string_view() : rule->title;
}

}  // namespace evertill::domain
