#include "app/card/receipt_proof.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "app/card/card.h"
#include "app/crypto/encoding.h"

namespace evertill::card {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kHashBytes = 32;
constexpr size_t kSignatureBytes = 64;
constexpr size_t kUuidBytes = 16;
constexpr int64_t kMicro = 1'000'000;
/// Digits that fit 63 bits whatever they are.
constexpr size_t kMostDigits = 18;
constexpr std::string_view kWhatItIs = "evertill-receipt-1\n";

tl::unexpected<base::Error> Bad(std::string detail) {
  return base::Fail(CardErrc::kBadCardText, std::move(detail));
}

/// Appends numbers and texts in their short forms.
class Writer {
 public:
  void Byte(uint8_t byte) { out_ += static_cast<char>(byte); }
  void Raw(std::string_view bytes) { out_ += bytes; }

  /// LEB128: seven bits a byte, lowest first.
  void Unsigned(uint64_t value) {
    for (; value >= 0x80; value >>= 7) Byte(static_cast<uint8_t>(value & 0x7F) | 0x80);
    Byte(static_cast<uint8_t>(value));
  }
  /// Small numbers of either sign stay short: 0, −1, 1, −2, …
  void Signed(int64_t value) {
    const auto bits = static_cast<uint64_t>(value);
    Unsigned(bits << 1 ^ (value < 0 ? std::numeric_limits<uint64_t>::max() : 0));
  }
  void Text(std::string_view text) {
    Unsigned(text.size());
    Raw(text);
  }
  /// 0: empty; 1: a UUID's 16 bytes; 2: any other text.
  void Id(std::string_view text) {
    const auto uuid = base::Uuid::Parse(text);
    if (text.empty()) {
      Byte(0);
    } else if (uuid && uuid->ToString() == text) {
      Byte(1);
      Raw(crypto::AsText(uuid->bytes));
    } else {
      Byte(2);
      Text(text);
    }
  }
  /// A length with its lowest bit set, then the number, where the text is digits (a barcode's 13 take 7 bytes, not 13);
  /// otherwise the length without that bit, then the text.
  void Code(std::string_view text) {
    const bool digits = !text.empty() && text.size() <= kMostDigits &&
                        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    Unsigned(static_cast<uint64_t>(text.size()) << 1 | (digits ? 1 : 0));
    if (!digits) return Raw(text);
    uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    Unsigned(number);
  }
  /// Whole pieces are short, weights exact.
  void Quantity(int64_t micro) {
    const bool whole = micro % kMicro == 0;
    Byte(whole ? 0 : 1);
    Signed(whole ? micro / kMicro : micro);
  }
  [[nodiscard]] std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Reads what Writer wrote. After the first thing that does not fit everything reads as nothing and Good() is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}
  [[nodiscard]] bool Good() const { return good_; }
  [[nodiscard]] bool AtEnd() const { return left_.empty(); }
  /// For counts: none can be larger than the bytes that are left.
  [[nodiscard]] size_t Left() const { return left_.size(); }
  void Spoil() {
    good_ = false;
    left_ = {};
  }

  std::string_view Raw(uint64_t size) {
    if (size > left_.size()) {
      Spoil();
      return {};
    }
    const auto bytes = left_.substr(0, size);
    left_.remove_prefix(size);
    return bytes;
  }
  uint8_t Byte() {
    const auto byte = Raw(1);
    return byte.empty() ? 0 : static_cast<uint8_t>(byte[0]);
  }
  uint64_t Unsigned() {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const uint8_t byte = Byte();
      // The tenth byte holds one bit; a last byte of nothing would give one number two forms.
      if ((shift == 63 && byte > 1) || (shift > 0 && byte == 0)) Spoil();
      if (!good_) return 0;
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
  }
  int64_t Signed() {
    const uint64_t value = Unsigned();
    return static_cast<int64_t>(value >> 1 ^ ((value & 1) != 0 ? std::numeric_limits<uint64_t>::max() : 0));
  }
  std::string Text() { return std::string(Raw(Unsigned())); }
  std::string Id() {
    switch (Byte()) {
      case 0:
        return {};
      case 1: {
        base::Uuid uuid;
        const auto bytes = Raw(kUuidBytes);
        std::copy(bytes.begin(), bytes.end(), uuid.bytes.begin());
        return uuid.ToString();
      }
      case 2:
        return Text();
      default:
        Spoil();
        return {};
    }
  }
  std::string Code() {
    const uint64_t head = Unsigned();
    const uint64_t size = head >> 1;
    if ((head & 1) == 0) return std::string(Raw(size));
    std::string digits = std::to_string(Unsigned());
    if (size > kMostDigits || digits.size() > size) {
      Spoil();
      return {};
    }
    return std::string(size - digits.size(), '0') + digits;
  }
  int64_t Quantity() {
    const uint8_t form = Byte();
    int64_t value = Signed();
    if (form > 1 || (form == 0 && __builtin_mul_overflow(value, kMicro, &value))) Spoil();
    return value;
  }

