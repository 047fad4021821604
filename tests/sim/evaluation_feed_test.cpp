#include "sim/session/evaluation_feed.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "actors/reference_executor.hpp"
#include "graph/builder.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/linear.hpp"
#include "sim/npy.hpp"
#include "tests/sim/npy_files.hpp"
#include "tests/sim/session_parts.hpp"

namespace settle {
namespace {

// Ten samples of two classes.
Dataset labelled_samples(const Scratch& folder) {
  Tensor<double> x(Shape{10, 2});
  std::string y;
  for (std::int64_t i = 0; i < x.size(); ++i) x.data()[i] = std::sin(static_cast<double>(i * i));
  for (std::int64_t i = 0; i < 10; ++i) y += x.data()[2 * i] > x.data()[2 * i + 1] ? '\1' : '\0';
  write_npy(folder / "x_train.npy", std::as_const(x).view());
  put_integers(folder / "y_train.npy", "|u1", "(10,)", y);
  DataConfig config;
  config.dataset = "npy";
  config.path = folder.path();
  return open_dataset(config);
}

// y ~ categorical(linear(x, 2)), on inputs of any batch, or of exactly `fixed` samples.
GraphPtr classifier(std::optional<std::int64_t> fixed) {
  GraphBuilder model;
  const VertexId x = fixed ? model.fixed_input("x", {*fixed, 2}) : model.input("x", {2});
  model.compute("y", linear(model.use(x), 2, "y"), categorical());
  return model.build();
}

Score score_of(const GraphPtr& graph, const Dataset& data) {
  const Binding binding = bind(*graph, data.train);
  DatasetSource<double> source(*graph, binding, data);
  NodeSettings<double> settings;
  settings.seed = 3;
  settings.source = &source;
  EvaluationFeed<double> feed(data.train, 0, binding);
  make_reference_executor<double>(graph, settings)->run(feed);
  return feed.score();
}

}  // namespace

TEST_CASE("a model of fixed extents scores every sample once, also where the last batch is not full") {
  const Scratch folder;
  const Dataset data = labelled_samples(folder);
  const Score expected = score_of(classifier(std::nullopt), data);
  CHECK(expected.answers == 10);
  for (const std::int64_t batch : {1, 3, 4, 5, 10, 16}) {
    CAPTURE(batch);
    const Score score = score_of(classifier(batch), data);
    CHECK(score.answers == expected.answers);
    CHECK(score.correct == expected.correct);
    CHECK(score.loss == doctest::Approx(expected.loss).epsilon(1e-13));
  }
}

TEST_CASE("inputs and outputs that hold different numbers of samples are a bad config that names both") {
  GraphBuilder model;
  model.normal("y", apply(reshape_op({2, 4}), {model.use(model.fixed_input("x", {4, 2}))}));
  const GraphPtr graph = model.build();
  const std::string message = thrown_by([&] { bind(*graph, table_of("1 2 : 1 2 3 4").train); });
  CHECK(message.starts_with("78: "));
  for (const char* part : {"'x' has shape [4, 2]", "'y' has shape [2, 4]", "data.batch_axis"})
    CHECK(message.find(part) != std::string::npos);
}

}  // namespace settle
