#include "sim/random_token.hpp"

#include <openssl/rand.h>

#include "actors/wire/tls/openssl.hpp"

namespace settle {

std::string random_token() {
  unsigned char bytes[kTokenDigits / 2];
  openssl_expect(RAND_bytes(bytes, sizeof bytes) == 1, "random bytes");
  char digits[kTokenDigits + 1];
  openssl_expect(OPENSSL_buf2hexstr_ex(digits, sizeof digits, nullptr, bytes, sizeof bytes, '\0') == 1, "digits");
  return digits;
}

}  // namespace settle
