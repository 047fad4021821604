#include "sim/datasets/list.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "graph/error.hpp"
#include "sim/datasets/kinds.hpp"

namespace settle {
namespace {

constexpr DatasetKind kKinds[] = {
    {"fashion-mnist", "Fashion-MNIST from Debian's dataset-fashion-mnist, or from data.path", open_fashion_mnist},
    {"idx", "a folder with the files of MNIST (.gz or not)", open_idx},
    {"npy", "a folder with x_train.npy, y_train.npy and, if wanted, x_test.npy, y_test.npy", open_npy_pairs},
    {"table", "the few samples that data.rows writes out", open_table},
};

std::uint32_t held_out(double validation, std::uint32_t size) {
  const double count = validation < 1 ? std::floor(validation * size) : validation;
  if (count >= size)
    throw BadConfig("data.validation: " + std::to_string(static_cast<std::uint64_t>(count)) + " samples of " +
                    std::to_string(size) + " leave none to train on; give fewer, or a fraction below 1");
  return static_cast<std::uint32_t>(count);
}

}  // namespace

std::span<const DatasetKind> dataset_kinds() { return kKinds; }

Dataset open_dataset(const DataConfig& config) {
  const auto kind = std::ranges::find(kKinds, config.dataset, &DatasetKind::name);
  assert(kind != std::end(kKinds));
  Dataset dataset = kind->open(config);
  if (config.subset > dataset.train.size())
    throw BadConfig("data.subset: " + std::to_string(config.subset) + " samples are asked for, only " +
                    std::to_string(dataset.train.size()) + " are there");
  const std::uint32_t used = config.subset == 0 ? dataset.train.size() : config.subset;
  const std::uint32_t validation = held_out(config.validation, used);
  dataset.validation = dataset.train.part(used - validation, validation);
  dataset.train = dataset.train.part(0, used - validation);
  return dataset;
}

}  // namespace settle
