#include "sim/credential_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/read_file.hpp"

namespace settle {
namespace {

// Whose files nobody else can open at any moment, whatever the umask is.
class PrivateFileSystem final : public FileSystem {
 public:
  Descriptor create(const std::filesystem::path& path) override {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file) throw CannotCreate(path.string() + ": cannot create: " + std::strerror(errno));
    return file;
  }
};

Pem read_pem(const std::filesystem::path& path) { return {path.string(), read_text(path)}; }

}  // namespace

CredentialPaths run_credential_paths(const std::filesystem::path& folder) {
  return {folder / "ca.pem", folder / "host.pem", folder / "host.key"};
}

void write_run_credentials(const Credentials& credentials, const std::filesystem::path& folder) {
  PrivateFileSystem files;
  const CredentialPaths paths = run_credential_paths(folder);
  write_file_atomically(paths.key, credentials.key.text, files);
  write_file_atomically(paths.ca, credentials.ca.text, files);
  write_file_atomically(paths.certificate, credentials.certificate.text, files);
}

Credentials read_credentials(const CredentialPaths& paths) {
  return {read_pem(paths.ca), read_pem(paths.certificate), read_pem(paths.key)};
}

}  // namespace settle
