#include <memory>
#include <string>
#include <utility>

#include "graph/error.hpp"
#include "sim/datasets/cifar_format.hpp"
#include "sim/datasets/columns.hpp"
#include "sim/datasets/file_list.hpp"
#include "sim/datasets/kinds.hpp"
#include "sim/datasets/labels.hpp"
#include "sim/read_file.hpp"
#include "sim/sha256.hpp"

namespace settle {
namespace {

// One of the sets: what its records hold and how its files are named.
struct Cifar {
  std::vector<CifarLabel> labels;
  std::size_t label = 0;  // the one that is learned
  std::string train_files;
  std::string test_files;
};

CifarRecords read_records(const Cifar& set, const DataConfig& config, const std::string& list, const std::string& key,
                          Dataset& dataset) {
  CifarRecords records;
  for (const std::filesystem::path& path : listed_files(config.path, list, key)) {
    const std::vector<std::byte> content = read_file(path);
    dataset.files.push_back({path, sha256_of(content)});
    append_cifar(content, path.string(), set.labels, set.label, records);
  }
  return records;
}

Dataset open_cifar(const Cifar& set, const DataConfig& config) {
  const std::uint32_t classes = set.labels[set.label].classes;
  if (config.classes != 0 && config.classes != classes)
    throw BadConfig("data.classes: the dataset " + config.dataset + " has " + std::to_string(classes) +
                    " classes; leave the key out");
  Dataset dataset;
  dataset.classes = classes;
  const auto listed = [](const std::string& given, const std::string& usual) { return given.empty() ? usual : given; };
  CifarRecords train =
      read_records(set, config, listed(config.train_files, set.train_files), "data.train_files", dataset);
  CifarRecords test = read_records(set, config, listed(config.test_files, set.test_files), "data.test_files", dataset);
  const Shape image{3, 32, 32};
  const Normalisations channels =
      normalisations<std::uint8_t>(train.pixels, image, config.normalise, config.path.string());
  const auto split = [&](CifarRecords& records) {
    return labelled_split(std::make_shared<ByteColumn>(image, std::move(records.pixels), channels),
                          checked_labels(records.labels, classes, config.path.string()), classes);
  };
  dataset.train = split(train);
  dataset.test = split(test);
  return dataset;
}

}  // namespace

Dataset open_cifar10(const DataConfig& config) {
  return open_cifar({{{"label", 10}}, 0, "data_batch_*.bin", "test_batch.bin"}, config);
}

Dataset open_cifar100(const DataConfig& config) {
  const bool coarse = config.labels == DataConfig::Labels::coarse;
  return open_cifar({{{"coarse label", 20}, {"fine label", 100}}, coarse ? 0U : 1U, "train.bin", "test.bin"}, config);
}

}  // namespace settle
