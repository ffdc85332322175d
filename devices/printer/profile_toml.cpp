#include "devices/printer/profile_toml.h"

#include <toml++/toml.h>

#include <sstream>
#include <utility>

#include "devices/printer/printer_error.h"

namespace evertill::devices::printer {
namespace {

constexpr std::pair<std::string_view, RasterCommand> kRasterNames[] = {
    {"gs_v_0", RasterCommand::kGsV0}, {"gs_paren_l", RasterCommand::kGsParenL}, {"gs_8_l", RasterCommand::kGs8L}};
constexpr std::pair<std::string_view, TextMode> kTextModeNames[] = {
    {"never", TextMode::kNever}, {"ascii", TextMode::kAscii}, {"verified", TextMode::kVerified}};
constexpr std::pair<std::string_view, Completion> kCompletionNames[] = {
    {"none", Completion::kNone}, {"gs_r", Completion::kGsR}, {"gs_h", Completion::kGsH}, {"auto", Completion::kAuto}};

template <typename Value, size_t kCount>
std::string_view NameOf(const std::pair<std::string_view, Value> (&names)[kCount], Value value) {
  for (const auto& [name, one] : names) {
    if (one == value) return name;
  }
  return names[0].first;
}

/// Reads one table, key by key. Keeps the first complaint; what comes after it is not read.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string_view file) : table_(table), file_(file) {}

  TableReader& Text(std::string_view key, std::string& to) {
    if (const toml::node* node = Take(key)) {
      const auto value = node->value_exact<std::string>();
      if (value && value->size() <= 200) {
        to = *value;
      } else {
        Complain(*node, std::string(key) + " must be text of at most 200 bytes");
      }
    }
    return *this;
  }

  TableReader& Number(std::string_view key, int least, int most, int& to) {
    if (const toml::node* node = Take(key)) {
      const auto value = node->value_exact<int64_t>();
      if (value && *value >= least && *value <= most) {
        to = static_cast<int>(*value);
      } else {
        Complain(*node, std::string(key) + " must be a whole number from " + std::to_string(least) + " to " +
                            std::to_string(most));
      }
    }
    return *this;
  }

  TableReader& Flag(std::string_view key, bool& to) {
    if (const toml::node* node = Take(key)) {
      const auto value = node->value_exact<bool>();
      if (value) {
        to = *value;
      } else {
        Complain(*node, std::string(key) + " must be true or false");
      }
    }
    return *this;
  }

  template <typename Value, size_t kCount>
  TableReader& Choice(std::string_view key, const std::pair<std::string_view, Value> (&names)[kCount], Value& to) {
    const toml::node* node = Take(key);
    if (node == nullptr) return *this;
    const auto value = node->value_exact<std::string>();
    std::string all;
    for (const auto& [name, one] : names) {
      if (value && *value == name) {
        to = one;
        return *this;
      }
      all += (all.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    }
    Complain(*node, std::string(key) + " must be one of " + all);
    return *this;
  }

  /// Reads the table `key` by `read`, when it is there.
  template <typename Read>
  TableReader& Table(std::string_view key, const Read& read) {
    if (const toml::node* node = Take(key)) {
      if (const toml::table* table = node->as_table()) {
        TableReader inner(*table, file_);
        read(inner);
        if (const base::Status done = inner.Done(); !done && status_) status_ = base::Fail(done.error());
      } else {
        Complain(*node, std::string(key) + " must be a table: [" + std::string(key) + "]");
      }
    }
    return *this;
  }

  TableReader& CodePages(std::vector<CodePageSlot>& to) {
    const toml::node* node = Take("code_page");
    if (node == nullptr) return *this;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
      Complain(*node, "code_page must be tables: [[code_page]]");
      return *this;
    }
    to.clear();
    for (const toml::node& one : *array) ReadCodePage(one, to.emplace_back());
    return *this;
  }

  /// The first complaint; one about a key that nobody has asked for comes last.
  base::Status Done() {
    for (const auto& [key, node] : table_) {
      bool asked = false;
      for (const std::string_view known : asked_) asked = asked || key.str() == known;
      if (!asked) Complain(node, "unknown key \"" + std::string(key.str()) + "\"");
    }
    return std::move(status_);
  }

 private:
  const toml::node* Take(std::string_view key) {
    asked_.push_back(key);
    return status_ ? table_.get(key) : nullptr;
  }

  void ReadCodePage(const toml::node& node, CodePageSlot& slot) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Complain(node, "code_page must be tables: [[code_page]]");
    std::string name;
    TableReader inner(*table, file_);
    inner.Number("number", 0, 255, slot.number).Text("name", name).Flag("verified", slot.verified);
    if (const base::Status done = inner.Done(); !done) {
      if (status_) status_ = base::Fail(done.error());
      return;
    }
    const auto page = CodePageByName(name);
    if (page) {
      slot.page = *page;
      return;
    }
    std::string all;
    for (const CodePage one : kCodePages) all += (all.empty() ? "" : ", ") + std::string(CodePageName(one));
    Complain(node, "code_page \"" + name + "\" is none of " + all);
  }

  void Complain(const toml::node& node, const std::string& reason) {
    if (!status_) return;
    status_ = base::Fail(PrinterErrc::kProfileInvalid,
                         std::string(file_) + " line " + std::to_string(node.source().begin.line) + ": " + reason);
  }

