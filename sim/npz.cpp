#include "sim/npz.hpp"

#include <zip.h>

#include <algorithm>
#include <string_view>

#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/read_file.hpp"

namespace settle {
namespace {

constexpr std::string_view kSuffix = ".npy";
constexpr zip_uint16_t kDosDate = (0 << 9) | (1 << 5) | 1;  // 1 January 1980, the first day of zip
// No deflated byte yields more than this many: what claims more is refused before it is allocated.
constexpr std::uint64_t kMaxInflation = 1032;

struct ReleaseSource {
  void operator()(zip_source_t* source) const noexcept { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, ReleaseSource>;

struct CloseEntry {
  void operator()(zip_file_t* entry) const noexcept { zip_fclose(entry); }
};

// The archive under construction: its entries borrow the tensors until it is closed.
class ArchiveWriter {
 public:
  ArchiveWriter() {
    zip_error_t cause;
    zip_error_init(&cause);
    sink_.reset(zip_source_buffer_create(nullptr, 0, 0, &cause));
    if (!sink_) fail(&cause);
    zip_source_keep(sink_.get());  // our reference; the archive takes the other
    archive_ = zip_open_from_source(sink_.get(), ZIP_CREATE | ZIP_TRUNCATE, &cause);
    if (archive_ == nullptr) fail(&cause);
  }
  ~ArchiveWriter() {
    if (archive_ != nullptr) zip_discard(archive_);
  }
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  void add(const std::string& entry, std::span<const std::byte> head, std::span<const std::byte> body) {
    const zip_buffer_fragment_t parts[] = {fragment(head), fragment(body)};
    zip_source_t* source = zip_source_buffer_fragment(archive_, parts, body.empty() ? 1 : 2, 0);
    if (source == nullptr) fail(zip_get_error(archive_));
    const zip_int64_t index = zip_file_add(archive_, entry.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      fail(zip_get_error(archive_));
    }
    const auto position = static_cast<zip_uint64_t>(index);
    if (zip_set_file_compression(archive_, position, ZIP_CM_STORE, 0) != 0 ||
        zip_file_set_dostime(archive_, position, 0, kDosDate, 0) != 0)
      fail(zip_get_error(archive_));
  }

  std::vector<std::byte> close() {
    if (zip_close(archive_) != 0) fail(zip_get_error(archive_));
    archive_ = nullptr;
    zip_source_t* sink = sink_.get();
    if (zip_source_open(sink) != 0 || zip_source_seek(sink, 0, SEEK_END) != 0) fail(zip_source_error(sink));
    std::vector<std::byte> bytes(static_cast<std::size_t>(zip_source_tell(sink)));
    if (zip_source_seek(sink, 0, SEEK_SET) != 0 ||
        zip_source_read(sink, bytes.data(), bytes.size()) != static_cast<zip_int64_t>(bytes.size()))
      fail(zip_source_error(sink));
    zip_source_close(sink);
    return bytes;
  }

 private:
  static zip_buffer_fragment_t fragment(std::span<const std::byte> bytes) {
    // libzip's type is not const-correct; a source that is only read never writes there.
    auto* data = reinterpret_cast<zip_uint8_t*>(const_cast<std::byte*>(bytes.data()));
    return {data, bytes.size()};
  }
  [[noreturn]] static void fail(zip_error_t* cause) {
    throw InternalFault(std::string("libzip cannot build an archive in memory: ") + zip_error_strerror(cause));
  }

  Source sink_;
  zip_t* archive_ = nullptr;
};

// Which libzip does not write: the end of a directory without entries.
std::vector<std::byte> empty_archive() {
  constexpr std::size_t kEndOfDirectory = 22;
  std::vector<std::byte> bytes(kEndOfDirectory);
  std::ranges::copy(std::as_bytes(std::span("PK\5\6", 4)), bytes.begin());
  return bytes;
}

}  // namespace

template <class Scalar>
std::vector<std::byte> npz_bytes(const NamedViews<Scalar>& tensors) {
  if (tensors.empty()) return empty_archive();
  std::vector<std::vector<std::byte>> heads;  // must live until the archive is closed
  heads.reserve(tensors.size());
  ArchiveWriter writer;
  for (const auto& [name, tensor] : tensors) {
    heads.push_back(npy_header<Scalar>(tensor.shape));
    writer.add(name + std::string(kSuffix), heads.back(), std::as_bytes(tensor.flat()));
  }
  return writer.close();
}

template <class Scalar>
void write_npz(const std::filesystem::path& path, const NamedViews<Scalar>& tensors) {
  write_file_atomically(path, npz_bytes(tensors));
}

void NpzReader::Discard::operator()(zip* archive) const noexcept { zip_discard(archive); }

NpzReader::NpzReader(const std::filesystem::path& path) : name_(path.string()), content_(read_file(path)) {
  open(content_);
}

NpzReader::NpzReader(std::span<const std::byte> file, const std::string& name) : name_(name) { open(file); }

void NpzReader::open(std::span<const std::byte> file) {
  size_ = file.size();
  if (file.empty()) throw BadData(name_ + ": the file is empty");  // libzip would take it for an archive of no entries
  zip_error_t cause;
  zip_error_init(&cause);
  Source source(zip_source_buffer_create(file.data(), file.size(), 0, &cause));
  if (source) archive_.reset(zip_open_from_source(source.get(), ZIP_RDONLY | ZIP_CHECKCONS, &cause));
  if (!archive_) throw BadData(name_ + ": no sound .npz archive: " + zip_error_strerror(&cause));
  [[maybe_unused]] zip_source_t* const owned_by_archive = source.release();
  const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* entry = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0);
    const std::string_view text = entry == nullptr ? "" : entry;
    if (!text.ends_with(kSuffix)) throw BadData(name_ + ": entry '" + std::string(text) + "' is no .npy array");
    names_.emplace_back(text.substr(0, text.size() - kSuffix.size()));
  }
}

NpyArray NpzReader::read(const std::string& name) const {
  const std::string place = name_ + ":" + name;
  const auto position = std::ranges::find(names_, name);
  if (position == names_.end()) throw BadData(name_ + ": holds no array '" + name + "'");
  const auto index = static_cast<zip_uint64_t>(position - names_.begin());
  const auto fail = [&](zip_error_t* cause) { throw BadData(place + ": " + zip_error_strerror(cause)); };
  zip_stat_t status;
  if (zip_stat_index(archive_.get(), index, 0, &status) != 0) fail(zip_get_error(archive_.get()));
  if (status.comp_size > size_ || status.size / kMaxInflation > status.comp_size)
    throw BadData(place + ": claims " + std::to_string(status.size) + " bytes, more than the archive can hold");
  const std::unique_ptr<zip_file_t, CloseEntry> entry(zip_fopen_index(archive_.get(), index, 0));
  if (!entry) fail(zip_get_error(archive_.get()));
  std::vector<std::byte> bytes(status.size + 1);  // one more, so that the last read meets the end and with it the CRC
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const zip_int64_t count = zip_fread(entry.get(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0) fail(zip_file_get_error(entry.get()));
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  if (filled != status.size) throw BadData(place + ": is not as long as the archive's directory says");
  return parse_npy(std::span(bytes).first(filled), place);
}

template std::vector<std::byte> npz_bytes(const NamedViews<float>&);
template std::vector<std::byte> npz_bytes(const NamedViews<double>&);
template void write_npz(const std::filesystem::path&, const NamedViews<float>&);
template void write_npz(const std::filesystem::path&, const NamedViews<double>&);

}  // namespace settle
