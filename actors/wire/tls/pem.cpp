#include "actors/wire/tls/pem.hpp"

namespace settle {
namespace {

BioOwner memory(const std::string& text) {
  BioOwner bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  openssl_expect(bio != nullptr, "memory");
  return bio;
}

// OpenSSL would ask at the terminal.
int no_password(char*, int, int, void*) { return -1; }

template <class Write>
std::string written(Write write) {
  const BioOwner bio(BIO_new(BIO_s_mem()));
  openssl_expect(bio != nullptr && write(bio.get()) == 1, "writing PEM");
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

std::vector<CertificateOwner> read_certificates(const Pem& pem) {
  const BioOwner bio = memory(pem.text);
  std::vector<CertificateOwner> certificates;
  while (X509* const certificate = PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr))
    certificates.emplace_back(certificate);
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string reason = openssl_reason();
  if (certificates.empty() || !at_end) throw BadData(pem.source + ": is no certificate in PEM form: " + reason);
  return certificates;
}

KeyOwner read_key(const Pem& pem) {
  const BioOwner bio = memory(pem.text);
  KeyOwner key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  if (!key) throw BadData(pem.source + ": is no private key in PEM form without a password: " + openssl_reason());
  return key;
}

std::string pem_of(X509* certificate) {
  return written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::string pem_of(EVP_PKEY* key) {
  return written(
      [&](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace settle
