#include "app/store/csv_reader.h"

#include <lzma.h>

#include <cstring>

#include "tests/unit/store/support.h"

namespace evertill::store {
namespace {

/// Gives a text in pieces of one size, so that every record is cut everywhere once.
class Pieces final : public ByteSource {
 public:
  Pieces(std::string text, size_t piece) : text_(std::move(text)), piece_(piece) {}
  base::Expected<size_t> Read(std::span<char> out) override {
    const size_t size = std::min({piece_, out.size(), text_.size() - at_});
    std::memcpy(out.data(), text_.data() + at_, size);
    at_ += size;
    return size;
  }
  [[nodiscard]] uint64_t Position() const override { return at_; }
  [[nodiscard]] uint64_t Size() const override { return text_.size(); }

 private:
  std::string text_;
  size_t piece_;
  size_t at_ = 0;
};

/// "line:field|field;" for each record, "line:!problem;" for those that are wrong.
std::string Dump(const std::string& text, size_t piece) {
  CsvReader reader(std::make_unique<Pieces>(text, piece));
  CsvRow row;
  std::string out;
  while (Must(reader.Next(row))) {
    out += std::to_string(row.line) + ":";
    if (row.problem != nullptr) out += std::string("!") + row.problem;
    for (size_t i = 0; i < row.fields.size(); ++i) out += (i > 0 ? "|" : "") + std::string(row.fields[i]);
    out += ";";
  }
  return out;
}

TEST_CASE("CSV: what RFC 4180 says, however the file is cut into reads", "[store][csv]") {
  struct Case {
    std::string text;
    std::string expected;
  };
  const Case cases[] = {
      {"a,b\nc,d\n", "1:a|b;2:c|d;"},
      {"a,b\r\nc,d", "1:a|b;2:c|d;"},
      {"\xef\xbb\xbf"
       "a,b\n1,2\n",
       "1:a|b;2:1|2;"},
      {"a,,\n,,\n", "1:a||;2:||;"},
      {"\n\na\n\n", "3:a;"},
      {"\"a,\"\"b\"\"\",c\n", "1:a,\"b\"|c;"},
      {"\"two\nlines\",x\r\nnext,y\n", "1:two\nlines|x;3:next|y;"},
      {"\"\",\"\"\r\n", "1:|;"},
      {"a\"b,c\nd,e\n", "1:!a quote inside a field without quotes;2:d|e;"},
      {"\"a\"b,c\nd,e\n", "1:!text after a closing quote;2:d|e;"},
      {"\"never closed,c\nd,e\nf,g\n", "1:!a quote is not closed;2:d|e;3:f|g;"},
      {"caf\xe9,1\nnext,2\n", "1:!not valid UTF-8;2:next|2;"},
      {"cà phê,นม\n", "1:cà phê|นม;"},
      {"a,\"b\"", "1:a|b;"},
      {"a,\"b\"\r", "1:a|b;"},
      {"", ""},
  };
  for (const auto& test : cases) {
    for (const size_t piece : {size_t{1}, size_t{2}, size_t{3}, size_t{7}, size_t{1000}}) {
      INFO(test.text << " in pieces of " << piece);
      CHECK(Dump(test.text, piece) == test.expected);
    }
  }
}

TEST_CASE("CSV: a line of a megabyte is told and does not swallow what follows", "[store][csv]") {
  const std::string text = "a,b\n" + std::string(1'000'000, 'x') + ",1\n\"" + std::string(100'000, 'y') + "\nlast,2\n";
  const std::string out = Dump(text, 4096);
  CHECK(out.find("1:a|b;2:!longer than 64 KiB;3:!a quote is not closed;") == 0);
  CHECK(out.find("4:last|2;") != std::string::npos);
}

TEST_CASE("CSV: no part of a record that is too long passes for a row", "[store][csv]") {
  std::string inside;
  for (int i = 0; i < 400'000; ++i) inside += "9,phantom,3\n";  // 4.8 MB
  const std::string long_text(5'000'000, 'x');
  std::string fields;
  for (int i = 0; i < 600; ++i) fields += "f,";
  const std::pair<std::string, std::string> cases[] = {
      {"1," + long_text + ",10\n2,ok,5\n", "1:!longer than 64 KiB;2:2|ok|5;"},
      {"1,\"" + long_text + "\",10\n2,ok,5\n", "1:!longer than 64 KiB;2:2|ok|5;"},
      {"1,\"" + inside + "\",10\n2,ok,5\n", "1:!longer than 64 KiB;400002:2|ok|5;"},
      {"1,\"two\nlines\"," + long_text + ",\"9,a,1\n9,b,2\"\r\n2,ok,5\n", "1:!longer than 64 KiB;4:2|ok|5;"},
      {"1,\"say \"\"a\"\"\n" + inside + "\"\"\",10", "1:!longer than 64 KiB;"},
      {fields + "\"9,a,1\n9,b,2\"\n2,ok,5\n", "1:!more than 512 fields;3:2|ok|5;"},
      // Nothing closes it, or what does is the opening quote of another row: a slip, whose line alone is lost.
      {"1,\"open,10\n" + long_text + "\n2,ok,5\n", "1:!a quote is not closed;2:!longer than 64 KiB;3:2|ok|5;"},
      {"1,\"open,10\n" + long_text + "\n2,\"ok\",5\n", "1:!a quote is not closed;2:!longer than 64 KiB;3:2|ok|5;"},
  };
  for (const auto& [text, expected] : cases) {
    for (const size_t piece : {size_t{65'537}, size_t{1'000'000}}) {
      INFO(text.substr(0, 40) << " in pieces of " << piece);
      CHECK(Dump(text, piece).substr(0, 200) == expected);
    }
  }
}

TEST_CASE("ByteSource: .xz is unpacked whatever its name; a cut or damaged one is told", "[store][csv]") {
  const TempDir temp;
  std::string text;
  for (int i = 0; i < 20000; ++i) text += std::to_string(i * 7919) + ",name\n";
  std::string packed(text.size() + 1000, '\0');
  size_t size = 0;
  REQUIRE(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const uint8_t*>(text.data()),
                                  text.size(), reinterpret_cast<uint8_t*>(packed.data()), &size,
                                  packed.size()) == LZMA_OK);
  packed.resize(size);
  const auto read = [&](const std::string& bytes) -> base::Expected<std::string> {
    EVERTILL_ASSIGN(auto source, ByteSource::Open(temp.Write("list.csv", bytes)));
    std::string all;
    char part[1000];
    for (;;) {
      EVERTILL_ASSIGN(const size_t got, source->Read(part));
      if (got == 0) return all;
      all.append(part, got);
    }
  };
  CHECK(Must(read(packed)) == text);
  CHECK(Must(read("plain")) == "plain");
  const auto cut = read(packed.substr(0, packed.size() / 2));
  REQUIRE_FALSE(cut.has_value());
  CHECK(cut.error().Detail().find("list.csv: the packed file is cut short") != std::string::npos);
  std::string bent = packed;
  bent[packed.size() / 2] = static_cast<char>(bent[packed.size() / 2] ^ 0x55);
  CHECK_FALSE(read(bent).has_value());
  CHECK(ByteSource::Open(temp.File("none.csv")).error().Is(StoreErrc::kImportFile));
  std::filesystem::create_directory(temp.File("folder"));
  CHECK(ByteSource::Open(temp.File("folder")).error().Detail().find("is a folder") != std::string::npos);
}

}  // namespace
}  // namespace evertill::store
