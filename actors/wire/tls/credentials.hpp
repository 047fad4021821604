// Purpose: the certificates by which the hosts of one run know each other: made at its start, or a user's own. All
// hosts of a run may have the same certificate: it says "of this run", the rank is in hello. Thread rule: pure.
#pragma once

#include <chrono>
#include <string>

namespace settle {

// PEM, and where it is from, for messages.
struct Pem {
  std::string source;
  std::string text;
};

struct Credentials {
  Pem ca;           // one certificate or several, that sign the hosts'
  Pem certificate;  // this host's
  Pem key;          // its private key
};

using CalendarTime = std::chrono::system_clock::time_point;

// The name in the certificates of a run.
inline constexpr const char* kRunName = "host.settle.invalid";
inline constexpr std::chrono::hours kRunValidity{24 * 30};

// A new CA and one certificate that it has signed (Ed25519), valid for kRunValidity and, for clocks that disagree, a
// day before `now`. The CA's own key is forgotten: nobody can sign another. The sources are ca.pem, host.pem and
// host.key.
Credentials make_run_credentials(CalendarTime now, const std::string& name = kRunName);

// Errors: BadData for what is no PEM of its kind, or a key that needs a password; NotAuthorised, naming the sources,
// for a certificate that is not of `key`, expired or not yet valid, not signed by `ca`, or not for `name`.
void check_credentials(const Credentials& credentials, const std::string& name, CalendarTime now);

}  // namespace settle
