#include "sim/datasets/list.hpp"

#include <algorithm>
#include <cassert>
#include <string>

#include "graph/error.hpp"
#include "sim/datasets/held_out.hpp"
#include "sim/datasets/kinds.hpp"

namespace settle {
namespace {

constexpr DatasetKind kKinds[] = {
    {"cifar10", "a folder with the binary files of CIFAR-10, or with any of their records", true, false, open_cifar10},
    {"cifar100", "the same of CIFAR-100, with fine or coarse labels", true, false, open_cifar100},
    {"fashion-mnist", "Fashion-MNIST from Debian's dataset-fashion-mnist, or from data.path", false, false,
     open_fashion_mnist},
    {"idx", "a folder with the files of MNIST (.gz or not)", true, false, open_idx},
    {"npy", "a folder with x_train.npy, y_train.npy and, if wanted, x_test.npy, y_test.npy", true, false,
     open_npy_pairs},
    {"table", "the few samples that data.rows writes out", false, false, open_table},
    {"text", "a file of text, in sequences: each step's target is the next character", true, false, open_text},
    {"words", "a file of lines WORD, a tab, LABEL: which label a word has", true, true, open_words},
};

}  // namespace

std::span<const DatasetKind> dataset_kinds() { return kKinds; }

const DatasetKind* find_dataset_kind(std::string_view name) {
  const auto kind = std::ranges::find(kKinds, name, &DatasetKind::name);
  return kind == std::end(kKinds) ? nullptr : kind;
}

Dataset open_dataset(const DataConfig& config) {
  const DatasetKind* kind = find_dataset_kind(config.dataset);
  assert(kind != nullptr);
  Dataset dataset = kind->open(config);
  if (config.subset > dataset.train.size())
    throw BadConfig("data.subset: " + std::to_string(config.subset) + " samples are asked for, only " +
                    std::to_string(dataset.train.size()) + " are there");
  const std::uint32_t used = config.subset == 0 ? dataset.train.size() : config.subset;
  const std::uint32_t validation = held_out(config.validation, used, "data.validation");
  dataset.validation = dataset.train.part(used - validation, validation);
  dataset.train = dataset.train.part(0, used - validation);
  return dataset;
}

}  // namespace settle
