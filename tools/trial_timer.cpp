#include "tools/trial_timer.hpp"

#include <algorithm>
#include <chrono>

#include "graph/error.hpp"

namespace settle {
namespace {

template <class Scalar>
class RepeatingFeed final : public TrialFeed<Scalar> {
 public:
  RepeatingFeed(std::shared_ptr<const Trial> trial, std::uint64_t count) : trial_(std::move(trial)), left_(count) {}

  std::shared_ptr<const Trial> next() override { return left_-- > 0 ? trial_ : nullptr; }
  void finished(const Trial&, const TrialReport<Scalar>& report) override {
    last_ = report;
    if (report.diverged) left_ = 0;
  }
  const TrialReport<Scalar>& last() const noexcept { return last_; }

 private:
  std::shared_ptr<const Trial> trial_;
  std::uint64_t left_;
  TrialReport<Scalar> last_;
};

}  // namespace

template <class Scalar>
TimedTrials<Scalar> time_trials(Executor<Scalar>& executor, const Graph& graph, std::shared_ptr<const Trial> trial,
                                std::uint64_t count) {
  RepeatingFeed<Scalar> feed(std::move(trial), count);
  const auto start = std::chrono::steady_clock::now();
  executor.run(feed);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  if (const auto vertex = feed.last().diverged)
    throw Diverged("vertex '" + graph[*vertex].name + "' ran away or is not finite; lower --value-rate");
  return {took.count(), feed.last()};
}

template <class Scalar>
RoundTimes time_in_turns(Executor<Scalar>& first, Executor<Scalar>& second, const Graph& graph,
                         const std::shared_ptr<const Trial>& trial, std::uint64_t rounds, std::uint64_t per_round) {
  RoundTimes times;
  const auto each = static_cast<double>(per_round);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    times.first.push_back(time_trials(first, graph, trial, per_round).milliseconds / each);
    times.second.push_back(time_trials(second, graph, trial, per_round).milliseconds / each);
  }
  return times;
}

double median(std::vector<double> numbers) {
  std::ranges::sort(numbers);
  const std::size_t half = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
}

template TimedTrials<float> time_trials(Executor<float>&, const Graph&, std::shared_ptr<const Trial>, std::uint64_t);
template TimedTrials<double> time_trials(Executor<double>&, const Graph&, std::shared_ptr<const Trial>, std::uint64_t);
template RoundTimes time_in_turns(Executor<float>&, Executor<float>&, const Graph&, const std::shared_ptr<const Trial>&,
                                  std::uint64_t, std::uint64_t);
template RoundTimes time_in_turns(Executor<double>&, Executor<double>&, const Graph&,
                                  const std::shared_ptr<const Trial>&, std::uint64_t, std::uint64_t);

}  // namespace settle
