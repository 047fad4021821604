#include "sim/sha256.hpp"

#include <doctest/doctest.h>

#include "tests/sim/scratch.hpp"

namespace settle {

// FIPS 180-4, examples of SHA-256.
constexpr const char* kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kMillionA = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST_CASE("sha256 gives the standard's digests") {
  CHECK(sha256_of(std::string_view()) == kEmpty);
  CHECK(sha256_of(std::string_view("abc")) == kAbc);
}

TEST_CASE("sha256 of pieces is the sha256 of the whole") {
  Sha256 hash;
  for (int i = 0; i < 1000; ++i) hash.update(std::string(1000, 'a'));
  CHECK(hash.hex() == kMillionA);
}

TEST_CASE("sha256 of a file longer than a piece is that of its bytes") {
  const Scratch scratch;
  put(scratch / "a", std::string(1000000, 'a'));
  CHECK(sha256_of_file(scratch / "a") == kMillionA);
}

TEST_CASE("sha256 of a file that is not there is a missing input that names it") {
  CHECK(thrown_by([] { sha256_of_file("/nowhere/x"); }).starts_with("66: /nowhere/x: "));
}

}  // namespace settle
