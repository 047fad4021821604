// Purpose: gradient cases in a scratch folder, from arrays of independent programs (tests/data/README.md) and from
// hand, and what `settle gradient` makes of them. Thread rule: any thread.
#pragma once

#include <cmath>
#include <map>

#include "sim/npy.hpp"
#include "tests/sim/scratch.hpp"
#include "tests/tools/program.hpp"

namespace settle {

inline std::filesystem::path oracle_folder(const std::string& name) {
  return std::filesystem::path(SETTLE_SOURCE_DIR) / "tests/data/gradients" / name;
}

// The model and its case, ready to be run in `scratch`: model.graph and case/. `parameters`: oracle's name by ours.
inline void lay_out(const Scratch& scratch, const std::string& oracle, const std::string& model,
                    const std::map<std::string, std::string>& parameters) {
  put(scratch / "model.graph", model);
  std::filesystem::create_directory(scratch / "case");
  put(scratch / "case/case.json", "{\"name\": \"" + oracle + "\", \"loss\": \"mse\"}");
  for (const std::string& name : names_in(oracle_folder(oracle)))
    if (name.starts_with("input_") || name == "target.npy")
      std::filesystem::copy(oracle_folder(oracle) / name, scratch / ("case/" + name));
  for (const auto& [ours, theirs] : parameters)
    std::filesystem::copy(oracle_folder(oracle) / ("param_" + theirs + ".npy"),
                          scratch / ("case/param_" + ours + ".npy"));
}

inline ProcessResult run_gradient(const Scratch& scratch, std::vector<std::string> options) {
  std::vector<std::string> words = {"gradient", "model.graph", "--case", "case", "--out", "out"};
  words.insert(words.end(), options.begin(), options.end());
  return run_settle(words, {scratch.path()});
}

inline Tensor<double> array_of(const std::filesystem::path& file) { return read_npy(file).to<double>(); }

// The cells of a CSV file.
inline std::vector<std::vector<std::string>> table_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  for (const char c : csv) {
    if (c == '\n')
      rows.emplace_back(1);
    else if (c == ',')
      rows.back().emplace_back();
    else
      rows.back().back() += c;
  }
  rows.pop_back();
  return rows;
}

// |a - scale * b| / |scale * b|
inline double distance(const Tensor<double>& a, const Tensor<double>& b, double scale = 1) {
  double difference = 0;
  double norm = 0;
  for (std::size_t i = 0; i < b.flat().size(); ++i) {
    difference += std::pow(a.flat()[i] - scale * b.flat()[i], 2);
    norm += std::pow(scale * b.flat()[i], 2);
  }
  return std::sqrt(difference / norm);
}

}  // namespace settle
