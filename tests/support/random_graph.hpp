// Purpose: random models for property tests, as `.graph` text, a function of the seed alone: directed acyclic graphs up
// to some ten vertices deep with skip connections, shared parameters, several inputs and outputs, clamped hidden
// vertices, unclamped vertices without children, precisions other than 1, outputs with learned and predicted
// precisions, categorical and bernoulli outputs; where asked for, hidden vertices with learned and predicted precisions
// too. A failing test prints `text` and `seed`. Caller: tests. Thread rule: pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "graph/language/language.hpp"
#include "graph/random.hpp"
#include "graph/trial.hpp"

namespace settle::test {

struct RandomModel {
  std::uint64_t seed = 0;
  std::string text;
  GraphPtr graph;
  std::shared_ptr<const std::vector<char>> clamped;
  std::uint32_t batch = 1;

  Trial trial(LearnMode learn, std::uint64_t number = 0) const {
    Trial trial;
    trial.number = number;
    for (std::uint32_t sample = 0; sample < batch; ++sample)
      trial.samples.push_back(static_cast<std::uint32_t>(number) * batch + sample);
    trial.clamped = clamped;
    trial.learn = learn;
    return trial;
  }
};

class RandomModelWriter {
 public:
  RandomModelWriter(std::uint64_t seed, bool gaussian_only, bool volatile_hidden)
      : gaussian_only_(gaussian_only), volatile_hidden_(volatile_hidden), random_(seed, "random model", "test") {
    model_.seed = seed;
    model_.batch = 1 + pick(5);
  }

  RandomModel write() {
    for (std::uint32_t k = 0, count = 1 + pick(3); k < count; ++k) {
      const std::uint32_t width = 1 + pick(5);
      add_line(numbered('x', k) + " ~ input(" + std::to_string(width) + ")");
      values_.push_back({numbered('x', k), width});
    }
    for (std::uint32_t k = 0, count = 2 + pick(9); k < count; ++k) {
      const std::string name = numbered('h', k);
      const Value mean = expression();
      const std::string term = volatile_hidden_ ? inferred_precision(mean.width, "0.1 * ") : precision();
      add_line(name + " ~ normal(" + mean.text + term + ")");
      values_.push_back({name, mean.width});
      if (chance(12)) held_.push_back(name);
    }
    for (std::uint32_t k = 0, count = 1 + pick(2); k < count; ++k) {
      const std::string name = numbered('y', k);
      const Value from = k == 0 ? with_unused_inputs(values_.back()) : any();
      const std::uint32_t width = 2 + pick(3);
      const std::string map = this->map(from, width);
      if (!gaussian_only_ && chance(50))
        add_line(name + (chance(30) ? " ~ bernoulli(" : " ~ categorical(") + map + ")");
      else if (chance(50))
        add_line(name + " ~ normal(" + map + precision() + ")");
      else {
        const std::string term = inferred_precision(width, "");
        add_line(name + " ~ normal(" + map + term + ")");
      }
      held_.push_back(name);
    }
    if (!gaussian_only_ && chance(20)) add_line("free ~ categorical(linear(" + any().text + ", 3))");
    model_.graph = parse_graph(model_.text, "random.graph");
    std::vector<VertexId> ids(model_.graph->inputs().begin(), model_.graph->inputs().end());
    for (const std::string& name : held_) ids.push_back(model_.graph->find(name).value());
    model_.clamped = clamp_set(*model_.graph, ids);
    return std::move(model_);
  }

 private:
  struct Value {
    std::string text;
    std::uint32_t width;
  };

  static std::string numbered(char letter, std::uint32_t number) {
    std::string name(1, letter);
    name += std::to_string(number);
    return name;
  }
  std::uint32_t pick(std::uint32_t bound) { return static_cast<std::uint32_t>(random_.below(bound)); }
  bool chance(std::uint32_t percent) { return pick(100) < percent; }
  // Often the newest vertex, so that graphs grow deep.
  Value any() { return chance(55) ? values_.back() : values_[pick(static_cast<std::uint32_t>(values_.size()))]; }
  void add_line(const std::string& line) { model_.text += line + "\n"; }

