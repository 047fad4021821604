// A masked recurrent network: what stands behind a sequence's end does nothing, under any rule, at any step.
#include <doctest/doctest.h>

#include <array>
#include <map>

#include "graph/families/family.hpp"
#include "graph/language/language.hpp"
#include "graph/random.hpp"
#include "graph/reference.hpp"
#include "tests/support/distance.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t kSteps = 6, kFeatures = 3, kClasses = 4;
constexpr std::array<std::int64_t, 5> kLengths{6, 1, 4, 5, 2};

// Random features and targets of every sample and step, those behind a sequence's end too: nothing may come of them.
struct Sequences {
  Sequences() {
    RandomStream random(11, "sequences", "test");
    for (std::vector<double>* values : {&features, &targets})
      for (std::size_t k = 0; k < kLengths.size() * kSteps * 4; ++k) values->push_back(random.normal());
  }
  double feature(std::size_t sample, std::int64_t step, std::int64_t k) const {
    return features[(sample * kSteps + static_cast<std::size_t>(step)) * 4 + static_cast<std::size_t>(k)];
  }
  double target(std::size_t sample, std::int64_t step, std::int64_t k) const {
    return targets[(sample * kSteps + static_cast<std::size_t>(step)) * 4 + static_cast<std::size_t>(k)];
  }
  std::vector<double> features, targets;
};

// Gives a model whose sequences have `steps` steps the samples that a trial names.
class Data final : public ClampSource<double> {
 public:
  Data(const Graph& graph, const FamilyOptions& options, std::int64_t steps)
      : graph_(graph), categorical_(options.output == "categorical"), each_(options.readout == "each"), steps_(steps) {}

  void read(VertexId vertex, std::span<const std::uint32_t> samples, Tensor<double>& out) const override {
    double* next = out.data();
    for (const std::uint32_t sample : samples) {
      const std::int64_t length = std::min(kLengths[sample], steps_);
      if (graph_[vertex].name == "x") {
        for (std::int64_t t = 0; t < steps_; ++t)
          for (std::int64_t k = 0; k < kFeatures; ++k) *next++ = data_.feature(sample, t, k);
      } else if (graph_[vertex].name == "mask") {
        for (std::int64_t t = 0; t < steps_; ++t) *next++ = t < length ? 1 : 0;
      } else {
        for (std::int64_t t = each_ ? 0 : steps_ - 1; t < steps_; ++t)
          for (std::int64_t k = 0; k < kClasses; ++k) *next++ = target(sample, each_ ? t : length - 1, k, length);
      }
    }
  }

 private:
  // Nothing is asked for behind the end: a row of zeros.
  double target(std::uint32_t sample, std::int64_t step, std::int64_t k, std::int64_t length) const {
    if (step >= length) return 0;
    if (!categorical_) return data_.target(sample, step, k);
    return k == (sample + step) % kClasses ? 1 : 0;
  }

  const Graph& graph_;
  bool categorical_, each_;
  std::int64_t steps_;
  Sequences data_;
};

struct Model {
  std::string family;
  FamilyOptions options;

  GraphPtr graph(std::int64_t steps, bool mask) const {
    FamilyOptions all = options;
    all.layers = std::to_string(steps) + "x3, " + all.layers;
    all.mask = mask;
    return parse_graph(family_source(family, all), family);
  }
};

// Null: backprop.
struct Way {
  std::string name;
  RulePtr<double> rule;
  std::uint64_t steps;
};

struct Learned {
  double loss = 0;
  std::map<std::string, Tensor<double>> gradients;
};

// Predicts and relaxes samples; `watch` sees the network then.
template <class Watch>
Learned learned(const Model& model, const Way& way, std::int64_t steps, bool mask, std::vector<std::uint32_t> samples,
                Watch watch) {
  const GraphPtr graph = model.graph(steps, mask);
  const Data data(*graph, model.options, steps);
  Reference<double> reference(graph, 5, {});
  std::vector<VertexId> held(graph->inputs().begin(), graph->inputs().end());
  held.insert(held.end(), graph->outputs().begin(), graph->outputs().end());
  Trial trial;
  trial.samples = std::move(samples);
  trial.clamped = clamp_set(*graph, held);
  trial.learn = LearnMode::read_out;
  Learned result;
  result.loss = reference.predict(trial, data);
  if (way.rule)
    reference.relax(*way.rule, way.steps);
  else
    reference.backprop();
  reference.collect_leaf_feedback(false);
  watch(std::as_const(reference));
  for (VertexId id = 0; id < graph->size(); ++id) {
    std::vector<Tensor<double>> gradients = reference.node(id).read_out();
    for (std::size_t k = 0; k < (*graph)[id].parameters.size(); ++k)
      result.gradients[(*graph)[id].parameters[k].name] = std::move(gradients[k]);
  }
  return result;
}

