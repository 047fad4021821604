#include "graph/error.hpp"
#include "sim/session/run_setup.hpp"
#include "sim/session/saved_run.hpp"
#include "sim/session/session.hpp"

namespace settle {

template <class Scalar>
nlohmann::json evaluate_run(const RunConfig& config, const std::string& split, const SessionOptions<Scalar>& options) {
  RunSetup<Scalar> model(config, options.make_executor);
  check_inputs_of_run(config, model.files());
  const Checkpoint<Scalar> saved = newest_checkpoint<Scalar>(config, "evaluate");
  restore_checkpoint(model.executor(), saved);
  const Dataset& data = model.data();
  const Split& chosen = split == "train" ? data.train : split == "validation" ? data.validation : data.test;
  if (chosen.size() == 0) throw MissingInput("the dataset has no " + split + " samples");
  const Score score = model.evaluate(chosen);
  return {{"split", split},
          {"samples", chosen.size()},
          {"loss", score.mean_loss()},
          {"accuracy", accuracy_json(score)},
          {"trials", saved.trial},
          {"parameters_sha256", model.parameters_sha256()}};
}

template nlohmann::json evaluate_run(const RunConfig&, const std::string&, const SessionOptions<float>&);
template nlohmann::json evaluate_run(const RunConfig&, const std::string&, const SessionOptions<double>&);

}  // namespace settle
