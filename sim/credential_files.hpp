// Purpose: credentials in files. A run's lie in its folder, readable by their owner only; no private key is anywhere
// else. Callers: launchers, workers. Thread rule: any thread.
#pragma once

#include <filesystem>

#include "actors/wire/tls/credentials.hpp"

namespace settle {

struct CredentialPaths {
  std::filesystem::path ca;
  std::filesystem::path certificate;
  std::filesystem::path key;
};

CredentialPaths run_credential_paths(const std::filesystem::path& folder);

// Each file whole or not at all; those of an earlier start are replaced. Errors: CannotCreate, CannotWrite naming the
// file.
void write_run_credentials(const Credentials& credentials, const std::filesystem::path& folder);

// The sources are the paths. Errors: MissingInput naming the file.
Credentials read_credentials(const CredentialPaths& paths);

}  // namespace settle
