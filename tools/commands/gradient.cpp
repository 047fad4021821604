#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>

#include "graph/error.hpp"
#include "sim/gradient_output.hpp"
#include "sim/initial_parameters.hpp"
#include "sim/virtual/gradient_trace.hpp"
#include "tools/executors.hpp"
#include "tools/model_choice.hpp"
#include "tools/network_choice.hpp"
#include "tools/relax_options.hpp"

namespace settle {
namespace {

constexpr std::string_view kExecutors[] = {"caf", "reference", "virtual"};

constexpr std::array kOwnOptions = {
    Option{"case", "DIR", "the case: case.json, input_NAME.npy, target.npy, param_NAME.npy"},
    Option{"out", "DIR", "where the result goes: new, empty, or an earlier result"},
    kGranularity,
    kRule,
    kPacing,
    kWake,
    kValueRate,
    kSteps,
    kTolerance,
    kSendTolerance,
    kSendDelta,
    kThreads,
    kScalar,
    kSeed,
    Option{"executor", "E",
           "caf (default: every vertex an actor), reference (lockstep in one loop) or virtual (in virtual time)"},
    Option{"trace", "", "also trace.csv: how the gradient develops with each lockstep step, or sample of virtual time"},
    Option{"json", "", "print result.json as one line"},
};

constexpr auto kOptions = [] {
  std::array<Option, kOwnOptions.size() + kNetworkOptions.size()> all;
  std::ranges::copy(kNetworkOptions, std::ranges::copy(kOwnOptions, all.begin()).out);
  return all;
}();

constexpr std::string_view kDetails =
    "Clamps all inputs and the output of a model to the arrays of a case folder, predicts, relaxes, and writes\n"
    "grad_PARAM.npy and gradin_INPUT.npy (dL/dtheta and dL/dinput, summed over the batch) and result.json, with the\n"
    "relative distance from backprop (exactly 0 where bit-identical). case.json: {\"loss\": \"mse\"}, which is\n"
    "1/2 sum (y - target)^2 for a normal output of precision 1, {\"loss\": \"xent\"} for a categorical one, or\n"
    "{\"loss\": \"bce\"}, cross entropy too, for a bernoulli one; the output of an .onnx file becomes what the loss\n"
    "asks for, and its parameters start as the file has them.\n"
    "backprop always runs on the reference. Row t of trace.csv is a run of t steps of its own, on the same "
    "executor;\nin virtual time all rows are of one run, which may be asynchronous.\n\n"
    "  settle gradient model.graph --case cases/mlp --out /tmp/gradient\n"
    "  settle gradient cases/mlp/model.onnx --case cases/mlp --out /tmp/gradient --granularity op\n"
    "  settle gradient model.graph --case cases/mlp --out /tmp/trace --pacing lockstep --value-rate 0.1 --steps 200 "
    "--trace\n"
    "  settle gradient model.graph --case cases/mlp --out /tmp/lossy --executor virtual --network.latency "
    "'lognormal(10, 1)'\n";

struct Request {
  GraphPtr graph;
  std::string case_folder;
  std::filesystem::path parameters;  // of the config, where it gives them
  RelaxChoice relax;
  ExecutorKind executor = ExecutorKind::caf;
  NetworkOptions network;  // of virtual time
  bool trace = false;
};

Request request_of(const Options& options) {
  Request request;
  request.case_folder = options.required("case");
  request.trace = options.has("trace");
  const ModelChoice model = choose_model(options);
  request.parameters = model.graph.parameters;
  request.relax = relax_choice(options, model.config);
  const bool backprop = request.relax.rule.rule == "backprop";
  const bool lockstep = request.relax.rule.pacing == Pacing::lockstep;
  request.executor = static_cast<ExecutorKind>(options.choice("executor", kExecutors).value_or(0));
  if (backprop) request.executor = ExecutorKind::reference;
  const bool in_virtual_time = request.executor == ExecutorKind::virtual_time;
  if (in_virtual_time) {
    request.network = network_options(network_choice(options, model.config));
    request.relax.rule.delay = request.network.delay;
  }
  if (const auto given = given_network_option(options); given && !in_virtual_time)
    options.fail("--" + std::string(*given) + " is of virtual time: add --executor virtual");
  if (request.executor == ExecutorKind::reference && !backprop && !lockstep)
    throw BadConfig(
        "the reference executor relaxes in lockstep: give --pacing lockstep and --steps, or --executor caf");
  if (request.trace && (backprop || !(lockstep || in_virtual_time)))
    throw BadConfig(
        "--trace follows lockstep steps, or virtual time: give --pacing lockstep and --steps, or --executor virtual, "
        "with a rule that relaxes");
  request.graph = fit_model(load_case_model(model.graph, request.case_folder), request.relax.rule);
  if (request.trace && !request.graph->acyclic())
    throw BadConfig("--trace compares with backprop, which there is none of in a model with cycles");
  return request;
}

template <class Scalar>
nlohmann::json run_request(const Request& request, GradientOutput& output) {
  State<Scalar> first;
  if (!request.parameters.empty()) first = read_initial_parameters<Scalar>(*request.graph, request.parameters);
  const GradientCase<Scalar> gradient_case(request.graph, request.case_folder, std::move(first));
  const GradientProblem<Scalar> problem = gradient_case.problem();
  check_model(*request.graph, *problem.trial->clamped, request.relax.rule.rule);
  NodeSettings<Scalar> settings = node_settings<Scalar>(request.relax.rule);
  settings.seed = request.relax.seed;
  settings.source = &gradient_case;
  settings.staleness = request.executor == ExecutorKind::virtual_time;
  const GraphPtr run = model_to_run(request.graph, request.relax.rule);
  const MakeExecutor<Scalar> make = [&](const NodeSettings<Scalar>& each) {
    return make_executor<Scalar>(request.executor, run, each, request.relax.threads, request.network);
  };

  const auto executor = make(settings);
  auto* const virtual_time = dynamic_cast<VirtualTimeExecutor<Scalar>*>(executor.get());
  const Gradients<Scalar> backprop = backprop_gradients(problem, settings);
  std::optional<VirtualGradientTrace<Scalar>> trace;
  if (virtual_time && request.trace)
    virtual_time->observe_with(&trace.emplace(*virtual_time, problem, *settings.rule, backprop));
  const GradientTrial<Scalar> trial = run_gradient_trial(problem, *executor, backprop);
  output.write(gradient_case, trial.gradients);
  if (request.trace) output.write_trace(trace ? trace->csv() : gradient_trace(problem, settings, make, backprop));
  const bool actors = request.executor == ExecutorKind::caf;
  nlohmann::json result = {{"loss", trial.report.loss},
                           {"free_energy", trial.report.free_energy},
                           {"steps", trial.steps},
                           {"messages", trial.report.messages},
                           {"bytes", trial.report.bytes},
                           {"actors", actors ? request.graph->size() : 0},
                           {"vertices", request.graph->size()},
                           {"updates", trial.updates},
                           {"unsettled", trial.report.unsettled},
                           {"seconds", trial.seconds},
                           {"backprop_relative_error", trial.error ? nlohmann::json(*trial.error) : nlohmann::json()}};
  if (virtual_time) {
    const nlohmann::json more = to_json(virtual_time->last());  // what result has already is of the whole trial
    result.insert(more.begin(), more.end());
  }
  return result;
}

int gradient(const Arguments& arguments) {
  const Options options(arguments);
  const std::string out = options.required("out");
  const Request request = request_of(options);
  GradientOutput output(out);
  const nlohmann::json result =
      request.relax.float64 ? run_request<double>(request, output) : run_request<float>(request, output);
  output.finish(result);
  if (options.has("json"))
    std::cout << result.dump() << "\n";
  else
    for (const auto& [key, value] : result.items()) std::printf("%-24s%s\n", key.c_str(), value.dump().c_str());
  return 0;
}

}  // namespace

extern const Command kGradientCommand = {
    "gradient",
    "MODEL --case DIR --out DIR [options]",
    "gradients of one batch by relaxation, compared with backprop",
    kOptions,
    kDetails,
    gradient,
};

}  // namespace settle