std::vector<Model> models() {
  return {{"rnn", {.layers = "5, 4", .output = "normal", .bias = false}},
          {"rnn", {.layers = "5, 4"}},
          {"rnn", {.layers = "4, 3, 4", .output = "normal", .readout = "each"}},
          {"lstm", {.layers = "4, 4"}},
          {"lstm", {.layers = "4, 3, 4", .readout = "each"}},
          {"gru", {.layers = "4, 4", .output = "normal"}},
          {"gru", {.layers = "3, 4, 4"}}};
}

std::vector<Way> ways() {
  return {{"backprop", nullptr, 0},
          {"fixed_prediction, relaxed", fixed_prediction<double>(1), 40},
          {"fixed_prediction, under way", fixed_prediction<double>(0.4), 5},
          {"strict, under way", strict<double>(0.1), 7}};
}

}  // namespace

TEST_CASE("a padded batch learns the sum of what its sequences learn alone at their own lengths") {
  for (const Model& model : models())
    for (const Way& way : ways()) {
      CAPTURE(model.family);
      CAPTURE(model.options.layers);
      CAPTURE(model.options.readout);
      CAPTURE(way.name);
      const auto nothing = [](const Reference<double>&) {};
      const Learned padded = learned(model, way, kSteps, true, {0, 1, 2, 3, 4}, nothing);
      Learned alone;
      for (std::uint32_t sample = 0; sample < kLengths.size(); ++sample) {
        const Learned one = learned(model, way, kLengths[sample], false, {sample}, nothing);
        alone.loss += one.loss;
        for (const auto& [name, gradient] : one.gradients) {
          if (gradient.size() == 0) continue;
          Tensor<double>& sum = alone.gradients[name];
          if (sum.size() == 0)
            sum = gradient;
          else
            for (std::int64_t k = 0; k < sum.size(); ++k) sum.data()[k] += gradient.data()[k];
        }
      }
      CHECK(padded.loss == doctest::Approx(alone.loss).epsilon(1e-13));
      REQUIRE(padded.gradients.size() == alone.gradients.size());
      Distance distance;
      for (const auto& [name, gradient] : padded.gradients)
        distance.add(gradient.flat(), std::as_const(alone.gradients.at(name)).flat());
      CHECK(distance.relative() < 1e-12);
    }
}

TEST_CASE("no error comes to a step behind a sequence's end") {
  for (const Model& model : models())
    for (const Way& way : ways()) {
      CAPTURE(model.family);
      CAPTURE(way.name);
      std::size_t behind = 0, carried = 0;
      learned(model, way, kSteps, true, {0, 1, 2, 3, 4}, [&](const Reference<double>& reference) {
        for (VertexId id = 0; id < reference.graph().size(); ++id) {
          const std::string& name = reference.graph()[id].name;
          const std::size_t bracket = name.find('[');
          if (bracket == std::string::npos || reference.graph()[id].kind != VertexKind::computed) continue;
          const std::int64_t step = std::stoll(name.substr(bracket + 1));
          const Payload<double>& xi = reference.node(id).weighted_error();
          if (!xi) continue;
          const Tensor<double> error = xi.copy();
          const std::int64_t units = error.size() / static_cast<std::int64_t>(kLengths.size());
          for (std::size_t sample = 0; sample < kLengths.size(); ++sample)
            for (std::int64_t k = 0; k < units; ++k) {
              const double value = error.flat()[sample * static_cast<std::size_t>(units) + static_cast<std::size_t>(k)];
              if (step > kLengths[sample]) {
                ++behind;
                CHECK(value == 0);
              } else if (value != 0) {
                ++carried;
              }
            }
        }
      });
      CHECK(behind > 30);
      CHECK(carried > 30);
    }
}

TEST_CASE("a masked network of one step, and one whose sequences are all whole, are the networks without a mask") {
  for (const Way& way : ways())
    for (const std::int64_t steps : {std::int64_t{1}, kSteps}) {
      CAPTURE(way.name);
      const Model model{"lstm", {.layers = "4, 4"}};
      const auto nothing = [](const Reference<double>&) {};
      const Learned masked = learned(model, way, steps, true, {0}, nothing);
      const Learned plain = learned(model, way, steps, false, {0}, nothing);
      CHECK(masked.loss == plain.loss);
      for (const auto& each : masked.gradients) {
        CAPTURE(each.first);
        Distance distance;
        distance.add(each.second.flat(), plain.gradients.at(each.first).flat());
        CHECK(distance.relative() < 1e-14);
      }
    }
}
