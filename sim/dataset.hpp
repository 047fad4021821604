// Purpose: samples to train and test on. A Dataset has a training, a validation and a test split; a Split has input
// and target columns (usually one each); a Column gives the values of many samples at once as `[batch, ...sample]`.
// Callers: input vertices (values), the session (sizes, labels, provenance).
// Thread rule: immutable once open; every const member may be called by any thread at once and allocates nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/tensor.hpp"

namespace settle {

using SampleIndices = std::span<const std::uint32_t>;

class Column {
 public:
  explicit Column(const Shape& sample_shape) : sample_shape_(sample_shape) {}
  virtual ~Column() = default;

  const Shape& sample_shape() const noexcept { return sample_shape_; }
  // out[i] = value of sample first + samples[i].
  // Requires: out.size() == samples.size() * sample_shape().size(), every sample there. The extents of `out` are free.
  virtual void read(std::uint32_t first, SampleIndices samples, View<float> out) const = 0;
  virtual void read(std::uint32_t first, SampleIndices samples, View<double> out) const = 0;

 private:
  Shape sample_shape_;
};

using ColumnPtr = std::shared_ptr<const Column>;
using Labels = std::shared_ptr<const std::vector<std::uint32_t>>;

// A run of consecutive samples of shared columns.
class Split {
 public:
  Split() = default;  // no samples
  // `labels`: the classes of each sample, `answers` of them, one sample after another; or null where targets are no
  // classes.
  Split(std::vector<ColumnPtr> inputs, std::vector<ColumnPtr> targets, Labels labels, std::uint32_t size,
        std::uint32_t answers = 1);

  std::uint32_t size() const noexcept { return size_; }
  std::span<const ColumnPtr> inputs() const noexcept { return inputs_; }
  std::span<const ColumnPtr> targets() const noexcept { return targets_; }
  // How many predictions a sample asks for: 1, or one at each step of a sequence. Losses and accuracies are means over
  // answers.
  std::uint32_t answers() const noexcept { return answers_; }
  // By sample and answer; empty where targets are no classes.
  std::span<const std::uint32_t> labels() const noexcept;

  template <class Scalar>
  void read_input(std::size_t column, SampleIndices samples, View<Scalar> out) const {
    inputs_[column]->read(first_, samples, out);
  }
  template <class Scalar>
  void read_target(std::size_t column, SampleIndices samples, View<Scalar> out) const {
    targets_[column]->read(first_, samples, out);
  }

  // The samples [first, first + size). Requires: they are there.
  Split part(std::uint32_t first, std::uint32_t size) const;

 private:
  std::vector<ColumnPtr> inputs_;
  std::vector<ColumnPtr> targets_;
  Labels labels_;
  std::uint32_t first_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t answers_ = 1;
};

// A file that was read, for the manifest.
struct InputFile {
  std::filesystem::path path;
  std::string sha256;
};

struct Dataset {
  Split train;
  Split validation;           // the last training samples, where asked for
  Split test;                 // may be empty
  std::uint32_t classes = 0;  // 0: targets are no classes
  std::u32string vocabulary;  // of text: its characters, by number
  std::vector<InputFile> files;
};

// A trial names its samples by one number each, whatever split they are of: first come those of train, then of
// validation, then of test. The number of the first sample of `split`. Requires: it is one of those of `data`.
std::uint32_t first_number(const Dataset& data, const Split& split) noexcept;

}  // namespace settle
