// Purpose: OpenSSL's objects as owners that free themselves, and its own words for what went wrong. Thread rule: pure.
#pragma once

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "actors/wire/peer_error.hpp"

namespace settle {

template <auto Free>
struct OpensslFree {
  template <class Object>
  void operator()(Object* object) const noexcept {
    Free(object);
  }
};

using BioOwner = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;
using CertificateOwner = std::unique_ptr<X509, OpensslFree<X509_free>>;
using KeyOwner = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using StoreOwner = std::unique_ptr<X509_STORE, OpensslFree<X509_STORE_free>>;
using VerificationOwner = std::unique_ptr<X509_STORE_CTX, OpensslFree<X509_STORE_CTX_free>>;
using ExtensionOwner = std::unique_ptr<X509_EXTENSION, OpensslFree<X509_EXTENSION_free>>;
using TlsContextOwner = std::unique_ptr<SSL_CTX, OpensslFree<SSL_CTX_free>>;
using TlsOwner = std::unique_ptr<SSL, OpensslFree<SSL_free>>;

// Why its last call failed; forgets it.
inline std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* const reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return reason != nullptr ? reason : "no reason given";
}

// Errors: InternalFault where a call that cannot fail has.
inline void openssl_expect(bool succeeded, const char* what) {
  if (!succeeded) throw InternalFault(std::string("OpenSSL: ") + what + ": " + openssl_reason());
}

}  // namespace settle
