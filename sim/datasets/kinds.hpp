// Purpose: one declaration a dataset; each is defined in a file of its own. Caller: list.cpp.
// Thread rule: free functions. Errors: as open_dataset.
#pragma once

#include "sim/config/run_config.hpp"
#include "sim/dataset.hpp"

namespace settle {

// Images and labels in the files of MNIST, under `path`: {train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz].
Dataset open_idx(const DataConfig& config);
// The same with Debian's dataset-fashion-mnist as the default path.
Dataset open_fashion_mnist(const DataConfig& config);
// x_train.npy, y_train.npy and, if there, x_test.npy, y_test.npy under `path`. The first axis counts samples. y:
// classes where it holds integers along one axis, else target values.
Dataset open_npy_pairs(const DataConfig& config);
// Records of CIFAR-10 in the files `train_files` (default data_batch_*.bin) and `test_files` (test_batch.bin) under
// `path`.
Dataset open_cifar10(const DataConfig& config);
// The same of CIFAR-100 (train.bin, test.bin); `labels` says which of the two.
Dataset open_cifar100(const DataConfig& config);
// The file `path` in sequences of `steps` characters, one behind the other; the target of each step is the next
// character. The vocabulary is all characters of the file; the test split is its end (`test`).
Dataset open_text(const DataConfig& config);
// Lines WORD, a tab, LABEL of the file `path`: the characters of a word, padded to the longest, and a mask of the steps
// that are there. Classes are the labels in alphabetical order; a split is drawn by `split_seed`.
Dataset open_words(const DataConfig& config);
// `rows`: samples written in the config, "INPUTS : TARGETS ; INPUTS : TARGETS ...". The test split is the same rows.
Dataset open_table(const DataConfig& config);

}  // namespace settle
