#include "sim/random_token.hpp"

#include <openssl/rand.h>

#include "actors/wire/tls/openssl.hpp"

namespace settle {

std::string random_token() {
  constexpr std::size_t kBytes = 16;
  unsigned char bytes[kBytes];
  openssl_expect(RAND_bytes(bytes, kBytes) == 1, "random bytes");
  char digits[2 * kBytes + 1];
  openssl_expect(OPENSSL_buf2hexstr_ex(digits, sizeof digits, nullptr, bytes, kBytes, '\0') == 1, "digits");
  return digits;
}

}  // namespace settle
