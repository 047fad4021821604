#include "sim/report/run_figures.hpp"

#include <algorithm>
#include <map>

#include "sim/report/curves.hpp"

namespace settle {
namespace {

constexpr const char* kTrial = "trial";
const Axis kTrials{kTrial, "count since the run began", false, 0.0};

void add_if_any(std::vector<Plot>& figures, Plot plot) {
  auto& series = std::get<Curves>(plot.content).series;
  std::erase_if(series, [](const Series& one) { return one.points.empty(); });
  if (!has_points(series)) return;
  fit_vertical(plot);
  figures.push_back(std::move(plot));
}

// A series of `value(row)` over the trials; rows without one are left out.
template <class Row, class Value>
Series over_trials(std::string name, const std::vector<Row>& rows, std::size_t colour, Value value) {
  Series series{std::move(name), {}, Series::Look::line, colour};
  for (const Row& row : rows)
    if (const std::optional<double> y = value(row)) series.points.push_back({static_cast<double>(row.trial), *y});
  return series;
}

std::optional<double> percent(const std::optional<double>& share) {
  return share ? std::optional(100 * *share) : std::nullopt;
}

std::string held_out_name(const RunMetrics& metrics) {
  for (const EpochRow& row : metrics.epochs)
    if (!row.held_out.empty()) return row.held_out;
  return "test";
}

// The vertices of per-vertex rows in their order, each with its points.
class VertexSeries {
 public:
  void add(const std::string& vertex, std::uint64_t trial, double y) {
    const auto [place, fresh] = places_.try_emplace(vertex, series_.size());
    if (fresh) series_.push_back({vertex, {}, Series::Look::line, 0, false});
    series_[place->second].points.push_back({static_cast<double>(trial), y});
  }
  bool empty() const { return series_.empty(); }
  // Draws some of them where there are many; says so in the caption.
  std::vector<Series> chosen(std::string& caption) {
    const std::vector<std::size_t> shown = spread_out(series_.size(), kMostCurves);
    for (std::size_t k = 0; k < shown.size(); ++k) {
      series_[shown[k]].drawn = true;
      series_[shown[k]].colour = k;
    }
    caption += note_of_choice(shown.size(), series_.size(), "vertices");
    return series_;
  }

