#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/base/uuid.h"
#include "app/crypto/encoding.h"
#include "app/crypto/hash.h"
#include "app/crypto/key_file.h"
#include "app/crypto/pin_hash.h"
#include "app/crypto/sealed.h"
#include "app/crypto/signing_key.h"

namespace evertill::crypto {
namespace {

Bytes Hex(std::string_view text) {
  const auto raw = base::FromHex(text);
  REQUIRE(raw.has_value());
  return Bytes(raw->begin(), raw->end());
}

/// A folder of its own that goes away with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "evertill-crypto-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::filesystem::path& Path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST_CASE("SHA-256 and HMAC give the published values", "[crypto]") {
  CHECK(base::ToHex(Sha256(AsBytes("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Sha256({AsBytes("a"), AsBytes(""), AsBytes("bc")}) == Sha256(AsBytes("abc")));
  // RFC 4231, cases 2 and 6 (a key longer than a block).
  CHECK(base::ToHex(HmacSha256(AsBytes("Jefe"), AsBytes("what do ya want for nothing?"))) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(base::ToHex(HmacSha256(Bytes(131, 0xaa), AsBytes("Test Using Larger Than Block-Size Key - Hash Key First"))) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("Sha256Stream: parts give the digest of the whole, and it starts over", "[crypto]") {
  Sha256Stream stream;
  CHECK(stream.Update(AsBytes("ab")).Update(AsBytes("c")).Finish() == Sha256(AsBytes("abc")));
  CHECK(stream.Update(AsBytes("abc")).Finish() == Sha256(AsBytes("abc")));
}

TEST_CASE("Ed25519: RFC 8032 test 2, and a changed byte is refused", "[crypto]") {
  const auto key = SigningKey::FromSeed(Hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  REQUIRE(key.has_value());
  CHECK(base::ToHex(key->PublicKey()) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const Bytes message{0x72};
  const auto signature = key->Sign(message);
  REQUIRE(signature.has_value());
  CHECK(base::ToHex(*signature).substr(0, 32) == "92a009a9f0d4cab8720e820b5f642540");
  const auto verifier = VerifyingKey::FromBytes(key->PublicKey());
  REQUIRE(verifier.has_value());
  CHECK(verifier->Verify(message, *signature));
  CHECK_FALSE(verifier->Verify(Bytes{0x73}, *signature));
  auto bent = *signature;
  bent[10] ^= 1;
  CHECK_FALSE(verifier->Verify(message, bent));
  CHECK_FALSE(verifier->Verify(message, ByteView(*signature).first(63)));
}

TEST_CASE("Ed25519: another key does not verify; wrong lengths are no keys", "[crypto]") {
  const auto random = base::MakeSeededRandom(7);
  const auto one = SigningKey::Generate(*random);
  const auto two = SigningKey::Generate(*random);
  REQUIRE((one && two));
  CHECK(one->PublicKey() != two->PublicKey());
  CHECK_FALSE(VerifyingKey::FromBytes(two->PublicKey())->Verify(AsBytes("x"), *one->Sign(AsBytes("x"))));
  CHECK(SigningKey::FromSeed(Bytes(31)).error().Is(CryptoErrc::kBadKey));
  CHECK(VerifyingKey::FromBytes(Bytes(33)).error().Is(CryptoErrc::kBadKey));
}

TEST_CASE("Seal: opens to what was sealed, and only where it was sealed", "[crypto]") {
  const auto random = base::MakeSeededRandom(8);
  SecretKey key{};
  random->Fill(key);
  const auto sealed = Seal(key, AsBytes("นก 0812345678"), AsBytes("member:1"), *random);
  REQUIRE(sealed.has_value());
  CHECK(AsText(*sealed).find("0812345678") == std::string_view::npos);
  const auto opened = Open(key, *sealed, AsBytes("member:1"));
  REQUIRE(opened.has_value());
  CHECK(AsText(*opened) == "นก 0812345678");
  CHECK(*Seal(key, AsBytes("นก 0812345678"), AsBytes("member:1"), *random) != *sealed);

  CHECK(Open(key, *sealed, AsBytes("member:2")).error().Is(CryptoErrc::kTampered));
  CHECK(Open(DeriveKey(key, "other"), *sealed, AsBytes("member:1")).error().Is(CryptoErrc::kTampered));
  for (size_t i = 0; i < sealed->size(); ++i) {
    Bytes bent = *sealed;
    bent[i] ^= 0x40;
    CHECK_FALSE(Open(key, bent, AsBytes("member:1")).has_value());
  }
  CHECK(Open(key, Bytes(27), {}).error().Is(CryptoErrc::kTampered));
  CHECK(Open(key, *Seal(key, {}, {}, *random), {})->empty());
}

TEST_CASE("Base64 and base32 follow RFC 4648 and refuse second spellings", "[crypto]") {
  CHECK(ToBase64(AsBytes("fooba")) == "Zm9vYmE=");
  CHECK(ToBase64(AsBytes("f")) == "Zg==");
  CHECK(ToBase32(AsBytes("foobar")) == "MZXW6YTBOI");
  CHECK(ToBase32(AsBytes("f")) == "MY");
  const auto random = base::MakeSeededRandom(9);
  for (size_t size = 0; size < 70; ++size) {
    Bytes bytes(size);
    random->Fill(bytes);
    CHECK(*FromBase64(ToBase64(bytes)) == bytes);
    CHECK(*FromBase32(ToBase32(bytes)) == bytes);
  }
  CHECK(*FromBase32("mzxw6ytboi") == *FromBase32("MZXW6YTBOI"));
  for (const char* bad : {"Zg=", "Zg", "Zh==", "Z===", "Zm9v YmE=", "====", "Zm9vYm\xc3\xa9"}) {
    INFO(bad);
    CHECK_FALSE(FromBase64(bad).has_value());
  }
  for (const char* bad : {"M", "MZ", "MY======", "M1", "MZXW6YTBO"}) {
    INFO(bad);
    CHECK_FALSE(FromBase32(bad).has_value());
  }
}

TEST_CASE("PIN hash: right PIN only, salted, and useless without the pepper", "[crypto]") {
  const auto random = base::MakeSeededRandom(10);
  const Bytes pepper(32, 0x5a);
  const PinCost cheap{64, 1};
  const auto hash = HashPin("2468", pepper, *random, cheap);
  REQUIRE(hash.has_value());
  CHECK(hash->starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
  CHECK(*HashPin("2468", pepper, *random, cheap) != *hash);
  CHECK(*VerifyPin("2468", *hash, pepper));
  CHECK_FALSE(*VerifyPin("2469", *hash, pepper));
  CHECK_FALSE(*VerifyPin("", *hash, pepper));
  CHECK_FALSE(*VerifyPin("2468", *hash, {}));
  for (const char* bad :
       {"", "2468", "$argon2id$v=19$m=64,t=1,p=1$", "$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAA$AA"}) {
    CHECK(VerifyPin("2468", bad, pepper).error().Is(CryptoErrc::kBadEncoding));
  }
  CHECK(HashPin("1", {}, *random)->starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST_CASE("Key file: made once with mode 0600, the same at the next start", "[crypto]") {
  const Folder folder;
  const auto random = base::MakeSeededRandom(11);
  const auto path = folder.Path() / "keys" / "till.key";
  const auto made = LoadOrCreateKeyFile(path, 32, *random);
  REQUIRE(made.has_value());
  CHECK(*LoadOrCreateKeyFile(path, 32, *random) == *made);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(::stat(path.parent_path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  CHECK(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}) == 1);
}

TEST_CASE("Key file: readable by others, cut short or too long is refused by name", "[crypto]") {
  const Folder folder;
  const auto random = base::MakeSeededRandom(12);
  const auto path = folder.Path() / "till.key";
  std::ofstream(path) << std::string(32, 'k');
  ::chmod(path.c_str(), 0640);
  const auto open_to_group = LoadOrCreateKeyFile(path, 32, *random);
  REQUIRE_FALSE(open_to_group.has_value());
  CHECK(open_to_group.error().Is(CryptoErrc::kKeyFile));
  CHECK(open_to_group.error().Detail().find("till.key: others can read this key") != std::string::npos);
  ::chmod(path.c_str(), 0600);
  CHECK(LoadOrCreateKeyFile(path, 32, *random).has_value());
  CHECK(LoadOrCreateKeyFile(path, 16, *random).error().Is(CryptoErrc::kKeyFile));
  CHECK(LoadOrCreateKeyFile(path, 64, *random).error().Is(CryptoErrc::kKeyFile));
  CHECK(LoadKeyFile(folder.Path() / "none.key", 32).error().Is(CryptoErrc::kKeyFile));
}

}  // namespace
}  // namespace evertill::crypto
