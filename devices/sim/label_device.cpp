#include "devices/sim/label_device.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "devices/sim/serial_serve.h"

namespace evertill::devices::sim {
namespace {

constexpr int kLargest = 10'000;
constexpr size_t kLongestFormat = 4 * 1024 * 1024;

std::vector<int> Numbers(std::string_view text) {
  std::vector<int> numbers;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    int number = 0;
    std::from_chars(text.data(), text.data() + comma, number);
    numbers.push_back(number);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return numbers;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

void DrawBytes(render::Bitmap& page, std::string_view bytes, size_t stride, int x, int y, bool ink_is_one) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(ink_is_one ? bytes[i] : ~bytes[i]);
    for (int bit = 0; bit < 8; ++bit) {
      if ((byte & (0x80 >> bit)) == 0) continue;
      page.Set(x + static_cast<int>(i % stride) * 8 + bit, y + static_cast<int>(i / stride));
    }
  }
}

}  // namespace

std::string DecodeZplRuns(std::string_view data, size_t bytes_in_row, size_t bytes) {
  const size_t digits_in_row = bytes_in_row * 2;
  std::string digits;
  size_t times = 0;
  for (const char c : data) {
    const size_t in_row = digits.size() % digits_in_row;
    if (c >= 'G' && c <= 'Y') {
      times += static_cast<size_t>(c - 'G' + 1);
    } else if (c >= 'g' && c <= 'z') {
      times += static_cast<size_t>(c - 'g' + 1) * 20;
    } else if (c == ',' || c == '!') {
      digits.append(digits_in_row - in_row, c == ',' ? '0' : 'F');
      times = 0;
    } else if (c == ':') {
      if (digits.size() >= digits_in_row) digits += digits.substr(digits.size() - digits_in_row);
    } else if (HexDigit(c) >= 0) {
      digits.append(std::max<size_t>(times, 1), c);
      times = 0;
    }
    if (digits.size() > bytes * 2) break;
  }
  std::string decoded;
  for (size_t i = 0; i + 1 < digits.size() && decoded.size() < bytes; i += 2) {
    decoded += static_cast<char>(HexDigit(digits[i]) << 4 | HexDigit(digits[i + 1]));
  }
  return decoded;
}

std::string SimLabelPrinter::Take(std::string_view bytes) {
  pending_ += bytes;
  if (pending_.size() > kLongestFormat) pending_.clear();
  if (language_ == Language::kZpl) return TakeZpl();
  while (TakeEpl()) {
  }
  return {};
}

/// A command is ^ or ~, two letters, and what follows up to the next of either.
std::string SimLabelPrinter::TakeZpl() {
  std::string answer;
  for (;;) {
    const size_t start = pending_.find_first_of("^~");
    if (start == std::string::npos || pending_.size() < start + 3) return answer;
    const size_t end = pending_.find_first_of("^~", start + 1);
    const std::string name = pending_.substr(start, 3);
    const bool ends_itself = name == "^XZ" || name == "~HS" || name == "^XA" || name == "^FS";
    if (end == std::string::npos && !ends_itself) return answer;
    const std::string parameters = end == std::string::npos ? "" : pending_.substr(start + 3, end - start - 3);
    pending_.erase(0, end == std::string::npos ? start + 3 : end);
    if (name == "~HS") {
      answer += HostStatus();
    } else {
      RunZpl(name, parameters);
    }
  }
}

void SimLabelPrinter::RunZpl(std::string_view name, std::string_view parameters) {
  label_.commands.emplace_back(name);
  const auto numbers = name == "^GF" ? std::vector<int>() : Numbers(parameters);
  const auto number = [&](size_t at, int least, int most) {
    return at < numbers.size() ? std::clamp(numbers[at], least, most) : least;
  };
  if (name == "^XA") {
    label_ = {};
    label_.commands.emplace_back(name);
    label_.picture = render::Bitmap(width_, length_);
  } else if (name == "^PW") {
    width_ = number(0, 2, kLargest);
    label_.picture = render::Bitmap(width_, length_);
  } else if (name == "^LL") {
    length_ = number(0, 1, kLargest);
    label_.picture = render::Bitmap(width_, length_);
  } else if (name == "^FO") {
    x_ = number(0, 0, kLargest);
    y_ = number(1, 0, kLargest);
  } else if (name == "^GF") {
    DrawZplGraphic(parameters);
  } else if (name == "^PQ") {
    label_.copies = number(0, 1, 99'999'999);
  } else if (name == "^XZ") {
    Finish();
  } else if (name != "^FS" && name != "^LH" && name != "^CI" && name != "^MM" && name != "^MN") {
    ++label_.unknown;
  }
}

