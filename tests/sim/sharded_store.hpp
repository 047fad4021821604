// Purpose: a store of checkpoints of a run over several hosts, each with its share of the run's tensors, told apart by
// the trial. Thread rule: one user.
#pragma once

#include <doctest/doctest.h>

#include <set>

#include "actors/wire/peer_error.hpp"
#include "sim/checkpoint.hpp"
#include "sim/checkpoint_shard.hpp"
#include "tests/sim/failing_file_system.hpp"

namespace settle {

inline Tensor<float> tensor_of_trial(std::uint64_t trial, std::size_t number) {
  Tensor<float> tensor(Shape{3, 5});
  for (std::size_t i = 0; i < tensor.flat().size(); ++i)
    tensor.flat()[i] = static_cast<float>(trial + 1000000 * number) + static_cast<float>(i) / 16;
  return tensor;
}

// The run's tensors, in the order of their numbers.
inline const std::vector<std::string>& names_of_run() {
  static const std::vector<std::string> names{"h1.weight", "h1.weight/adam_mean", "h2.weight", "y.weight"};
  return names;
}

struct ShardedStore {
  ShardedStore(const std::filesystem::path& directory, std::size_t keep, HostId number = 1)
      : ShardedStore(directory, keep, number, undisturbed) {}
  ShardedStore(const std::filesystem::path& directory, std::size_t keep, HostId number, FileSystem& all)
      : hosts(number),
        files(number, &all),
        store(
            directory, keep, [this](const std::string& line) { warnings.push_back(line); }, all) {}

  // The tensors of that host, dealt in turn.
  State<float> part(std::uint64_t trial, HostId host) const {
    State<float> own;
    for (std::size_t k = host; k < names_of_run().size(); k += hosts)
      own.emplace(names_of_run()[k], tensor_of_trial(trial, k));
    return own;
  }
  void save(std::uint64_t trial) {
    store.save<float>(trial, {{"epoch", trial / 100}, {"loss", 0.1}}, [&](std::span<const char> order) {
      std::vector<std::vector<char>> answers;
      for (HostId host = 0; host < hosts; ++host) {
        const std::string_view elsewhere = "/nowhere/at/all";
        const std::span<const char> heard = apart.contains(host) ? std::span(elsewhere) : order;
        try {
          answers.push_back(shard_keeper<float>(*files[host])(host, part(trial, host), heard));
        } catch (const Stopped&) {
          if (files[host] == files[0]) throw;
          throw PeerGone("host " + std::to_string(host) + " is lost");
        }
      }
      return answers;
    });
  }
  // 0: none. The content is checked.
  std::uint64_t load() {
    const auto checkpoint = store.load_latest<float>();
    if (!checkpoint) return 0;
    REQUIRE(checkpoint->tensors.size() == names_of_run().size());
    for (std::size_t k = 0; k < names_of_run().size(); ++k) {
      const Tensor<float>& tensor = checkpoint->tensors.at(names_of_run()[k]);
      REQUIRE(tensor.shape() == Shape{3, 5});
      REQUIRE(std::ranges::equal(tensor.flat(), tensor_of_trial(checkpoint->trial, k).flat()));
    }
    REQUIRE(checkpoint->progress == nlohmann::json{{"epoch", checkpoint->trial / 100}, {"loss", 0.1}});
    return checkpoint->trial;
  }

  FailingFileSystem undisturbed{FailingFileSystem::kNever, FailingFileSystem::Kind::crash};
  HostId hosts;
  std::vector<FileSystem*> files;  // by host
  std::set<HostId> apart;          // hosts that see another file system
  std::vector<std::string> warnings;
  CheckpointStore store;
};

}  // namespace settle
