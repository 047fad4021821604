// Purpose: TLS 1.3 as a Channel: AES-GCM, each side shows a certificate of the run's CA with the run's name; no
// tickets, no resumption, so that every connection is judged. Thread rule: TlsContext is immutable, any thread; a
// channel has one owner.
#pragma once

#include <memory>

#include "actors/wire/channel.hpp"
#include "actors/wire/tls/credentials.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace settle {

class TlsContext {
 public:
  // Both sides' certificates must be for `name`. `rekey_after`: how many bytes one key encrypts (AES-GCM stays within
  // its proven bounds to 2^24.5 records of 16 KB, RFC 8446 section 5.5). Errors: as check_credentials.
  TlsContext(const Credentials& credentials, const std::string& name, CalendarTime now,
             std::uint64_t rekey_after = std::uint64_t{64} << 30);

  std::unique_ptr<Channel> open(PeerRole role) const;

 private:
  struct Release {
    void operator()(ssl_ctx_st* context) const noexcept;
  };
  std::unique_ptr<ssl_ctx_st, Release> context_;
  std::string name_;
  std::uint64_t rekey_after_;
};

}  // namespace settle