 private:
  std::string_view left_;
  bool good_ = true;
};

std::string Encode(const ReceiptProof& proof) {
  Writer out;
  out.Byte(kVersion);
  out.Text(proof.receipt);
  out.Text(proof.terminal);
  out.Signed(proof.incarnation);
  out.Signed(proof.seq);
  out.Raw(crypto::AsText(proof.event.Value().bytes));
  out.Raw(proof.hash);
  out.Text(proof.currency);
  out.Id(proof.member);
  out.Signed(proof.earned);
  out.Signed(proof.spent);
  out.Unsigned(proof.lines.size());
  for (const auto& line : proof.lines) {
    out.Code(line.barcode);
    out.Quantity(line.quantity_micro);
    out.Signed(line.total_minor);
    out.Signed(line.earned);
    out.Signed(line.spent);
  }
  out.Unsigned(proof.spent_lots.size());
  for (const auto& lot : proof.spent_lots) {
    out.Id(lot.lot);
    out.Signed(lot.points);
  }
  return out.Take();
}

base::Expected<ReceiptProof> Decode(std::string_view bytes) {
  Reader in(bytes);
  if (const auto version = in.Byte(); version != kVersion) return Bad("version " + std::to_string(version));
  ReceiptProof proof;
  proof.receipt = in.Text();
  proof.terminal = in.Text();
  proof.incarnation = in.Signed();
  proof.seq = in.Signed();
  base::Uuid event;
  const auto id = in.Raw(kUuidBytes);
  std::copy(id.begin(), id.end(), event.bytes.begin());
  proof.event = domain::EventId(event);
  proof.hash = in.Raw(kHashBytes);
  proof.currency = in.Text();
  proof.member = in.Id();
  proof.earned = in.Signed();
  proof.spent = in.Signed();
  const uint64_t lines = in.Unsigned();
  if (lines > in.Left()) in.Spoil();
  for (uint64_t i = 0; i < lines && in.Good(); ++i) {
    ReceiptProof::Line line;
    line.barcode = in.Code();
    line.quantity_micro = in.Quantity();
    line.total_minor = in.Signed();
    line.earned = in.Signed();
    line.spent = in.Signed();
    proof.lines.push_back(std::move(line));
  }
  const uint64_t lots = in.Unsigned();
  if (lots > in.Left()) in.Spoil();
  for (uint64_t i = 0; i < lots && in.Good(); ++i) {
    ReceiptProof::Lot lot;
    lot.lot = in.Id();
    lot.points = in.Signed();
    proof.spent_lots.push_back(std::move(lot));
  }
  if (!in.Good() || !in.AtEnd()) return Bad("not a proof, or damaged");
  return proof;
}

/// RFC 4648 section 5, without padding.
std::string ToBase64Url(std::string_view bytes) {
  std::string text = crypto::ToBase64(crypto::AsBytes(bytes));
  text.erase(text.find_last_not_of('=') + 1);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

base::Expected<std::string> FromBase64Url(std::string text) {
  if (text.find_first_of("+/=") != std::string::npos) return Bad("not base64url");
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  const auto bytes = crypto::FromBase64(text);
  if (!bytes) return Bad("not base64url");
  return std::string(crypto::AsText(*bytes));
}

}  // namespace

base::Expected<std::string> SignProof(const ReceiptProof& proof, const crypto::SigningKey& key) {
  if (proof.hash.size() != kHashBytes)
    return Bad("the event's hash is " + std::to_string(proof.hash.size()) + " bytes");
  std::string bytes = Encode(proof);
  EVERTILL_ASSIGN(const crypto::Signature signature, key.Sign(crypto::AsBytes(std::string(kWhatItIs) + bytes)));
  return ToBase64Url(bytes.append(crypto::AsText(signature)));
}

base::Expected<ReadProof> ReadProofText(std::string_view text) {
  if (const size_t hash = text.rfind('#'); hash != std::string_view::npos) text.remove_prefix(hash + 1);
  EVERTILL_ASSIGN(const std::string bytes, FromBase64Url(std::string(text)));
  if (bytes.size() <= kSignatureBytes) return Bad("too short");
  const auto body = std::string_view(bytes).substr(0, bytes.size() - kSignatureBytes);
  ReadProof read;
  EVERTILL_ASSIGN(read.proof, Decode(body));
  read.signed_bytes = std::string(kWhatItIs) + std::string(body);
  read.signature = bytes.substr(body.size());
  return read;
}

bool IsSignedBy(const ReadProof& proof, const crypto::VerifyingKey& key) {
  return key.Verify(crypto::AsBytes(proof.signed_bytes), crypto::AsBytes(proof.signature));
}

}  // namespace evertill::card
