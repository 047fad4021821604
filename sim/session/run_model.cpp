#include "sim/session/run_model.hpp"

#include <limits>

#include "graph/error.hpp"
#include "sim/datasets/list.hpp"
#include "sim/initial_parameters.hpp"
#include "sim/model.hpp"
#include "sim/sha256.hpp"
#include "sim/synthetic_data.hpp"

namespace settle {
namespace {

OptimizerSettings optimizer_settings(const LearnConfig& learn) {
  OptimizerSettings settings;
  if (learn.optimizer == "momentum") settings.kind = OptimizerKind::momentum;
  if (learn.optimizer == "adam") settings.kind = OptimizerKind::adam;
  settings.learning_rate = learn.learning_rate;
  settings.momentum = learn.momentum;
  settings.beta1 = learn.beta1;
  settings.beta2 = learn.beta2;
  settings.epsilon = learn.epsilon;
  settings.clip = learn.clip > 0 ? learn.clip : std::numeric_limits<double>::infinity();
  return settings;
}

// What an ONNX model does not say of itself.
ModelData model_data(const RunConfig& config) {
  ModelData data;
  data.output_energy = config.graph.output == "categorical" ? categorical()
                       : config.graph.output == "bernoulli" ? bernoulli()
                                                            : gaussian();
  data.batch = config.learn.batch;
  data.batch_axis = config.data.batch_axis;
  return data;
}

// Errors: BadConfig where a model of fixed extents cannot take the trials that are asked for.
void check_batch(const BatchLayout& layout, std::uint32_t batch, std::uint32_t samples) {
  if (!layout.fixed) return;
  if (*layout.fixed != batch)
    throw BadConfig("the model takes exactly " + std::to_string(*layout.fixed) + " samples, learn.batch says " +
                    std::to_string(batch) + ": set learn.batch = " + std::to_string(*layout.fixed) +
                    ", or export the model with a batch axis that is not fixed");
  if (samples < batch)
    throw BadConfig("the model takes exactly " + std::to_string(batch) + " samples, the dataset has " +
                    std::to_string(samples) + " to train on");
}

}  // namespace

template <class Scalar>
RunModel<Scalar>::RunModel(const RunConfig& config)
    : rule_(rule_choice(config)),
      graph_(fit_model(load_model(config.graph, model_files_, model_data(config)), rule_)),
      data_(config.data.dataset.empty() ? synthetic_dataset(*graph_, config.run.seed, config.learn.batch)
                                        : open_dataset(config.data)),
      binding_(bind(*graph_, data_.train, config.data.batch_axis)),
      source_(std::make_unique<DatasetSource<Scalar>>(*graph_, binding_, data_)),
      settings_(node_settings<Scalar>(rule_)),
      initial_parameters_(config.graph.parameters) {
  check_model(*graph_, *binding_.clamped, config.rule.name);
  check_batch(binding_.layout, config.learn.batch, data_.train.size());
  settings_.mean_reduction = config.learn.reduction == LearnConfig::Reduction::mean;
  settings_.staleness = config.probe.staleness > 0;
  settings_.optimizer = optimizer_settings(config.learn);
  settings_.seed = config.run.seed;
  settings_.source = source_.get();
  if (!initial_parameters_.empty()) model_files_.push_back(initial_parameters_);
}

template <class Scalar>
void RunModel<Scalar>::restore_initial(Executor<Scalar>& executor) const {
  if (initial_parameters_.empty()) return;
  executor.restore(read_initial_parameters<Scalar>(*graph_, initial_parameters_), true);
}

template <class Scalar>
std::vector<InputFile> RunModel<Scalar>::files() const {
  std::vector<InputFile> files = data_.files;
  for (const std::filesystem::path& file : model_files_) files.push_back({file, sha256_of_file(file)});
  return files;
}

template class RunModel<float>;
template class RunModel<double>;

}  // namespace settle
