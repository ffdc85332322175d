#include "app/crypto/x509.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

namespace evertill::crypto {
namespace {

struct Free {
  void operator()(X509* handle) const { X509_free(handle); }
  void operator()(EVP_PKEY* handle) const { EVP_PKEY_free(handle); }
  void operator()(BIO* handle) const { BIO_free(handle); }
  void operator()(X509_EXTENSION* handle) const { X509_EXTENSION_free(handle); }
  void operator()(BIGNUM* handle) const { BN_free(handle); }
  void operator()(ASN1_TIME* handle) const { ASN1_TIME_free(handle); }
};
template <typename T>
using Handle = std::unique_ptr<T, Free>;

constexpr long kVersion3 = 2;  // the wire value of "v3"

tl::unexpected<base::Error> LibraryError(const char* doing) {
  std::array<char, 200> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return base::Fail(CryptoErrc::kCryptoLibrary, std::string(doing) + ": " + text.data());
}

Handle<BIO> Reader(std::string_view text) {
  return Handle<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

base::Expected<Handle<X509>> ReadCertificate(std::string_view pem) {
  const Handle<BIO> bio = Reader(pem);
  Handle<X509> certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  ERR_clear_error();
  if (!certificate) return base::Fail(CryptoErrc::kBadEncoding, "no PEM certificate");
  return certificate;
}

std::string Written(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<size_t>(size));
}

base::Expected<CertifiedKey> WritePair(X509* certificate, EVP_PKEY* key) {
  const Handle<BIO> certificate_out(BIO_new(BIO_s_mem()));
  const Handle<BIO> key_out(BIO_new(BIO_s_mem()));
  if (!certificate_out || !key_out || PEM_write_bio_X509(certificate_out.get(), certificate) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key_out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return LibraryError("writing PEM");
  }
  return CertifiedKey{Written(certificate_out.get()), Written(key_out.get())};
}

/// Serial (random, positive), validity, subject and public key: what every certificate has.
base::Expected<Handle<X509>> MakeCertificate(EVP_PKEY* key, std::string_view common_name, base::Instant now,
                                             std::chrono::days valid, base::Random& random) {
  Handle<X509> certificate(X509_new());
  std::array<uint8_t, 16> serial{};
  random.Fill(serial);
  serial[0] = static_cast<uint8_t>((serial[0] & 0x7f) | 0x40);  // positive, and always 16 bytes
  const Handle<BIGNUM> number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  const time_t start = static_cast<time_t>(base::ToUnixMillis(now - std::chrono::hours(1)) / 1000);
  const time_t end = static_cast<time_t>(base::ToUnixMillis(now + valid) / 1000);
  if (!certificate || !number || X509_set_version(certificate.get(), kVersion3) != 1 ||
      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) == nullptr ||
      ASN1_TIME_set(X509_getm_notBefore(certificate.get()), start) == nullptr ||
      ASN1_TIME_set(X509_getm_notAfter(certificate.get()), end) == nullptr ||
      X509_set_pubkey(certificate.get(), key) != 1) {
    return LibraryError("making a certificate");
  }
  X509_NAME* name = X509_get_subject_name(certificate.get());
  if (X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const uint8_t*>(common_name.data()),
                                 static_cast<int>(common_name.size()), -1, 0) != 1) {
    return LibraryError("naming a certificate");
  }
  return certificate;
}

base::Status AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Handle<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) return LibraryError("certificate extension");
  return {};
}

Handle<EVP_PKEY> NewKey() {
  return Handle<EVP_PKEY>(EVP_EC_gen("P-256"));
}

bool IsAddress(const std::string& host) {
  std::array<uint8_t, 16> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

/// "DNS:till.example,IP:127.0.0.1"; a host with a comma or colon trick in it is refused.
base::Expected<std::string> AlternativeNames(std::span<const std::string> hosts) {
  std::string names;
  for (const std::string& host : hosts) {
    const bool address = IsAddress(host);
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._*";
    if (host.empty() || host.size() > 253 || (!address && host.find_first_not_of(kAllowed) != std::string::npos)) {
      return base::Fail(CryptoErrc::kCryptoLibrary, "not a host name or address: " + host);
    }
    if (!names.empty()) names += ',';
    names += (address ? "IP:" : "DNS:") + host;
  }
  if (names.empty()) return base::Fail(CryptoErrc::kCryptoLibrary, "a server certificate needs a host name");
  return names;
}

}  // namespace

