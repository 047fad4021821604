#include "sim/config/keys.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "graph/families/family.hpp"
#include "graph/suggest.hpp"
#include "sim/config/key_types.hpp"
#include "sim/datasets/list.hpp"
#include "sim/hosts.hpp"
#include "sim/relax_defaults.hpp"

namespace settle {
namespace {

using namespace key_types;

constexpr std::int64_t kAny = INT64_MAX;
constexpr std::int64_t kLongest = std::int64_t{1} << 40;  // ticks
constexpr std::int64_t kAny32 = UINT32_MAX;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

constexpr Range positive() { return {0, kInfinity, false, false}; }
constexpr Range not_negative() { return {0, kInfinity, true, false}; }
constexpr Range below_one() { return {0, 1, true, false}; }

std::vector<std::string> dataset_names() {
  std::vector<std::string> names;
  for (const DatasetKind& kind : dataset_kinds()) names.emplace_back(kind.name);
  return names;
}

ConfigKey key(std::string_view name, std::string_view default_text, Kind kind, std::string_view help) {
  return {name, default_text, help, kind.is_path, std::move(kind.allowed), std::move(kind.assign)};
}

// In the order in which values are assigned: rule.name comes before the keys whose default depends on it.
std::vector<ConfigKey> all_keys() {
  constexpr auto graph = &RunConfig::graph;
  constexpr auto data = &RunConfig::data;
  constexpr auto relax = &RunConfig::relax;
  constexpr auto learn = &RunConfig::learn;
  constexpr auto run = &RunConfig::run;
  constexpr auto network = &RunConfig::network;
  constexpr auto placement = &RunConfig::placement;
  constexpr auto transport = &RunConfig::transport;
  using Normalise = DataConfig::Normalise;
  using Pacing = RelaxConfig::Pacing;
  using Reduction = LearnConfig::Reduction;
  using Scalar = RunSectionConfig::Scalar;
  using Executor = RunSectionConfig::Executor;
  return {
      key("graph.file", "", path(graph, &GraphConfig::file), "the model, a .graph or .onnx file"),
      key("graph.family", "", name(graph, &GraphConfig::family, family_names()),
          "the model, generated, where no file is given"),
      key("graph.layers", "", layers(), "of the family; what may stand in it: settle help graph"),
      key("graph.activation", "tanh", name(graph, &GraphConfig::activation, {"tanh", "relu", "sigmoid"}),
          "of the family's hidden layers that name none"),
      key("graph.output", "categorical", name(graph, &GraphConfig::output, {"categorical", "normal", "bernoulli"}),
          "energy of the last layer of a family, or of the outputs of an ONNX model"),
      key("graph.readout", "last", name(graph, &GraphConfig::readout, {"last", "each"}),
          "of the families rnn, lstm and gru: the step from which the output is read"),
      key("graph.mask", "auto", mask(),
          "of the families rnn, lstm and gru: a second input says which steps of a sample are there"),
      key("graph.bias", "1", choice(graph, &GraphConfig::bias, {{"1", true}, {"0", false}}), "of the family's layers"),
      key("graph.tile", "1", whole(graph, &GraphConfig::tile, 1, kAny),
          "actors that share the units of a hidden layer of the families mlp, cnn and residual"),
      key("graph.init", "default", initializer(), "initial weights; default: uniform within 1/sqrt(fan in)"),
      key("graph.granularity", "layer", name(graph, &GraphConfig::granularity, {"layer", "op", "all"}),
          "what of an ONNX file becomes a vertex: op: each float output of a node; layer: less what only one "
          "elementwise function uses; all: also what depends on parameters only"),
      key("graph.parameters", "", path(graph, &GraphConfig::parameters),
          "initial parameters of any model: an .npz file with an array for each, by name"),

      key("data.dataset", "", name(data, &DataConfig::dataset, dataset_names()), "what to learn"),
      key("data.path", "", path(data, &DataConfig::path),
          "the folder with the dataset's files; the file itself of text and words"),
      key("data.rows", "", text(data, &DataConfig::rows, "INPUTS : TARGETS ; INPUTS : TARGETS ..."),
          "the samples of the dataset table"),
      key("data.validation", "0", held_out(&DataConfig::validation), "the last training samples, held out"),
      key("data.normalise", "auto",
          choice(data, &DataConfig::normalise,
                 {{"auto", Normalise::automatic},
                  {"none", Normalise::none},
                  {"unit", Normalise::unit},
                  {"standard", Normalise::standard},
                  {"channel", Normalise::channel}}),
          "of inputs: unit divides by 255, standard makes mean 0 and deviation 1, channel does so for each channel; "
          "auto: unit for 8-bit inputs, else none"),
      key("data.subset", "0", whole(data, &DataConfig::subset, 0, kAny32), "use the first N training samples; 0: all"),
      key("data.classes", "0", whole(data, &DataConfig::classes, 0, 65536),
          "how many classes there are; 0: as the training labels show"),
      key("data.train_files", "", text(data, &DataConfig::train_files, "NAME, PATTERN*, ..."),
          "of cifar10 and cifar100: the files to train on, under data.path; default: data_batch_*.bin, train.bin"),
      key("data.test_files", "", text(data, &DataConfig::test_files, "NAME, PATTERN*, ..."),
          "the same to test on; default: test_batch.bin, test.bin"),
      key("data.labels", "fine",
          choice(data, &DataConfig::labels,
                 {{"fine", DataConfig::Labels::fine}, {"coarse", DataConfig::Labels::coarse}}),
          "of cifar100: its 100 classes or its 20 groups of them"),
      key("data.test", "0.1", held_out(&DataConfig::test),
          "of text and words: what is held out to test on, the end of a text (characters), words drawn by "
          "data.split_seed"),
      key("data.split_seed", "1", whole(data, &DataConfig::split_seed, 0, kAny),
          "of words: which are held out; run.seed does not change it"),
      key("data.steps", "50", whole(data, &DataConfig::steps, 1, 1 << 20), "of text: characters of a sequence"),
      key("data.encoding", "one_hot",
          choice(data, &DataConfig::encoding,
                 {{"one_hot", DataConfig::Encoding::one_hot}, {"ids", DataConfig::Encoding::ids}}),
          "of text and words: a step is a row with a 1 at its character, or the character's number"),
      key("data.batch_axis", "0", whole(data, &DataConfig::batch_axis, 0, 7),
          "where a model of fixed extents (ONNX) has its samples, in every input and output"),

      key("rule.name", "fixed_prediction",
          name(&RunConfig::rule, &RuleConfig::name, {std::begin(kRules), std::end(kRules)}),
          "how errors find their values"),
      key("rule.level", "insert",
          choice(&RunConfig::rule, &RuleConfig::level,
                 {{"insert", RuleConfig::Level::insert}, {"refuse", RuleConfig::Level::refuse}}),
          "zero_divergence: insert vertices where edges skip levels, or refuse such a model"),
      key("rule.nonlinear_derivative", "on",
          choice(&RunConfig::rule, &RuleConfig::nonlinear_derivative, {{"on", true}, {"off", false}}),
          "off: the derivative of activation functions counts as 1, in feedback and in learning"),
      key("rule.backward_weights", "tied",
          choice(&RunConfig::rule, &RuleConfig::backward_weights,
                 {{"tied", BackwardWeights::tied},
                  {"fixed", BackwardWeights::fixed},
                  {"learned", BackwardWeights::learned}}),
          "errors go back by the transposed weights, or by matrices of their own: random, or learned beside the "
          "weights"),
      key("rule.error_weights", "identity",
          choice(&RunConfig::rule, &RuleConfig::error_weights, {{"identity", false}, {"learned", true}}),
          "learned: predictions reach the errors of hidden vertices through a matrix that is learned"),

      key("relax.pacing", "asynchronous",
          choice(relax, &RelaxConfig::pacing, {{"asynchronous", Pacing::asynchronous}, {"lockstep", Pacing::lockstep}}),
          "act as messages come, or step together with the neighbours"),
      key("relax.wake", "default", wake(), "when a vertex first acts: after all its children, or at once"),
      key("relax.value_rate", "default", value_rate(), "step size of relaxation"),
      key("relax.steps", "", whole(relax, &RelaxConfig::steps, 1, kAny), "steps of a phase (lockstep), or their limit"),
      key("relax.tolerance", "", real(relax, &RelaxConfig::tolerance, not_negative()),
          "relative change below which a value counts as settled"),
      key("relax.send_tolerance", "", real(relax, &RelaxConfig::send_tolerance, not_negative()),
          "asynchronous: change since the last message below which none is sent; where not given, relax.tolerance"),
      key("relax.send_delta", "mixed",
          choice(relax, &RelaxConfig::send_delta,
                 {{"mixed", SendDelta::mixed}, {"absolute", SendDelta::absolute}, {"relative", SendDelta::relative}}),
          "what that change is relative to: the largest magnitude of what would be sent (relative), but at least 1 "
          "(mixed), or 1 (absolute)"),

      key("learn.optimizer", "sgd", name(learn, &LearnConfig::optimizer, {"sgd", "momentum", "adam"}),
          "how parameters follow their gradients"),
      key("learn.learning_rate", "0.01", real(learn, &LearnConfig::learning_rate, not_negative()),
          "step size of learning"),
      key("learn.momentum", "0.9", real(learn, &LearnConfig::momentum, below_one()), "of the optimizer momentum"),
      key("learn.beta1", "0.9", real(learn, &LearnConfig::beta1, below_one()), "of the optimizer adam"),
      key("learn.beta2", "0.999", real(learn, &LearnConfig::beta2, below_one()), "of the optimizer adam"),
      key("learn.epsilon", "1e-08", real(learn, &LearnConfig::epsilon, positive()), "of the optimizer adam"),
      key("learn.batch", "64", whole(learn, &LearnConfig::batch, 1, 1 << 20), "samples of a trial"),
      key("learn.epochs", "10", whole(learn, &LearnConfig::epochs, 1, 1000000000), "passes over the training samples"),
      key("learn.max_trials", "0", whole(learn, &LearnConfig::max_trials, 0, kAny), "end after N trials; 0: no limit"),
      key("learn.reduction", "mean",
          choice(learn, &LearnConfig::reduction, {{"mean", Reduction::mean}, {"sum", Reduction::sum}}),
          "over the samples of a trial"),
      key("learn.clip", "0", real(learn, &LearnConfig::clip, not_negative()),
          "largest absolute value of a gradient's component; 0: no limit"),

      key("checkpoint.every_trials", "1000", whole(&RunConfig::checkpoint, &CheckpointConfig::every_trials, 0, kAny),
          "trials between checkpoints; 0: only where the run ends or is stopped"),
      key("checkpoint.keep", "2", whole(&RunConfig::checkpoint, &CheckpointConfig::keep, 1, 1000000),
          "how many checkpoints stay"),

      key("probe.fidelity", "0", whole(&RunConfig::probe, &ProbeConfig::fidelity, 0, kAny),
          "compare the errors with backprop every N trials; 0: never"),
      key("probe.energy", "0", whole(&RunConfig::probe, &ProbeConfig::energy, 0, kAny),
          "record each vertex's energy every N trials; 0: never"),
      key("probe.staleness", "0", whole(&RunConfig::probe, &ProbeConfig::staleness, 0, kAny),
          "record how old the used messages were, and in virtual time what became of them, every N trials; 0: never"),
      key("probe.trace", "0", whole(&RunConfig::probe, &ProbeConfig::trace, 0, kAny),
          "record how a trial relaxes, step by step, every N trials; 0: never"),
      key("probe.vertices", "0", whole(&RunConfig::probe, &ProbeConfig::vertices, 0, kAny),
          "record each vertex's acts and messages every N trials; 0: never"),
      key("probe.timeline", "0", timeline(),
          "trials whose acts, messages and phases go into timeline.json, for ui.perfetto.dev"),

      key("run.directory", "", path(run, &RunSectionConfig::directory), "default: runs/NAME_OF_CONFIG"),
      key("run.seed", "1", whole(run, &RunSectionConfig::seed, 0, kAny), "of initial weights and shuffles"),
      key("run.threads", "auto", threads(), "threads that run vertices"),
      key("run.hosts", "1", whole(run, &RunSectionConfig::hosts, 1, kMostHosts),
          "processes that share the vertices; settle launch, srun and mpirun say it themselves"),
      key("run.restarts", "3", whole(run, &RunSectionConfig::restarts, 0, 1000),
          "how often a run goes on after the loss of a host, counted anew from each checkpoint"),
      key("run.scalar", "float32",
          choice(run, &RunSectionConfig::scalar, {{"float32", Scalar::float32}, {"float64", Scalar::float64}}),
          "what values are computed in"),
      key("run.max_hours", "0", real(run, &RunSectionConfig::max_hours, not_negative()),
          "stop with a checkpoint after this time; 0: no limit"),
      key("run.report", "on", choice(run, &RunSectionConfig::report, {{"on", true}, {"off", false}}),
          "make report.html at the end"),
      key("run.executor", "caf",
          choice(run, &RunSectionConfig::executor,
                 {{"caf", Executor::caf}, {"reference", Executor::reference}, {"virtual", Executor::virtual_time}}),
          "actors, one plain loop to compare with, or virtual time: deterministic, over links as [network] says"),

      key("network.latency", "1", distribution(&NetworkConfig::latency),
          "ticks that a message flies, rounded, at least 1; the messages of a link keep their order"),
      key("network.jitter", "0", whole(network, &NetworkConfig::jitter, 0, kLongest),
          "up to so many ticks more, drawn evenly, by which messages overtake each other"),
      key("network.loss", "0", real(network, &NetworkConfig::loss, below_one()), "share of messages that are lost"),
      key("network.resend", "never", resend(), "ticks until a lost message is sent again; never: only with wake eager"),
      key("network.bandwidth", "0", real(network, &NetworkConfig::bandwidth, not_negative()),
          "bytes a tick of each link; 0: no limit"),
      key("network.links", "",
          text(network, &NetworkConfig::links, "from PATTERN to PATTERN: KEY = VALUE, KEY = VALUE; from host N to ..."),
          "what is said of some links only, by the names of their vertices (* and ?) or by their hosts"),
      key("network.hosts", "", text(network, &NetworkConfig::hosts, "HOST: PATTERN, PATTERN; HOST: ..."),
          "which vertices are on which host; the others are on host 0"),
      key("network.compute", "0", compute_time(), "ticks of one act, or of one multiply-add of the vertex"),
      key("network.period", "1", whole(network, &NetworkConfig::period, 1, kLongest),
          "ticks between two edges of a clock of rate 1; a vertex acts at edges"),
      key("network.clock", "1", distribution(&NetworkConfig::clock), "rate of a vertex's clock, drawn once a vertex"),
      key("network.drift", "0", real(network, &NetworkConfig::drift, {0, 2, true, true}),
          "how far rates wander: the standard deviation of a rate's logarithm"),
      key("network.straggler", "none", straggler(),
          "in every stretch of EVERY ticks a host (without hosts a vertex) once stops for LENGTH; only a SHARE of "
          "them"),
      key("network.delay", "0", whole(network, &NetworkConfig::delay, 0, 1000000),
          "lockstep: whole steps by which every message is late"),
      key("network.sample_every", "0", whole(network, &NetworkConfig::sample_every, 0, kLongest),
          "asynchronous: ticks between the rows of a trace; 0: its ends only"),

      key("placement.method", "metis",
          choice(placement, &PlacementConfig::method,
                 {{"metis", PlacementConfig::Method::metis}, {"round_robin", PlacementConfig::Method::round_robin}}),
          "which host runs which vertex: parts of equal work with few bytes between them, or one after another"),
      key("placement.pin", "", text(placement, &PlacementConfig::pin, "HOST: PATTERN, PATTERN; HOST: ..."),
          "vertices that are to be on a host, by the patterns of their names"),

      key("transport.address", "127.0.0.1",
          text(transport, &TransportConfig::address, "an address of this machine, a network interface, or auto"),
          "where a host listens until all have joined; between machines: auto, or the interface that they share"),
      key("transport.port", "0", whole(transport, &TransportConfig::port, 0, 65535), "of host 0; 0: any that is free"),
      key("transport.encrypted", "on", choice(transport, &TransportConfig::encrypted, {{"on", true}, {"off", false}}),
          "mutual TLS 1.3; off only where nobody else is on the network"),
      key("transport.ca", "", path(transport, &TransportConfig::ca),
          "PEM file with the CA of certificates of your own; empty: the run makes its own"),
      key("transport.certificate", "", path(transport, &TransportConfig::certificate), "PEM file, this host's"),
      key("transport.key", "", path(transport, &TransportConfig::key), "PEM file, its private key"),
      key("transport.name", "", text(transport, &TransportConfig::name, "a DNS name"),
          "that certificates of your own are for"),
      key("transport.token", "", text(transport, &TransportConfig::token, "any text"),
          "what hosts show to belong to this run; empty: the run makes one (settle worker --join FILE knows it)"),
      key("transport.allow_mixed", "off",
          choice(transport, &TransportConfig::allow_mixed, {{"on", true}, {"off", false}}),
          "hosts of other builds or instruction sets may join; the last bits of results may differ then"),
      key("transport.silent_after", "2", real(transport, &TransportConfig::silent_after, {2, kInfinity, true, false}),
          "seconds after which a host that is not heard of is named"),
      key("transport.dead_after", "10", real(transport, &TransportConfig::dead_after, positive()),
          "seconds after which it counts as lost"),
      key("transport.join_limit", "600", real(transport, &TransportConfig::join_limit, positive()),
          "seconds that the hosts wait for each other at the start"),
  };
}

std::string_view section_of(std::string_view name) { return name.substr(0, name.find('.')); }

}  // namespace

std::span<const ConfigKey> config_keys() {
  static const std::vector<ConfigKey> keys = all_keys();
  return keys;
}

const ConfigKey* find_config_key(std::string_view name) {
  const auto keys = config_keys();
  const auto found = std::ranges::find(keys, name, &ConfigKey::name);
  return found == keys.end() ? nullptr : &*found;
}

std::string suggest_config_key(std::string_view name) {
  std::vector<std::string> names;
  const std::string_view last_word = name.substr(name.find('.') + 1);
  for (const ConfigKey& known : config_keys()) {
    if (known.name.substr(known.name.find('.') + 1) == last_word) return std::string(known.name);
    names.emplace_back(known.name);
  }
  return nearest_word(name, names).value_or("");
}

std::string config_help() {
  std::string text =
      "A config is an INI file; every key is also an option, --section.key=value, and an environment variable,\n"
      "SETTLE_SECTION__KEY. The command line wins over the environment, the environment over the file.\n"
      "Paths in a config are relative to it, other paths to the current directory.\n";
  std::string_view section;
  for (const ConfigKey& known : config_keys()) {
    if (section_of(known.name) != section) {
      section = section_of(known.name);
      text += "\n[" + std::string(section) + "]\n";
    }
    const std::string head =
        std::string(known.name.substr(section.size() + 1)) + " = " + std::string(known.default_text);
    text += "  " + head + std::string(head.size() < 32 ? 32 - head.size() : 1, ' ') + std::string(known.help) + "\n" +
            std::string(34, ' ') + known.allowed + "\n";
  }
  return text;
}

}  // namespace settle
