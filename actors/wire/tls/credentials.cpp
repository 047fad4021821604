#include "actors/wire/tls/credentials.hpp"

#include <openssl/rand.h>

#include "actors/wire/tls/pem.hpp"

namespace settle {
namespace {

void free_stack(STACK_OF(X509) * stack) { sk_X509_free(stack); }  // a macro, and not the certificates

std::time_t seconds(CalendarTime time) { return std::chrono::system_clock::to_time_t(time); }

// OpenSSL's notation of a date.
std::string date(const ASN1_TIME* time) {
  const BioOwner bio(BIO_new(BIO_s_mem()));
  openssl_expect(bio != nullptr && ASN1_TIME_print(bio.get(), time) == 1, "a date");
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const ExtensionOwner extension(X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()));
  openssl_expect(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "an extension of a certificate");
}

KeyOwner new_key() {
  KeyOwner key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  openssl_expect(key != nullptr, "a new key");
  return key;
}

// All but extensions and signature.
CertificateOwner new_certificate(EVP_PKEY* key, const std::string& name, CalendarTime now) {
  CertificateOwner certificate(X509_new());
  openssl_expect(certificate != nullptr, "a new certificate");
  std::uint64_t serial = 0;
  openssl_expect(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "random bytes");
  const std::time_t from = seconds(now - std::chrono::hours(24));
  const std::time_t until = seconds(now + kRunValidity);
  X509* const x = certificate.get();
  X509_NAME* const subject = X509_get_subject_name(x);
  openssl_expect(X509_set_version(x, X509_VERSION_3) == 1 &&
                     ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial >> 1) == 1 &&
                     ASN1_TIME_set(X509_getm_notBefore(x), from) != nullptr &&
                     ASN1_TIME_set(X509_getm_notAfter(x), until) != nullptr && X509_set_pubkey(x, key) == 1 &&
                     X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                                reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0) == 1,
                 "the fields of a certificate");
  return certificate;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* issuers_key) {
  // Ed25519 hashes by itself.
  openssl_expect(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
                     X509_sign(certificate, issuers_key, nullptr) > 0,
                 "signing a certificate");
}

void check_dates(const Pem& pem, X509* certificate, CalendarTime now) {
  std::time_t time = seconds(now);
  if (X509_cmp_time(X509_get0_notAfter(certificate), &time) < 0)
    throw NotAuthorised(pem.source + ": the certificate expired on " + date(X509_get0_notAfter(certificate)) +
                        ": renew it");
  if (X509_cmp_time(X509_get0_notBefore(certificate), &time) > 0)
    throw NotAuthorised(pem.source + ": the certificate is valid from " + date(X509_get0_notBefore(certificate)) +
                        " only: is this machine's clock right?");
}

// `chain`: the host's certificate, then those between it and the CA.
void check_signature(const Credentials& credentials, const std::vector<CertificateOwner>& chain, CalendarTime now) {
  const StoreOwner store(X509_STORE_new());
  const VerificationOwner verification(X509_STORE_CTX_new());
  const std::unique_ptr<STACK_OF(X509), OpensslFree<free_stack>> between(sk_X509_new_null());
  openssl_expect(store && verification && between, "a store of certificates");
  for (const CertificateOwner& ca : read_certificates(credentials.ca))
    openssl_expect(X509_STORE_add_cert(store.get(), ca.get()) == 1, "a store of certificates");
  for (const CertificateOwner& certificate : chain)
    openssl_expect(sk_X509_push(between.get(), certificate.get()) > 0, "a chain of certificates");
  openssl_expect(X509_STORE_CTX_init(verification.get(), store.get(), chain.front().get(), between.get()) == 1,
                 "a verification");
  X509_STORE_CTX_set_time(verification.get(), 0, seconds(now));
  if (X509_verify_cert(verification.get()) == 1) return;
  const int reason = X509_STORE_CTX_get_error(verification.get());
  ERR_clear_error();
  throw NotAuthorised(credentials.certificate.source + ": the certificate is not signed by " + credentials.ca.source +
                      ": " + X509_verify_cert_error_string(reason));
}

}  // namespace

Credentials make_run_credentials(CalendarTime now, const std::string& name) {
  const KeyOwner ca_key = new_key();
  const CertificateOwner ca = new_certificate(ca_key.get(), "certificates of one settle run", now);
  extend(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  extend(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign");
  extend(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
  sign(ca.get(), ca.get(), ca_key.get());

  const KeyOwner key = new_key();
  const CertificateOwner host = new_certificate(key.get(), name, now);
  extend(host.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(host.get(), ca.get(), NID_key_usage, "critical,digitalSignature");
  extend(host.get(), ca.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  extend(host.get(), ca.get(), NID_subject_alt_name, "DNS:" + name);
  extend(host.get(), ca.get(), NID_authority_key_identifier, "keyid");
  sign(host.get(), ca.get(), ca_key.get());
  return {{"ca.pem", pem_of(ca.get())}, {"host.pem", pem_of(host.get())}, {"host.key", pem_of(key.get())}};
}

void check_credentials(const Credentials& credentials, const std::string& name, CalendarTime now) {
  const std::vector<CertificateOwner> chain = read_certificates(credentials.certificate);
  X509* const certificate = chain.front().get();
  const KeyOwner key = read_key(credentials.key);
  const std::string& source = credentials.certificate.source;
  const bool of_key = X509_check_private_key(certificate, key.get()) == 1;
  ERR_clear_error();
  if (!of_key) throw NotAuthorised(credentials.key.source + ": is not the private key of the certificate in " + source);
  check_dates(credentials.certificate, certificate, now);
  for (const CertificateOwner& ca : read_certificates(credentials.ca)) check_dates(credentials.ca, ca.get(), now);
  check_signature(credentials, chain, now);
  if (X509_check_host(certificate, name.c_str(), name.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) != 1)
    throw NotAuthorised(source + ": the certificate is not for the name '" + name + "'");
}

}  // namespace settle
