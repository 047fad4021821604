#include "sim/launch/rendezvous.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "actors/wire/frame.hpp"
#include "actors/wire/peer_error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/file_name.hpp"
#include "sim/hosts.hpp"
#include "sim/read_file.hpp"

namespace settle {
namespace {

constexpr int kSchema = 1;
constexpr std::uint64_t kLongest = 1 << 20;  // bytes; a real one has about 3000

// Whose files nobody else can open at any moment, whatever the umask is.
class PrivateFileSystem final : public FileSystem {
 public:
  Descriptor create(const std::filesystem::path& path) override {
    ::unlink(path.c_str());  // a crashed process of the same number may have left one
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file) throw CannotCreate(path.string() + ": cannot create: " + std::strerror(errno));
    return file;
  }
};

void check_private(const Descriptor& file, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(file.number(), &status) != 0)
    throw MissingInput(path.string() + ": cannot be examined: " + std::strerror(errno));
  if (!S_ISREG(status.st_mode)) throw NotAuthorised(path.string() + ": is no file, but something else");
  if (status.st_uid != ::geteuid())
    throw NotAuthorised(path.string() + ": belongs to user " + std::to_string(status.st_uid) +
                        ", this process to user " + std::to_string(::geteuid()) +
                        "; start all processes of a run as one user");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    throw NotAuthorised(path.string() +
                        ": others than its owner may open it, and may have its private key; stop the "
                        "run, remove the file, and let the run write it anew, with mode 0600");
}

// Takes members out of the file's object. Errors: BadData naming the member.
class Members {
 public:
  Members(const nlohmann::json& document, const std::filesystem::path& path) : document_(document), path_(path) {}

  std::uint64_t number(const char* name, std::uint64_t least, std::uint64_t most) const {
    const nlohmann::json& member = at(name);
    if (!member.is_number_unsigned() || member.get<std::uint64_t>() < least || member.get<std::uint64_t>() > most)
      fail(name, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return member.get<std::uint64_t>();
  }
  std::string text(const char* name) const {
    if (!at(name).is_string()) fail(name, "a text");
    return at(name).get<std::string>();
  }
  std::vector<std::string> texts(const char* name) const {
    constexpr const char* kWhat = "a list of texts, at least one";
    if (!at(name).is_array() || at(name).empty()) fail(name, kWhat);
    std::vector<std::string> texts;
    for (const nlohmann::json& element : at(name)) {
      if (!element.is_string()) fail(name, kWhat);
      texts.push_back(element.get<std::string>());
    }
    return texts;
  }
  Pem pem(const char* name) const { return {path_.string() + ", member '" + name + "'", text(name)}; }

  [[noreturn]] void fail(const char* name, const std::string& due) const {
    throw BadData(path_.string() + ": member '" + name + "' has to be " + due +
                  "; a run writes this file itself: remove it and start the run again");
  }

 private:
  const nlohmann::json& at(const char* name) const {
    const auto found = document_.find(name);
    if (found == document_.end()) fail(name, "there");
    return *found;
  }

  const nlohmann::json& document_;
  const std::filesystem::path& path_;
};

Rendezvous read_members(const Members& members) {
  Rendezvous read;
  read.hosts = static_cast<HostId>(members.number("hosts", 1, kMostHosts));
  read.token = members.text("token");
  if (read.token.empty()) members.fail("token", "a text that is not empty");
  read.scalar = members.text("scalar");
  if (read.scalar != "float32" && read.scalar != "float64") members.fail("scalar", "float32 or float64");
  read.addresses = members.texts("addresses");
  read.port = static_cast<std::uint16_t>(members.number("port", 1, UINT16_MAX));
  read.credentials = {members.pem("ca"), members.pem("certificate"), members.pem("key")};
  const bool plain = read.credentials.ca.text.empty();
  if (read.credentials.certificate.text.empty() != plain || read.credentials.key.text.empty() != plain)
    members.fail("ca", "empty where 'certificate' or 'key' is, and only there");
  return read;
}

}  // namespace

std::filesystem::path rendezvous_path(const std::filesystem::path& run_directory, const std::string& job) {
  return run_directory / ("rendezvous" + (job.empty() ? "" : "-" + file_part(job)) + ".json");
}

RendezvousFile::RendezvousFile(std::filesystem::path path, const Rendezvous& content)
    : path_(std::move(path)), token_(content.token) {
  const nlohmann::json document = {{"schema", kSchema},
                                   {"protocol", kProtocolVersion},
                                   {"hosts", content.hosts},
                                   {"token", content.token},
                                   {"scalar", content.scalar},
                                   {"addresses", content.addresses},
                                   {"port", content.port},
                                   {"ca", content.credentials.ca.text},
                                   {"certificate", content.credentials.certificate.text},
                                   {"key", content.credentials.key.text}};
  PrivateFileSystem files;
  write_file_atomically(path_, document.dump(2) + "\n", files);
}

RendezvousFile::~RendezvousFile() {
  try {
    const std::optional<Rendezvous> now = read_rendezvous(path_);
    if (now && now->token == token_) FileSystem::system().remove(path_);
  } catch (...) {
    // What is there now is not ours.
  }
}

std::optional<Rendezvous> read_rendezvous(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file && errno == ENOENT) return std::nullopt;
  if (!file) throw MissingInput(path.string() + ": cannot be opened: " + std::strerror(errno));
  check_private(file, path);
  const auto document = nlohmann::json::parse(read_text(file, path, kLongest), nullptr, false);
  const Members members(document, path);
  if (!document.is_object()) throw BadData(path.string() + ": no rendezvous file of a run: it is no object of JSON");
  members.number("schema", kSchema, kSchema);
  const std::uint64_t protocol = members.number("protocol", 0, UINT32_MAX);
  if (protocol != kProtocolVersion)
    throw BadData(path.string() + ": host 0 speaks version " + std::to_string(protocol) +
                  " of the protocol, this process version " + std::to_string(kProtocolVersion) +
                  ": run the same build everywhere");
  return read_members(members);
}

}  // namespace settle