  std::string precision() {
    static const char* const choices[] = {"", "", "", ", precision=0.5", ", precision=2", ", precision=1.7"};
    return choices[pick(6)];
  }
  // Learned or predicted, by element or one number for all; `scale` keeps what chains of them feed back in bounds.
  std::string inferred_precision(std::uint32_t width, const std::string& scale) {
    const std::string of = std::to_string(chance(30) ? 1 : width);
    if (chance(30)) return ", precision=exp(" + offset(width) + ")";
    return ", precision=exp(" + scale + "sin(linear(" + any().text + ", " + of + ")))";
  }
  std::string map(const Value& from, std::uint32_t width, const std::string& more = "") {
    return "linear(" + from.text + ", " + std::to_string(width) + more + ")";
  }
  // One matrix per input width, so that vertices often share it.
  Value shared(const Value& from) {
    const std::uint32_t width = 1 + from.width % 4;
    return {map(from, width, ", share=S" + std::to_string(from.width)), width};
  }
  // The language refuses an input that no line uses.
  Value with_unused_inputs(Value value) const {
    for (const Value& input : values_) {
      if (input.text[0] != 'x' || model_.text.find(input.text) != model_.text.rfind(input.text)) continue;
      if (input.text == value.text) continue;
      value = {"concat(" + value.text + ", " + input.text + ")", value.width + input.width};
    }
    return value;
  }
  // A parameter vertex of that width, declared on first use.
  std::string offset(std::uint32_t width) {
    const std::string name = numbered('p', width);
    if (offsets_.insert(name).second) add_line(name + " ~ parameter(" + std::to_string(width) + ", init=normal(0.5))");
    return name;
  }

  Value expression() {
    const Value a = any();
    const Value b = any();
    const std::uint32_t width = 1 + pick(5);
    const std::string doubled = std::to_string(width);
    switch (pick(13)) {
      case 0:
        return {"sigmoid(" + map(a, width, ", bias=0") + ")", width};
      case 1:
        return {"softplus(" + map({"concat(" + a.text + ", " + b.text + ")", a.width + b.width}, width) + ")", width};
      case 2:
        return {map(a, width) + " * sin(" + map(b, width) + ")", width};
      case 3:
        return {"tanh(" + shared(a).text + ")", shared(a).width};
      case 4:
        return {a.text + " + tanh(" + map(a, a.width) + ")", a.width};
      case 5:
        return {"concat(slice(" + a.text + ", 0, 1), tanh(" + map(b, width) + "))", width + 1};
      case 6:
        return {"flatten(reshape(sin(" + map(a, 2 * width) + "), 2, " + doubled + "))", 2 * width};
      case 7:
        return {"sum(reshape(" + map(a, 2 * width) + ", 2, " + doubled + "), axis=0)", width};
      case 8:
        return {"tanh(" + map(a, width) + " + " + offset(width) + ")", width};
      case 9:
        return {map(a, width) + " / (2 + sin(" + map(b, width) + "))", width};
      case 10:
        return {"sin(" + a.text + ") - 0.5 * " + a.text, a.width};
      case 11:
        return {shared(a).text + " * sin(" + map(b, shared(a).width) + " - " + shared(a).text + ")", shared(a).width};
      default:
        return {"tanh(" + map(a, width) + ")", width};
    }
  }

  bool gaussian_only_;
  bool volatile_hidden_;
  RandomStream random_;
  RandomModel model_;
  std::vector<Value> values_;
  std::set<std::string> offsets_;
  std::vector<std::string> held_;
};

inline RandomModel random_model(std::uint64_t seed, bool gaussian_only = false, bool volatile_hidden = false) {
  return RandomModelWriter(seed, gaussian_only, volatile_hidden).write();
}

// Data for any model: standard normal values per (seed, vertex, sample); one-hot rows for categorical vertices,
// values from 0 to 1 for bernoulli ones.
template <class Scalar>
class RandomData final : public ClampSource<Scalar> {
 public:
  RandomData(GraphPtr graph, std::uint64_t seed) : graph_(std::move(graph)), seed_(seed) {}

  void read(VertexId id, std::span<const std::uint32_t> samples, Tensor<Scalar>& out) const override {
    const Vertex& vertex = (*graph_)[id];
    const auto size = static_cast<std::size_t>(vertex.shape.sample().size());
    for (std::size_t row = 0; row < samples.size(); ++row) {
      RandomStream random(seed_ + samples[row], vertex.name, "data");
      const std::span<Scalar> sample = out.flat().subspan(row * size, size);
      if (vertex.energy && vertex.energy->name() == "categorical") {
        std::ranges::fill(sample, Scalar(0));
        sample[random.below(size)] = 1;
      } else if (vertex.energy && vertex.energy->name() == "bernoulli") {
        for (Scalar& x : sample) x = static_cast<Scalar>(random.uniform());
      } else {
        for (Scalar& x : sample) x = static_cast<Scalar>(random.normal());
      }
    }
  }

 private:
  GraphPtr graph_;
  std::uint64_t seed_;
};

}  // namespace settle::test
