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
// `rows`: samples written in the config, "INPUTS : TARGETS ; INPUTS : TARGETS ...". The test split is the same rows.
Dataset open_table(const DataConfig& config);

}  // namespace settle
