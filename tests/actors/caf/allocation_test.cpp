// Tensors are the only memory of ours that asks for the alignment of kTensorAlignment: counting those requests counts
// tensors that were allocated, whatever else the program does.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "actors/caf/caf_executor.hpp"
#include "graph/language/language.hpp"
#include "graph/tensor.hpp"

namespace {

std::atomic<std::uint64_t> tensors_allocated{0};

}  // namespace

void* operator new[](std::size_t bytes, std::align_val_t alignment) {
  const auto boundary = static_cast<std::size_t>(alignment);
  if (boundary == settle::kTensorAlignment) tensors_allocated.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::aligned_alloc(boundary, (bytes + boundary - 1) / boundary * boundary)) return memory;
  throw std::bad_alloc();
}
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace settle {
namespace {

class Ones final : public ClampSource<float> {
 public:
  void read(VertexId, std::span<const std::uint32_t>, Tensor<float>& out) const override { out.fill(1); }
};

class Repeat final : public TrialFeed<float> {
 public:
  Repeat(std::shared_ptr<const Trial> trial, int times) : trial_(std::move(trial)), left_(times) {}
  std::shared_ptr<const Trial> next() override { return left_-- > 0 ? trial_ : nullptr; }
  void finished(const Trial&, const TrialReport<float>&) override {}

 private:
  std::shared_ptr<const Trial> trial_;
  int left_;
};

std::uint64_t tensors_allocated_after_warm_up(const NodeSettings<float>& settings) {
  const GraphPtr graph = parse_graph(
      "x ~ input(6, 6)\n"
      "h ~ normal(tanh(linear(flatten(x), 20)))\n"
      "g ~ normal(relu(linear(h, 20, share=W)) + h)\n"
      "v ~ normal(sin(linear(g, 1)), precision=2)\n"
      "z ~ normal(linear(g, 5), precision=exp(0.1 * v))\n"
      "y ~ categorical(linear(g, 5) + linear(h, 5))\n",
      "model");
  const auto executor = make_caf_executor<float>(graph, settings, {});
  auto trial = std::make_shared<Trial>();
  trial->samples.resize(16);
  std::vector<VertexId> clamped(graph->inputs().begin(), graph->inputs().end());
  clamped.insert(clamped.end(), graph->outputs().begin(), graph->outputs().end());
  trial->clamped = clamp_set(*graph, clamped);
  Repeat warm_up(trial, 3);
  executor->run(warm_up);
  const std::uint64_t before = tensors_allocated;
  Repeat rest(trial, 20);
  executor->run(rest);
  return tensors_allocated - before;
}

}  // namespace

TEST_CASE("after the first trials no tensor is allocated, in any pacing and with any optimizer") {
  const Ones ones;
  NodeSettings<float> settings;
  settings.source = &ones;
  for (const OptimizerKind optimizer : {OptimizerKind::sgd, OptimizerKind::momentum, OptimizerKind::adam}) {
    settings.optimizer.kind = optimizer;
    CAPTURE(static_cast<int>(optimizer));
    settings.rule = fixed_prediction<float>(1);
    settings.pacing = Pacing::asynchronous;
    settings.steps.reset();
    const std::uint64_t before = tensors_allocated;
    CHECK(tensors_allocated_after_warm_up(settings) == 0);
    CHECK(tensors_allocated > before);  // the counter counts: the warm-up did allocate
    settings.pacing = Pacing::lockstep;
    settings.steps = 5;
    settings.rule = fixed_prediction<float>(0.3);
    CHECK(tensors_allocated_after_warm_up(settings) == 0);
    settings.rule = strict<float>(0.05);
    CHECK(tensors_allocated_after_warm_up(settings) == 0);
  }
}

}  // namespace settle