void SimLabelPrinter::DrawZplGraphic(std::string_view parameters) {
  if (!parameters.starts_with("A,")) {
    ++label_.unknown;
    return;
  }
  size_t data = 0;
  for (int commas = 0; commas < 4 && data != std::string_view::npos; ++commas) {
    data = parameters.find(',', data == 0 ? 0 : data + 1);
  }
  const auto numbers = Numbers(parameters.substr(2, 40));
  if (data == std::string_view::npos || numbers.size() < 3 || numbers[1] < 1 || numbers[1] > 99'999 || numbers[2] < 1) {
    ++label_.unknown;
    return;
  }
  const auto stride = static_cast<size_t>(numbers[2]);
  DrawBytes(label_.picture, DecodeZplRuns(parameters.substr(data + 1), stride, static_cast<size_t>(numbers[1])), stride,
            x_, y_, true);
}

/// A command is a line; but GW's bytes are counted, whatever they are.
bool SimLabelPrinter::TakeEpl() {
  if (pending_.starts_with("GW")) {
    size_t data = 2;
    for (int commas = 0; commas < 4; ++commas) {
      data = pending_.find_first_of(commas < 3 ? "," : ",\n", data);
      if (data == std::string::npos) return false;
      ++data;
    }
    const auto numbers = Numbers(std::string_view(pending_).substr(2, data - 3));
    const bool sane =
        numbers.size() >= 4 && numbers[2] > 0 && numbers[2] < kLargest && numbers[3] > 0 && numbers[3] < kLargest;
    const size_t count = sane ? static_cast<size_t>(numbers[2]) * static_cast<size_t>(numbers[3]) : 0;
    if (pending_.size() < data + count) return false;
    label_.commands.emplace_back("GW");
    if (sane) {
      DrawBytes(label_.picture, std::string_view(pending_).substr(data, count), static_cast<size_t>(numbers[2]),
                numbers[0], numbers[1], false);
    }
    pending_.erase(0, data + count);
    return true;
  }
  const size_t end = pending_.find('\n');
  if (end == std::string::npos) return false;
  std::string line = pending_.substr(0, end);
  pending_.erase(0, end + 1);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  if (line.empty()) return true;
  label_.commands.emplace_back(line.substr(0, 1));
  const auto numbers = Numbers(std::string_view(line).substr(1));
  const int first = numbers.empty() ? 0 : std::clamp(numbers[0], 0, kLargest);
  if (line == "N") {
    label_ = {};
    label_.commands.emplace_back("N");
    label_.picture = render::Bitmap(width_, length_);
  } else if (line[0] == 'q' || line[0] == 'Q') {
    (line[0] == 'q' ? width_ : length_) = std::max(first, 1);
    label_.picture = render::Bitmap(width_, length_);
  } else if (line[0] == 'P') {
    label_.copies = std::max(first, 1);
    Finish();
  } else {
    ++label_.unknown;
  }
  return true;
}

void SimLabelPrinter::Finish() {
  ++labels_;
  if (on_label_) on_label_(label_);
  label_ = {};
  label_.picture = render::Bitmap(width_, length_);
}

void SimLabelPrinter::Disconnect() {
  pending_.clear();
  label_ = {};
}

std::string SimLabelPrinter::HostStatus() const {
  const auto flag = [](bool on) { return on ? "1" : "0"; };
  return std::string("\x02") + "030," + flag(paper_out_) + "," + flag(paused_) +
         ",1218,000,0,0,0,000,0,0,0\x03\r\n\x02" + "000,0," + flag(head_open_) +
         ",0,0,2,4,0,00000000,1,000\x03\r\n\x02" + "1234,0\x03\r\n";
}

std::string SimLabelPrinter::Control(std::string_view line) {
  if (line == "paper ok" || line == "paper out") {
    paper_out_ = line == "paper out";
  } else if (line == "head open" || line == "head closed") {
    head_open_ = line == "head open";
  } else if (line == "pause on" || line == "pause off") {
    paused_ = line == "pause on";
  } else if (line != "status") {
    return RefusedCommand(line);
  }
  return boost::json::serialize(boost::json::object{
      {"ok", true}, {"labels", labels_}, {"paper_out", paper_out_}, {"head_open", head_open_}, {"paused", paused_}});
}

}  // namespace evertill::devices::sim
