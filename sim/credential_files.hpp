// Purpose: credentials that a user has in files. Callers: launchers, workers. Thread rule: any thread.
#pragma once

#include <filesystem>

#include "actors/wire/tls/credentials.hpp"

namespace settle {

struct CredentialPaths {
  std::filesystem::path ca;
  std::filesystem::path certificate;
  std::filesystem::path key;
};

// The sources are the paths. Errors: MissingInput naming the file.
Credentials read_credentials(const CredentialPaths& paths);

}  // namespace settle