 private:
  std::map<std::string, std::size_t> places_;
  std::vector<Series> series_;
};

Plot fidelity_figure(const RunMetrics& metrics) {
  Plot plot{
      "gradient_error",
      "Gradient error of each vertex",
      "|xi - xi_bp| / |xi_bp| of a trial: how far a vertex's relaxed error xi is from backprop's gradient xi_bp on "
      "the same batch. 0 is exact; a vertex that has received nothing is at 1.",
      kTrials,
      {"gradient error", "relative to backprop"},
      {}};
  VertexSeries vertices;
  std::map<std::string, double> predicted;
  for (const FidelityRow& row : metrics.fidelity)
    for (const FidelityEntry& entry : row.vertices) {
      vertices.add(entry.vertex, row.trial, entry.relative_error);
      if (entry.predicted) predicted[entry.vertex] = 1 - *entry.predicted;
    }
  std::vector<Series> series = vertices.chosen(plot.caption);
  if (!predicted.empty())
    plot.caption +=
        " Thin and dashed: the closed form 1 - P(Binomial(steps, value_rate) >= hops from the output), which lockstep "
        "relaxation "
        "with fixed predictions obeys exactly: the lines lie on each other.";
  const std::size_t measured = series.size();
  const double last = metrics.fidelity.empty() ? 0 : static_cast<double>(metrics.fidelity.back().trial);
  const double first = metrics.fidelity.empty() ? 0 : static_cast<double>(metrics.fidelity.front().trial);
  for (std::size_t i = 0; i < measured; ++i)
    if (const auto found = predicted.find(series[i].name); found != predicted.end()) {
      Series theory = series[i];
      theory.name += ", closed form";
      theory.points = {{first, found->second}, {last, found->second}};
      theory.look = Series::Look::prediction;
      series.push_back(std::move(theory));
    }
  plot.content = Curves{std::move(series)};
  return plot;
}

Plot energy_figure(const RunMetrics& metrics) {
  Plot plot{"energy",
            "Energy of each vertex",
            "A vertex's term of the free energy after relaxation, summed over the batch. The output's is the loss; a "
            "hidden vertex's says how far its value was pulled from its prediction.",
            kTrials,
            {"energy", "nats per batch"},
            {}};
  VertexSeries vertices;
  for (const EnergyRow& row : metrics.energy)
    for (const VertexNumber& entry : row.vertices) vertices.add(entry.vertex, row.trial, entry.number);
  plot.content = Curves{vertices.chosen(plot.caption)};
  return plot;
}

Plot staleness_figure(const StalenessRow& row) {
  std::vector<double> ages = row.ages;
  // Ages that nobody met at the far end say nothing.
  while (ages.size() > 5 && ages.back() == 0) ages.pop_back();
  Bars bars;
  for (std::size_t age = 0; age < ages.size(); ++age)
    bars.add(std::to_string(age) + (age + 1 < row.ages.size() ? "" : "+"), ages[age]);
  return {
      "staleness",
      "How old the messages were that vertices acted on",
      "Each use of a neighbour's message counts once, at its age: how many newer versions the neighbour had already "
      "sent. All at 0: everybody acted on the newest; a long tail: actors ran ahead of their mail.",
      {"age", "versions behind the newest"},
      {"uses", "count since the run began", false, 0.0},
      bars};
}

}  // namespace

std::vector<Plot> learning_figures(const RunMetrics& metrics) {
  std::vector<Plot> figures;
  const std::string held_out = held_out_name(metrics);
  add_if_any(
      figures,
      {"loss",
       "Loss",
       "Mean loss of a sample: of single batches while training, and over whole passes at the end of each epoch. "
       "A held-out curve that turns up while training's falls is overfitting.",
       kTrials,
       {"loss", "nats per sample"},
       Curves{{over_trials("training batch", metrics.train, 0,
                           [](const TrainRow& row) { return std::optional(row.loss); }),
               over_trials("training epoch", metrics.epochs, 1,
                           [](const EpochRow& row) { return std::optional(row.train_loss); }),
               over_trials(held_out, metrics.epochs, 2, [](const EpochRow& row) {
                 return row.held_out.empty() ? std::nullopt : std::optional(row.held_out_loss);
               })}}});
  add_if_any(figures,
             {"accuracy",
              "Accuracy",
              "Share of samples whose largest prediction is their class, over whole passes at the end of each epoch.",
              kTrials,
              {"accuracy", "% of samples"},
              Curves{{over_trials("training", metrics.epochs, 1,
                                  [](const EpochRow& row) { return percent(row.train_accuracy); }),
                      over_trials(held_out, metrics.epochs, 2,
                                  [](const EpochRow& row) { return percent(row.held_out_accuracy); })}}});
  add_if_any(
      figures,
      {"free_energy",
       "Free energy after relaxation",
       "The sum of all vertices' energies when a trial's relax phase has ended, per sample, beside the loss of the "
       "same batches before it. Where values relax, it is below the loss: hidden vertices have taken on some of the "
       "error. Under fixed prediction it is above: the loss stays and hidden energies come to it.",
       kTrials,
       {"free energy", "nats per sample"},
       Curves{{over_trials("free energy", metrics.train, 3,
                           [](const TrainRow& row) { return std::optional(row.free_energy); }),
               over_trials("loss of the same batch", metrics.train, 0,
                           [](const TrainRow& row) { return std::optional(row.loss); })}}});
  add_if_any(
      figures,
      {"messages",
       "Messages and acts of a trial",
       "Messages between vertices and acts of vertices in one trial. A flat line: the schedule is fixed; one that "
       "moves: relaxation took as long as it needed, or the machine's timing shows.",
       kTrials,
       {"messages, acts", "count per trial", false, 0.0},
       Curves{
           {over_trials("messages", metrics.train, 4, [](const TrainRow& row) { return std::optional(row.messages); }),
            over_trials("acts", metrics.train, 5, [](const TrainRow& row) { return std::optional(row.acts); })}}});
  return figures;
}

std::vector<Plot> vertex_figures(const RunMetrics& metrics) {
  std::vector<Plot> figures;
  add_if_any(figures, fidelity_figure(metrics));
  add_if_any(figures, energy_figure(metrics));
  // In lockstep nothing is ever old, and nothing is counted.
  if (!metrics.staleness.empty() && std::ranges::any_of(metrics.staleness.back().ages, [](double n) { return n > 0; }))
    figures.push_back(staleness_figure(metrics.staleness.back()));
  return figures;
}

}  // namespace settle
