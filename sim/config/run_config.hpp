// Purpose: everything a run is told, typed and checked: what the sections of a config say once defaults, file,
// environment and command line are put together. Made by `load_run_config` (sim/config/load.hpp), never changed after;
// pass it as `const RunConfig&`. The keys, their defaults and their help are in sim/config/keys.cpp.
// Thread rule: a value type; read by any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/send_delta.hpp"
#include "graph/backward_weights.hpp"

namespace settle {

struct GraphConfig {
  std::filesystem::path file;  // empty where a family is given
  std::string family;          // empty where a file is given
  std::string layers;          // of the family
  std::string activation;
  std::string output;
  std::string readout;
  std::optional<bool> mask;  // of the family; empty: auto, until the whole config is known
  bool bias = true;
  std::int64_t tile = 1;
  std::string init;                  // "default", "normal(STDDEV)" or "uniform(BOUND)"
  std::string granularity;           // of an ONNX file: "layer", "op" or "all"
  std::filesystem::path parameters;  // an .npz file with the first ones; empty: as init or the model says
};

struct DataConfig {
  enum class Normalise { automatic, none, unit, standard, channel };
  enum class Labels { fine, coarse };
  enum class Encoding { one_hot, ids };

  std::string dataset;
  std::filesystem::path path;
  std::string rows;
  double validation = 0;  // below 1: a fraction of the training samples, else how many
  Normalise normalise = Normalise::automatic;
  std::uint32_t subset = 0;   // 0: all
  std::uint32_t classes = 0;  // 0: as many as the training labels show
  std::string train_files;    // names and patterns; empty: the dataset's own
  std::string test_files;
  Labels labels = Labels::fine;
  double test = 0.1;  // held out by the dataset: below 1 a fraction, else how many
  std::uint64_t split_seed = 1;
  std::uint32_t steps = 50;               // of a sequence of text
  Encoding encoding = Encoding::one_hot;  // of characters
  std::uint32_t batch_axis = 0;
};

struct RuleConfig {
  enum class Level { insert, refuse };

  std::string name;
  Level level = Level::insert;
  bool nonlinear_derivative = true;
  BackwardWeights backward_weights = BackwardWeights::tied;
  bool error_weights = false;  // learned
};

struct RelaxConfig {
  enum class Pacing { asynchronous, lockstep };
  enum class Wake { gather, eager };

  Pacing pacing = Pacing::asynchronous;
  std::optional<Wake> wake;        // empty: as the rule and the graph want it
  double value_rate = 1;           // the rule's own default is already put in
  bool follows_curvature = false;  // value_rate = auto
  std::optional<std::int64_t> steps;
  std::optional<double> tolerance;
  std::optional<double> send_tolerance;  // empty: `tolerance`
  SendDelta send_delta = SendDelta::mixed;
};

struct LearnConfig {
  enum class Reduction { mean, sum };

  std::string optimizer;
  double learning_rate = 0;
  double momentum = 0;
  double beta1 = 0;
  double beta2 = 0;
  double epsilon = 0;
  std::uint32_t batch = 1;
  std::uint32_t epochs = 1;
  std::uint64_t max_trials = 0;  // 0: no limit
  Reduction reduction = Reduction::mean;
  double clip = 0;  // 0: none
};

struct CheckpointConfig {
  std::uint64_t every_trials = 0;  // 0: only where the run ends or is stopped
  std::uint32_t keep = 2;
};

// Counted from 1, both ends among them; none where last is 0.
struct TrialRange {
  std::uint64_t first = 1;
  std::uint64_t last = 0;
};

struct ProbeConfig {
  std::uint64_t fidelity = 0;  // every so many trials; 0: never
  std::uint64_t energy = 0;
  std::uint64_t staleness = 0;
  std::uint64_t trace = 0;
  std::uint64_t vertices = 0;
  TrialRange timeline;
};

struct RunSectionConfig {
  enum class Scalar { float32, float64 };
  enum class Executor { caf, reference, virtual_time };

  std::filesystem::path directory;
  std::uint64_t seed = 0;
  std::uint32_t threads = 1;
  std::uint32_t hosts = 1;     // processes
  std::uint32_t restarts = 3;  // without progress between them, when hosts are lost
  Scalar scalar = Scalar::float32;
  Executor executor = Executor::caf;
  double max_hours = 0;  // 0: no limit
  bool report = true;    // report.html at the end
};

// Of run.executor = virtual.
struct NetworkConfig {
  std::string latency = "1";  // texts: as sim/virtual/network_options.hpp reads them
  std::uint64_t jitter = 0;
  double loss = 0;
  std::optional<std::uint64_t> resend;  // empty: never
  double bandwidth = 0;                 // 0: no limit
  std::string links;
  std::string hosts;
  std::string compute = "0";
  std::uint64_t period = 1;
  std::string clock = "1";
  double drift = 0;
  std::string straggler = "none";
  std::uint32_t delay = 0;
  std::uint64_t sample_every = 0;
  friend bool operator==(const NetworkConfig&, const NetworkConfig&) = default;
};

struct PlacementConfig {
  enum class Method { metis, round_robin };

  Method method = Method::metis;
  std::string pin;  // as sim/hosts.hpp reads it
};

// Of a run over several hosts.
struct TransportConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // of host 0; 0: any that is free
  bool encrypted = true;
  std::filesystem::path ca;  // a user's own certificates; empty: made for the run
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::string name;   // in a user's own certificates
  std::string token;  // empty: made for the run
  bool allow_mixed = false;
  double silent_after = 2;  // seconds
  double dead_after = 10;
  double join_limit = 0;
};

struct ResolvedValue {
  std::string text;    // paths absolute, "auto" and rule-dependent defaults replaced by what they stand for
  std::string origin;  // "default", "FILE:LINE", "environment SETTLE_X__Y" or "command line"
};

struct RunConfig {
  std::filesystem::path config_file;
  GraphConfig graph;
  DataConfig data;
  RuleConfig rule;
  RelaxConfig relax;
  LearnConfig learn;
  CheckpointConfig checkpoint;
  ProbeConfig probe;
  RunSectionConfig run;
  NetworkConfig network;
  PlacementConfig placement;
  TransportConfig transport;
  std::map<std::string, ResolvedValue> resolved;  // by "section.key", every key
};

}  // namespace settle