base::Expected<CertifiedKey> MakeAuthority(std::string_view common_name, base::Instant now, std::chrono::days valid,
                                           base::Random& random) {
  const Handle<EVP_PKEY> key = NewKey();
  if (!key) return LibraryError("making a key");
  EVERTILL_ASSIGN(const Handle<X509> certificate, MakeCertificate(key.get(), common_name, now, valid, random));
  if (X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get())) != 1) {
    return LibraryError("naming the issuer");
  }
  EVERTILL_TRY(AddExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
  EVERTILL_TRY(AddExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign"));
  EVERTILL_TRY(AddExtension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash"));
  if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) return LibraryError("signing a certificate");
  return WritePair(certificate.get(), key.get());
}

base::Expected<CertifiedKey> IssueServerCertificate(const CertifiedKey& authority, std::span<const std::string> hosts,
                                                    base::Instant now, std::chrono::days valid, base::Random& random) {
  EVERTILL_ASSIGN(const std::string names, AlternativeNames(hosts));
  EVERTILL_ASSIGN(const Handle<X509> issuer, ReadCertificate(authority.certificate_pem));
  const Handle<BIO> bio = Reader(authority.private_key_pem);
  const Handle<EVP_PKEY> issuer_key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!issuer_key) return LibraryError("reading the authority's key");
  const Handle<EVP_PKEY> key = NewKey();
  if (!key) return LibraryError("making a key");
  EVERTILL_ASSIGN(const Handle<X509> certificate,
                  MakeCertificate(key.get(), "Evertill head office", now, valid, random));
  X509* raw = certificate.get();
  if (X509_set_issuer_name(raw, X509_get_subject_name(issuer.get())) != 1) return LibraryError("naming the issuer");
  EVERTILL_TRY(AddExtension(raw, issuer.get(), NID_basic_constraints, "critical,CA:FALSE"));
  EVERTILL_TRY(AddExtension(raw, issuer.get(), NID_key_usage, "critical,digitalSignature"));
  EVERTILL_TRY(AddExtension(raw, issuer.get(), NID_ext_key_usage, "serverAuth"));
  EVERTILL_TRY(AddExtension(raw, issuer.get(), NID_subject_key_identifier, "hash"));
  EVERTILL_TRY(AddExtension(raw, issuer.get(), NID_authority_key_identifier, "keyid"));
  EVERTILL_TRY(AddExtension(raw, issuer.get(), NID_subject_alt_name, names));
  if (X509_sign(raw, issuer_key.get(), EVP_sha256()) == 0) return LibraryError("signing a certificate");
  return WritePair(raw, key.get());
}

base::Expected<Digest> CertificateFingerprint(std::string_view pem) {
  EVERTILL_ASSIGN(const Handle<X509> certificate, ReadCertificate(pem));
  Digest digest{};
  unsigned int size = 0;
  if (X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1 || size != digest.size()) {
    return LibraryError("certificate fingerprint");
  }
  return digest;
}

base::Expected<std::string> FirstCertificate(std::string_view pem) {
  EVERTILL_ASSIGN(const Handle<X509> certificate, ReadCertificate(pem));
  const Handle<BIO> out(BIO_new(BIO_s_mem()));
  if (!out || PEM_write_bio_X509(out.get(), certificate.get()) != 1) return LibraryError("writing PEM");
  return Written(out.get());
}

base::Expected<base::Instant> CertificateEnd(std::string_view pem) {
  EVERTILL_ASSIGN(const Handle<X509> certificate, ReadCertificate(pem));
  int days = 0;
  int seconds = 0;
  const Handle<ASN1_TIME> epoch(ASN1_TIME_set(nullptr, 0));
  if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), X509_get0_notAfter(certificate.get())) != 1) {
    return LibraryError("certificate end");
  }
  return base::FromUnixMillis((int64_t{days} * 86400 + seconds) * 1000);
}

}  // namespace evertill::crypto
