// Purpose: a small training run of the program `settle` in a folder of its own: images in the format of MNIST whose
// four classes are a bright quadrant each, a config on them, and what the run leaves behind. Thread rule: one user.
#pragma once

#include <array>
#include <map>
#include <set>

#include "graph/random.hpp"
#include "tests/sim/mnist_files.hpp"
#include "tests/tools/program.hpp"

namespace settle {

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

inline std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// `count` images of 8 x 8 pixels and their classes, as the two files of one split.
inline void put_quadrants(const std::filesystem::path& folder, const std::string& role, std::uint32_t count) {
  RandomStream random(7, role, "images");
  std::string pixels, labels;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t quadrant = i % 4;
    labels += static_cast<char>(quadrant);
    for (std::uint32_t row = 0; row < 8; ++row)
      for (std::uint32_t column = 0; column < 8; ++column) {
        const bool bright = row / 4 * 2 + column / 4 == quadrant;
        pixels += static_cast<char>((bright ? 90 : 0) + static_cast<int>(random.uniform() * 120));
      }
  }
  std::filesystem::create_directories(folder);
  put(folder / (role + "-images-idx3-ubyte.gz"), gzip(idx({count, 8, 8}, pixels)));
  put(folder / (role + "-labels-idx1-ubyte"), idx({count}, labels));
}

class TrainingFolder {
 public:
  static constexpr std::uint32_t kTrain = 200, kTest = 40, kBatch = 16;
  static constexpr std::uint64_t kTrialsPerEpoch = (kTrain + kBatch - 1) / kBatch;

  TrainingFolder() {
    put_quadrants(scratch_ / "data", "train", kTrain);
    put_quadrants(scratch_ / "data", "t10k", kTest);
    put(config(), std::string_view("[graph]\nfamily = mlp\nlayers = 64,12,8,4\n"
                                   "[data]\ndataset = idx\npath = data\n"
                                   "[learn]\noptimizer = adam\nlearning_rate = 0.01\nbatch = 16\nepochs = 3\n"
                                   "[checkpoint]\nevery_trials = 5\n"
                                   "[run]\nthreads = 1\n"));
  }

  std::filesystem::path operator/(const std::string& name) const { return scratch_ / name; }
  std::filesystem::path config() const { return scratch_ / "small.ini"; }
  // Where the run `name` is kept.
  std::filesystem::path directory(const std::string& name = "small") const { return scratch_ / "runs" / name; }

  std::vector<std::string> words(const std::string& name, const std::vector<std::string>& settings) const {
    std::vector<std::string> all{SETTLE_PROGRAM, "run", config(), "--json",
                                 "--run.directory=" + directory(name).string()};
    all.insert(all.end(), settings.begin(), settings.end());
    return all;
  }
  ProcessResult run(const std::string& name = "small", const std::vector<std::string>& settings = {}) const {
    return run_process(words(name, settings));
  }
  // The result of a run that must succeed.
  nlohmann::json trained(const std::string& name, const std::vector<std::string>& settings = {}) const {
    const ProcessResult result = run(name, settings);
    if (result.exit_code != 0) throw std::runtime_error(std::to_string(result.exit_code) + ": " + result.err);
    return last_line(result);
  }
  std::string sha256(const std::string& name, const std::vector<std::string>& settings = {}) const {
    return trained(name, settings).at("parameters_sha256");
  }

  // The whole rows of metrics.jsonl of these kinds.
  std::vector<nlohmann::json> metrics(const std::string& name, const std::set<std::string>& kinds) const {
    std::vector<nlohmann::json> rows;
    std::ifstream file(directory(name) / "metrics.jsonl");
    for (std::string line; std::getline(file, line);) {
      nlohmann::json row = nlohmann::json::parse(line, nullptr, false);
      if (row.is_object() && kinds.contains(row.at("kind"))) rows.push_back(std::move(row));
    }
    return rows;
  }
  // The checkpoints that are there, finished or not, oldest first.
  std::set<std::string> checkpoints(const std::string& name) const {
    std::set<std::string> names;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(directory(name) / "checkpoints", none))
      names.insert(entry.path().filename());
    return names;
  }

 private:
  Scratch scratch_;
};

// Waits until `happened`, which is asked a thousand times a second; false where the program ended before.
template <class Happened>
bool waits_for(Process& process, Happened happened) {
  do {
    if (process.running() && happened()) return true;
  } while (!process.ends_within(std::chrono::milliseconds(1)));
  return false;
}

}  // namespace settle
