#include "sim/credential_files.hpp"

#include "sim/read_file.hpp"

namespace settle {
namespace {

Pem read_pem(const std::filesystem::path& path) { return {path.string(), read_text(path)}; }

}  // namespace

Credentials read_credentials(const CredentialPaths& paths) {
  return {read_pem(paths.ca), read_pem(paths.certificate), read_pem(paths.key)};
}

}  // namespace settle
