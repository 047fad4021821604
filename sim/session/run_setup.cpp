#include "sim/session/run_setup.hpp"

#include "actors/reference_executor.hpp"
#include "sim/session/evaluation_feed.hpp"
#include "sim/sha256.hpp"
#include "sim/virtual/virtual_time_executor.hpp"

namespace settle {

template <class Scalar>
void RunSetup<Scalar>::end_executor() {
  if (board_) board_->watch(nullptr);
  executor_.reset();
  virtual_time_ = nullptr;
}

template <class Scalar>
void RunSetup<Scalar>::make_executor() {
  const GraphPtr run = this->run_graph();
  using Kind = RunSectionConfig::Executor;
  if (!this->settings().rule || config_.run.executor == Kind::reference) {
    executor_ = make_reference_executor<Scalar>(run, this->settings());
  } else if (config_.run.executor == Kind::virtual_time) {
    auto executor = make_virtual_time_executor(run, this->settings(), network_options(config_.network));
    virtual_time_ = executor.get();
    executor_ = std::move(executor);
  } else {
    executor_ = make_executor_(run, this->settings(), config_.run.threads);
  }
  if (board_) board_->watch(dynamic_cast<const Inspectable*>(executor_.get()));
  this->restore_initial(*executor_);
}

template <class Scalar>
Score RunSetup<Scalar>::evaluate(const Split& split) {
  EvaluationFeed<Scalar> feed(split, first_number(this->data(), split), this->binding());
  executor().run(feed);
  return feed.score();
}

template <class Scalar>
std::string RunSetup<Scalar>::parameters_sha256() {
  const State<Scalar> state = executor().save();
  std::map<std::string, const Tensor<Scalar>*> by_name;
  for (const Vertex& vertex : this->graph().vertices())
    for (const ParameterSpec& spec : vertex.parameters) by_name[spec.name] = &state.at(spec.name);
  Sha256 hash;
  for (const auto& [name, tensor] : by_name) hash.update(std::as_bytes(tensor->flat()));
  return hash.hex();
}

template class RunSetup<float>;
template class RunSetup<double>;

}  // namespace settle
