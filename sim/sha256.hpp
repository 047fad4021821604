// Purpose: SHA-256 (FIPS 180-4, by OpenSSL) of inputs, checkpoints and parameters, as 64 lower-case hex digits.
// Thread rule: a value type.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace settle {

class Sha256 {
 public:
  Sha256();
  void update(std::span<const std::byte> bytes);
  void update(std::string_view text) { update(std::as_bytes(std::span(text.data(), text.size()))); }
  // The digest of all updates. Requires: called once, last.
  std::string hex();

 private:
  struct Release {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Release> context_;
};

std::string sha256_of(std::span<const std::byte> bytes);
std::string sha256_of(std::string_view text);
// Reads the file in pieces. Errors: MissingInput, BadData naming it.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace settle