  const toml::table& table_;
  std::string_view file_;
  std::vector<std::string_view> asked_;
  base::Status status_;
};

base::Status Read(const toml::table& table, std::string_view file, PrinterProfile& profile) {
  std::string like;
  TableReader reader(table, file);
  reader.Text("like", like).Text("title", profile.title).CodePages(profile.code_pages);
  reader.Table("paper", [&](TableReader& paper) {
    paper.Number("mm", 40, 120, profile.paper_mm)
        .Number("dots", 200, 1200, profile.dots)
        .Number("dots_per_inch", 100, 255, profile.dots_per_inch);
  });
  reader.Table("raster", [&](TableReader& raster) {
    raster.Choice("command", kRasterNames, profile.raster)
        .Number("band_rows", 1, 2303, profile.band_rows)
        .Flag("justifies", profile.justifies_raster)
        .Flag("column_images", profile.column_images);
  });
  reader.Table("text", [&](TableReader& text) {
    text.Choice("mode", kTextModeNames, profile.text_mode)
        .Number("columns", 16, 100, profile.columns)
        .Number("small_columns", 0, 130, profile.small_columns);
  });
  reader.Table("codes", [&](TableReader& codes) {
    codes.Flag("native_qr", profile.native_qr)
        .Number("qr_module", 1, 16, profile.native_qr_module)
        .Flag("native_code128", profile.native_code128)
        .Flag("native_ean", profile.native_ean);
  });
  reader.Table("cutter", [&](TableReader& cutter) {
    cutter.Flag("present", profile.has_cutter).Number("feed_to_tear", 0, 255, profile.feed_to_tear);
  });
  reader.Table("drawer", [&](TableReader& drawer) {
    drawer.Number("on_ms", 2, 508, profile.pulse_on_ms)
        .Number("off_ms", 2, 510, profile.pulse_off_ms)
        .Flag("realtime", profile.realtime_pulse);
  });
  reader.Table("status", [&](TableReader& status) {
    status.Flag("asb", profile.asb)
        .Flag("poll", profile.poll_status)
        .Choice("completion", kCompletionNames, profile.completion)
        .Number("completion_timeout_ms", 1000, 120000, profile.completion_timeout_ms);
  });
  return reader.Done();
}

std::string Quoted(const std::string& text) {
  std::ostringstream quoted;
  quoted << toml::value<std::string>(text);
  return quoted.str();
}

}  // namespace

base::Expected<PrinterProfile> ParseProfile(std::string_view toml, std::string_view file, std::string_view name,
                                            const FindBase& find) {
  try {
    const toml::table table = toml::parse(toml, file);
    PrinterProfile profile;
    if (const toml::node* like = table.get("like")) {
      auto base = find(like->value_or<std::string>(""));
      if (!base) {
        return base::Fail(
            std::move(base.error())
                .Within(std::string(file) + " line " + std::to_string(like->source().begin.line) + ": like"));
      }
      profile = std::move(*base);
    }
    profile.name = name;
    EVERTILL_TRY(Read(table, file, profile));
    return profile;
  } catch (const toml::parse_error& problem) {
    return base::Fail(PrinterErrc::kProfileInvalid, std::string(file) + " line " +
                                                        std::to_string(problem.source().begin.line) + ": " +
                                                        std::string(problem.description()));
  }
}

std::string FormatProfile(const PrinterProfile& profile) {
  std::ostringstream out;
  out << std::boolalpha << "title = " << Quoted(profile.title) << "\n\n[paper]\nmm = " << profile.paper_mm
      << "\ndots = " << profile.dots << "\ndots_per_inch = " << profile.dots_per_inch << "\n\n[raster]\ncommand = \""
      << NameOf(kRasterNames, profile.raster) << "\"\nband_rows = " << profile.band_rows
      << "\njustifies = " << profile.justifies_raster << "\ncolumn_images = " << profile.column_images
      << "\n\n[text]\nmode = \"" << NameOf(kTextModeNames, profile.text_mode) << "\"\ncolumns = " << profile.columns
      << "\nsmall_columns = " << profile.small_columns << "\n\n[codes]\nnative_qr = " << profile.native_qr
      << "\nqr_module = " << profile.native_qr_module << "\nnative_code128 = " << profile.native_code128
      << "\nnative_ean = " << profile.native_ean << "\n\n[cutter]\npresent = " << profile.has_cutter
      << "\nfeed_to_tear = " << profile.feed_to_tear << "\n\n[drawer]\non_ms = " << profile.pulse_on_ms
      << "\noff_ms = " << profile.pulse_off_ms << "\nrealtime = " << profile.realtime_pulse
      << "\n\n[status]\nasb = " << profile.asb << "\npoll = " << profile.poll_status << "\ncompletion = \""
      << NameOf(kCompletionNames, profile.completion) << "\"\ncompletion_timeout_ms = " << profile.completion_timeout_ms
      << "\n";
  for (const CodePageSlot& slot : profile.code_pages) {
    out << "\n[[code_page]]\nnumber = " << slot.number << "\nname = \"" << CodePageName(slot.page)
        << "\"\nverified = " << slot.verified << "\n";
  }
  return out.str();
}

}  // namespace evertill::devices::printer
