// Purpose: PEM texts as OpenSSL's objects. Thread rule: pure. Errors: BadData naming the source.
#pragma once

#include <vector>

#include "actors/wire/tls/credentials.hpp"
#include "actors/wire/tls/openssl.hpp"

namespace settle {

// At least one.
std::vector<CertificateOwner> read_certificates(const Pem& pem);
KeyOwner read_key(const Pem& pem);

std::string pem_of(X509* certificate);
std::string pem_of(EVP_PKEY* key);

}  // namespace settle
