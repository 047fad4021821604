#include <array>
#include <memory>
#include <string>
#include <utility>

#include "graph/error.hpp"
#include "sim/datasets/columns.hpp"
#include "sim/datasets/idx_format.hpp"
#include "sim/datasets/kinds.hpp"
#include "sim/datasets/labels.hpp"
#include "sim/read_file.hpp"
#include "sim/sha256.hpp"

namespace settle {
namespace {

constexpr const char* kDebianFashionMnist = "/usr/share/datasets/fashion-mnist";
constexpr const char* kDebianRemedy = "install the dataset: apt-get install dataset-fashion-mnist";
constexpr const char* kFilesRemedy =
    "data.path must hold train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
    "t10k-labels-idx1-ubyte, each plain or .gz";

struct IdxFile {
  std::string path;
  IdxArray array;
};

// The spellings under which the file is handed around.
std::filesystem::path find_file(const std::filesystem::path& folder, const std::string& role, const std::string& kind,
                                const std::string& remedy) {
  for (const char* mark : {"-", "."})
    for (const char* suffix : {"", ".gz"}) {
      const std::filesystem::path candidate = folder / (role + mark + kind + "-ubyte" + suffix);
      if (std::filesystem::exists(candidate)) return candidate;
    }
  throw MissingInput((folder / (role + "-" + kind + "-ubyte.gz")).string() + ": no such file; " + remedy);
}

IdxFile read_idx(const std::filesystem::path& path, std::size_t least_axes, std::size_t most_axes, Dataset& dataset) {
  const std::vector<std::byte> content = read_file(path);
  dataset.files.push_back({path, sha256_of(content)});
  IdxFile file{path.string(), parse_idx(content, path.string())};
  const std::size_t axes = file.array.shape.size();
  if (axes < least_axes || axes > most_axes)
    throw BadData(file.path + ": wrong magic number: " + std::to_string(axes) + " axes, " +
                  (most_axes == 1 ? "labels have 1" : "images have 2 to 8"));
  return file;
}

struct Pair {
  IdxFile images;
  IdxFile labels;
  std::vector<std::int64_t> classes;
};

Pair read_pair(const std::filesystem::path& folder, const std::string& role, const std::string& remedy,
               Dataset& dataset) {
  Pair pair{read_idx(find_file(folder, role + "-images", "idx3", remedy), 2, 8, dataset),
            read_idx(find_file(folder, role + "-labels", "idx1", remedy), 1, 1, dataset),
            {}};
  agreed_size(pair.images.array.shape[0], pair.images.path, pair.labels.array.shape[0], pair.labels.path);
  pair.classes.assign(pair.labels.array.values.begin(), pair.labels.array.values.end());
  return pair;
}

Shape sample_shape(const IdxFile& images) {
  const std::span<const std::int64_t> extents(images.array.shape);
  return Shape(extents.subspan(1));
}

Split split_of(Pair pair, std::uint32_t classes, const Normalisations& channels) {
  const Shape shape = sample_shape(pair.images);
  return labelled_split(std::make_shared<ByteColumn>(shape, std::move(pair.images.array.values), channels),
                        checked_labels(pair.classes, classes, pair.labels.path), classes);
}

Dataset open_folder(const std::filesystem::path& folder, const std::string& remedy, const DataConfig& config) {
  Dataset dataset;
  Pair train = read_pair(folder, "train", remedy, dataset);
  Pair test = read_pair(folder, "t10k", remedy, dataset);
  if (sample_shape(train.images) != sample_shape(test.images))
    throw BadData(test.images.path + ": its images are " + sample_shape(test.images).to_string() +
                  ", the training images " + sample_shape(train.images).to_string());
  dataset.classes = count_classes(train.classes, config.classes, train.labels.path);
  const Normalisations channels = normalisations<std::uint8_t>(train.images.array.values, sample_shape(train.images),
                                                               config.normalise, train.images.path);
  dataset.train = split_of(std::move(train), dataset.classes, channels);
  dataset.test = split_of(std::move(test), dataset.classes, channels);
  return dataset;
}

}  // namespace

Dataset open_idx(const DataConfig& config) { return open_folder(config.path, kFilesRemedy, config); }

Dataset open_fashion_mnist(const DataConfig& config) {
  if (config.path.empty()) return open_folder(kDebianFashionMnist, kDebianRemedy, config);
  return open_folder(config.path, kFilesRemedy, config);
}

}  // namespace settle
