#include "sim/session/text_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

#include "actors/state.hpp"
#include "graph/error.hpp"
#include "graph/random.hpp"
#include "graph/reference.hpp"
#include "sim/datasets/list.hpp"
#include "sim/datasets/utf8.hpp"
#include "sim/model.hpp"
#include "sim/relax_defaults.hpp"
#include "sim/session/binding.hpp"
#include "sim/session/saved_run.hpp"

namespace settle {
namespace {

// The characters that the next one follows, as the model's input.
template <class Scalar>
class Context final : public ClampSource<Scalar> {
 public:
  Context(std::size_t steps, std::size_t classes, DataConfig::Encoding encoding)
      : steps_(steps), classes_(classes), encoding_(encoding) {}

  void add(std::size_t character) {
    if (characters_.size() == steps_) characters_.pop_front();
    characters_.push_back(character);
  }
  // The step whose prediction is the next character.
  std::size_t last_step() const { return characters_.size() - 1; }

  void read(VertexId, std::span<const std::uint32_t>, Tensor<Scalar>& out) const override {
    std::ranges::fill(out.flat(), Scalar(0));
    const bool ids = encoding_ == DataConfig::Encoding::ids;
    for (std::size_t step = 0; step < characters_.size(); ++step) {
      const std::size_t character = characters_[step];
      out.flat()[ids ? step : step * classes_ + character] = ids ? static_cast<Scalar>(character) : Scalar(1);
    }
  }

 private:
  std::size_t steps_, classes_;
  DataConfig::Encoding encoding_;
  std::deque<std::size_t> characters_;
};

// An index drawn in proportion to p^(1 / temperature).
template <class Scalar>
std::size_t draw(std::span<const Scalar> p, double temperature, RandomStream& random) {
  const auto likeliest = std::ranges::max_element(p);
  if (temperature == 0) return static_cast<std::size_t>(likeliest - p.begin());
  std::vector<double> weights(p.size());
  double sum = 0;
  for (std::size_t c = 0; c < p.size(); ++c)
    sum += weights[c] = std::pow(static_cast<double>(p[c]) / static_cast<double>(*likeliest), 1 / temperature);
  double left = random.uniform() * sum;
  std::size_t c = 0;
  while (c + 1 < p.size() && left >= weights[c]) left -= weights[c++];
  return c;
}

}  // namespace

template <class Scalar>
void sample_text(const RunConfig& config, const TextSampling& sampling,
                 const std::function<void(std::u32string_view)>& take) {
  const Dataset data = open_dataset(config.data);
  check_inputs_of_run(config, data.files);
  RuleChoice rule = rule_choice(config);
  const GraphPtr graph = fit_model(load_model(config.graph), rule);
  const Binding binding = bind(*graph, data.train, config.data.batch_axis);
  const Vertex& output = (*graph)[binding.targets.front()];
  const std::u32string& vocabulary = data.vocabulary;
  if (vocabulary.empty() || output.energy->name() != "categorical")
    throw BadConfig(config.run.directory.string() +
                    ": sample draws text from a run with data.dataset = text whose output is categorical, at each "
                    "step (graph.readout = each)");

  Context<Scalar> context(data.train.answers(), vocabulary.size(), config.data.encoding);
  Reference<Scalar> network(graph, config.run.seed, {});
  const Checkpoint<Scalar> saved = newest_checkpoint<Scalar>(config, "sample from");
  for (VertexId id = 0; id < graph->size(); ++id) load_state(network.node(id), saved.tensors, false);
  Trial trial;
  trial.samples = {0};
  trial.clamped = clamp_set(*graph, binding.inputs);
  RandomStream random(sampling.seed, "sample", "characters");

  const std::u32string begin(1, vocabulary.find(U'\n') != std::u32string::npos ? U'\n' : vocabulary.front());
  const std::u32string& prime = sampling.prime.empty() ? begin : sampling.prime;
  for (const char32_t character : prime) {
    const std::size_t number = vocabulary.find(character);
    if (number == std::u32string::npos)
      throw BadData("--prime: '" + encode_utf8(std::u32string(1, character)) + "' stands nowhere in " +
                    config.data.path.string() + ", the model does not know it");
    context.add(number);
  }
  if (!sampling.prime.empty()) take(sampling.prime);
  for (std::uint64_t k = 0; k < sampling.length; ++k) {
    network.predict(trial, context);
    const std::span<const Scalar> all = network.node(binding.targets.front()).prediction().flat();
    const std::size_t next =
        draw(all.subspan(context.last_step() * vocabulary.size(), vocabulary.size()), sampling.temperature, random);
    take(std::u32string_view(vocabulary).substr(next, 1));
    context.add(next);
  }
}

template void sample_text<float>(const RunConfig&, const TextSampling&,
                                 const std::function<void(std::u32string_view)>&);
template void sample_text<double>(const RunConfig&, const TextSampling&,
                                  const std::function<void(std::u32string_view)>&);

}  // namespace settle
