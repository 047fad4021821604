// Purpose: which model a command is about: the word MODEL (a .graph or .onnx file), the word CONFIG (an .ini file), or
// a family described by options. Thread rule: pure. Errors: UsageError, and those of configs and models.
#pragma once

#include <filesystem>
#include <optional>

#include "sim/config/run_config.hpp"
#include "tools/options.hpp"

namespace settle {

inline constexpr Option kFamilyOptions[] = {
    {"family", "NAME", "a model family instead of a file: mlp, cnn, residual, rnn, lstm, gru"},
    {"layers", "LIST", "its layers, from the input to the output"},
    {"activation", "NAME", "of its hidden layers: tanh, relu, sigmoid"},
    {"output", "NAME", "of its last layer: categorical, normal or bernoulli"},
    {"readout", "STEP", "of rnn, lstm, gru: last or each"},
    {"mask", "on|off", "of rnn, lstm, gru: a second input says which steps are there"},
    {"bias", "0|1", "of its layers"},
    {"tile", "K", "actors that share the units of a hidden layer"},
    {"init", "INIT", "first parameters: default, normal(STDDEV) or uniform(BOUND)"},
};

// Of an ONNX file.
inline constexpr Option kGranularity = {"granularity", "G",
                                        "of an .onnx file: layer (default), op (a vertex for each node) or all"};

struct ModelChoice {
  GraphConfig graph;
  std::optional<RunConfig> config;  // where a CONFIG was given
  std::string name;                 // for messages: the file, or the family with its layers
};

ModelChoice choose_model(const Options& options);
// Of a file alone.
ModelChoice model_of_file(const std::filesystem::path& file, const Options& options);

}  // namespace settle
