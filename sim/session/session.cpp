#include "sim/session/session.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <set>

#include "actors/wire/peer_error.hpp"
#include "sim/checkpoint.hpp"
#include "sim/checkpoint_shard.hpp"
#include "sim/config/resume.hpp"
#include "sim/progress.hpp"
#include "sim/received_shares.hpp"
#include "sim/run_directory.hpp"
#include "sim/run_manifest.hpp"
#include "sim/session/fidelity.hpp"
#include "sim/session/probe_rows.hpp"
#include "sim/session/run_setup.hpp"
#include "sim/session/saved_run.hpp"
#include "sim/session/timeline_probe.hpp"
#include "sim/session/trace_probe.hpp"
#include "sim/session/training_feed.hpp"
#include "sim/session/training_rows.hpp"
#include "sim/session/training_words.hpp"
#include "sim/stop_signal.hpp"
#include "sim/watch/run_watch.hpp"

namespace settle {
namespace {

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Later of two multiples; 0 stands for never.
std::uint64_t next_multiple(std::uint64_t after, std::uint64_t every) {
  return every == 0 ? ~std::uint64_t{0} : (after / every + 1) * every;
}

template <class Scalar>
class Session {
 public:
  Session(const RunConfig& config, const SessionOptions<Scalar>& options)
      : config_(config),
        options_(options),
        progress_line_(
            stderr_progress_style(options.quiet),
            [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }, now_seconds),
        model_(config, options.make_executor, &board_),
        directory_(config.run.directory),
        checkpoints_(directory_.checkpoints(), config.checkpoint.keep,
                     [this](const std::string& warning) { progress_line_.note("warning: " + warning); }),
        order_(config.run.seed, model_.data().train.size(), config.learn.batch,
               model_.binding().layout.fixed.has_value()),
        feed_(order_, model_.data().train, model_.binding(), progress_,
              {[this] { return stop_asked(); },
               [this](const Trial& trial, const TrialReport<Scalar>& report) { note_trial(trial, report); }}),
        timeline_(config.probe.timeline, model_.graph_ptr(),
                  config.run.executor == RunSectionConfig::Executor::virtual_time ? TimelineLanes::vertices
                                                                                  : TimelineLanes::threads,
                  directory_.path()) {
    total_ = config.learn.epochs * order_.trials_per_epoch();
    if (config.learn.max_trials > 0) total_ = std::min(total_, config.learn.max_trials);
    progress_line_.copy_to(options.log);
    board_.plan(total_, order_.trials_per_epoch());
  }

  SessionOutcome run() {
    if (std::optional<nlohmann::json> stored = open()) return {true, *stored};
    started_ = now_seconds();
    RunWatch watch(directory_.path(), board_,
                   [this](const std::string& warning) { progress_line_.note("warning: " + warning); });
    try {
      const SessionOutcome outcome = attempt();
      watch.ended(outcome.complete);
      return outcome;
    } catch (const std::exception& error) {
      watch.failed(error);
      throw;
    }
  }

 private:
  SessionOutcome attempt() {
    gather();  // a failure of that is final
    for (bool first = true;; first = false) {
      try {
        take_up();
        if (first) before_ = progress_.seconds;
        return train();
      } catch (const Error& error) {
        if (error.exit_code() != ExitCode::peer_gone) throw;
        note_loss(error);
      }
      model_.end_executor();
      gather();
    }
  }

  // Hosts, where there are several, meet to make an executor.
  void gather() {
    const StageScope stage(board_, config_.run.hosts > 1 ? RunStage::gathering_hosts : RunStage::starting);
    board_.set_hosts({});
    model_.executor();
    if (options_.hosts) board_.set_hosts(options_.hosts());
  }

  SessionOutcome train() {
    while (progress_.trials < total_) {
      const std::uint64_t before = progress_.trials;
      if (due(config_.probe.trace)) trace_next_trial();
      if (due(config_.probe.fidelity))
        probe_fidelity();
      else
        train_until(boundary());
      if (progress_.trials > before) note_boundary();
      if (stop_asked() && progress_.trials < total_) return stop_early();
      if (due(config_.checkpoint.every_trials)) checkpoint();
    }
    return finish();
  }

  // Errors: PeerGone with the first cause, where hosts are lost again and again.
  void note_loss(const Error& error) {
    if (restarts_ == 0) first_loss_ = error.what();
    if (restarts_ == config_.run.restarts)
      throw PeerGone(restarts_ == 0 ? first_loss_
                                    : first_loss_ + "; the run was taken up again " + std::to_string(restarts_) +
                                          " times since without a checkpoint between, and lost again: run.restarts");
    ++restarts_;
    progress_line_.note("lost: " + std::string(error.what()));
  }

  // Looks at what the directory holds. Returns the stored result of a run that is already complete.
  std::optional<nlohmann::json> open() {
    const std::string place = (directory_.path() / "manifest.json").string();
    if (const std::optional<nlohmann::json> manifest = directory_.manifest()) {
      check_unchanged(resolved_texts(*manifest, place), resolved_texts(config_), directory_.path().string());
      check_same_inputs(*manifest, model_.files(), place);
    } else {
      directory_.write_manifest(run_manifest(config_, options_.argv, model_.files(), options_.versions));
    }
    std::optional<nlohmann::json> result = directory_.result();
    if (result && result->value("trials", std::uint64_t{0}) >= total_) {
      progress_line_.say("already complete: " + directory_.path().string() + " holds the result below");
      return result;
    }
    return std::nullopt;
  }

  // Goes on from the newest checkpoint, or from the beginning.
  void take_up() {
    progress_ = {};
    saved_.reset();
    if (auto saved = checkpoints_.template load_latest<Scalar>()) {
      restore_checkpoint(model_.executor(), *saved);
      progress_ = run_progress_from_json(saved->progress);
      saved_ = progress_.trials;
      progress_line_.say("resumes after trial " + std::to_string(progress_.trials));
    }
    directory_.cut_metrics_after(progress_.trials);
    board_.take_up(progress_.trials);
    board_.enter(RunStage::training);
    begun_with_ = progress_.trials;
    begun_at_ = now_seconds();
  }

  bool stop_asked() const {
    return stop_.requested() || (config_.run.max_hours > 0 && now_seconds() - started_ > config_.run.max_hours * 3600);
  }

  // Where the stream of trials is interrupted next.
  std::uint64_t boundary() const {
    const std::uint64_t trials = progress_.trials;
    return std::min({total_, next_multiple(trials, order_.trials_per_epoch()),
                     next_multiple(trials, config_.checkpoint.every_trials),
                     next_multiple(trials, config_.probe.fidelity), next_multiple(trials, config_.probe.energy),
                     next_multiple(trials, config_.probe.staleness), next_multiple(trials, config_.probe.trace),
                     next_multiple(trials, config_.probe.vertices), timeline_.boundary(trials)});
  }

  bool due(std::uint64_t every) const { return every > 0 && progress_.trials % every == 0; }

  // What is due after the trial that has just been done, before a checkpoint of it.
  void note_boundary() {
    if (due(config_.probe.energy)) directory_.append_metrics(energy_row(model_, progress_.trials));
    if (due(config_.probe.staleness)) directory_.append_metrics(staleness_row(model_, progress_.trials));
    if (due(config_.probe.vertices)) directory_.append_metrics(vertices_row(model_, progress_.trials));
    if (due(order_.trials_per_epoch())) end_epoch();
  }

  void train_until(std::uint64_t trials) {
    feed_.until(trials);
    timeline_.before(progress_.trials, model_.executor());
    model_.executor().run(feed_);
    if (const std::string written = timeline_.after(
            progress_.trials, feed_.divergence() || stop_asked() || progress_.trials >= total_, model_.executor());
        !written.empty())
      progress_line_.say(written);
    if (!feed_.divergence()) return;
    const auto& [vertex, trial] = *feed_.divergence();
    directory_.append_metrics({{"kind", "diverged"}, {"trial", trial + 1}, {"vertex", model_.graph()[vertex].name}});
    throw Diverged("diverged in trial " + std::to_string(trial + 1) + ": vertex '" + model_.graph()[vertex].name +
                   "' is not finite, or ran away; a smaller learn.learning_rate or relax.value_rate may help "
                   "(the last checkpoint in " +
                   directory_.checkpoints().string() + " is kept)");
  }

  void note_trial(const Trial& trial, const TrialReport<Scalar>& report) {
    const std::uint64_t per_epoch = order_.trials_per_epoch();
    board_.trial_done(progress_.trials, progress_.epoch.mean_loss());
    if (report.unsettled > 0 && !std::exchange(warned_unsettled_, true))
      progress_line_.note("warning: " + std::to_string(report.unsettled) +
                          " vertices stopped at relax.steps before they had settled");
    if (progress_.trials % std::max<std::uint64_t>(1, per_epoch / 20) == 0)
      directory_.append_metrics(train_row(model_, progress_.trials, trial.batch(), report));
    progress_line_.update([&] {
      const double rate = static_cast<double>(progress_.trials - begun_with_) / (now_seconds() - begun_at_);
      return training_line(
          {order_.epoch_of(trial.number) + 1, config_.learn.epochs, trial.number % per_epoch + 1, per_epoch},
          progress_.epoch, rate, static_cast<double>(total_ - progress_.trials) / rate);
    });
  }

  // How the trial that comes next will relax.
  void trace_next_trial() {
    if (!trace_) trace_.emplace(model_, config_);
    directory_.write_trace(progress_.trials + 1,
                           trace_->trace(model_.executor().save(), *feed_.make_trial(progress_.trials)));
  }

  // One trial with its errors compared with backprop's.
  void probe_fidelity() {
    if (!probe_) {
      probe_.emplace(model_.graph_ptr(), model_.settings());
      const auto shares = received_shares(config_);
      if (shares && config_.relax.pacing == RelaxConfig::Pacing::lockstep) probe_->predict_shares(*shares);
    }
    const State<Scalar> before = model_.executor().save();
    const std::uint64_t number = progress_.trials;
    train_until(number + 1);
    if (progress_.trials == number) return;  // asked to stop
    const auto fidelities = probe_->compare(model_.executor(), before, *feed_.make_trial(number));
    for (const VertexFidelity& fidelity : fidelities)
      if (fidelity.received < FidelityProbe<Scalar>::kEnough && warned_fidelity_.insert(fidelity.vertex).second)
        progress_line_.note("warning: " + fidelity_warning<Scalar>(model_.graph(), fidelity, model_.settings(),
                                                                   config_.relax.value_rate));
    directory_.append_metrics(fidelity_row(model_.graph(), progress_.trials, fidelities));
  }

  void end_epoch() {
    progress_.last_epoch = std::exchange(progress_.epoch, {});
    const Dataset& data = model_.data();
    const bool validates = data.validation.size() > 0;
    const Split& split = validates ? data.validation : data.test;
    std::optional<NamedScore> evaluated;
    if (split.size() > 0) evaluated = {validates ? "validation" : "test", evaluate(split)};
    const std::uint64_t epoch = progress_.trials / order_.trials_per_epoch();
    directory_.append_metrics(epoch_row(progress_.trials, epoch, progress_.last_epoch, evaluated));
    const std::uint64_t between = std::max(1U, config_.learn.epochs / 20);  // notes stay readable over many epochs
    if (epoch % between == 0)
      progress_line_.say(epoch_line(epoch, config_.learn.epochs, progress_.last_epoch, evaluated, seconds()));
  }

  Score evaluate(const Split& split) {
    const StageScope stage(board_, RunStage::evaluating);
    return model_.evaluate(split);
  }

  double seconds() const { return before_ + now_seconds() - started_; }

  void checkpoint() {
    if (saved_ == progress_.trials) return;
    const StageScope stage(board_, RunStage::saving);
    progress_.seconds = seconds();
    directory_.sync_metrics();
    checkpoints_.template save<Scalar>(progress_.trials, to_json(progress_), [this](std::span<const char> order) {
      return model_.executor().save_parts(shard_keeper<Scalar>(), order);
    });
    saved_ = progress_.trials;
    restarts_ = 0;
  }

  nlohmann::json summary() {
    const Score& train = progress_.last_epoch.answers > 0 ? progress_.last_epoch : progress_.epoch;
    return {{"schema", 1},
            {"train_loss", train.mean_loss()},
            {"train_accuracy", accuracy_json(train)},
            {"epochs", progress_.trials / order_.trials_per_epoch()},
            {"trials", progress_.trials},
            {"messages", progress_.messages},
            {"vertices", model_.graph().size()},
            {"parameters", model_.graph().parameter_count()},
            {"rule", config_.rule.name},
            {"seconds", seconds()},
            {"directory", directory_.path().string()},
            {"parameters_sha256", model_.parameters_sha256()}};
  }

  SessionOutcome stop_early() {
    checkpoint();
    progress_line_.say("stopped after trial " + std::to_string(progress_.trials) + " of " + std::to_string(total_) +
                       " with a checkpoint: the same command goes on from here");
    return {false, summary()};
  }

  SessionOutcome finish() {
    checkpoint();
    nlohmann::json result = summary();
    const Dataset& data = model_.data();
    const auto add = [&](const std::string& name, const Split& split) {
      const Score score = split.size() > 0 ? evaluate(split) : Score{};
      result[name + "_loss"] = split.size() > 0 ? nlohmann::json(score.mean_loss()) : nlohmann::json();
      result[name + "_accuracy"] = accuracy_json(score);
      result[name + "_samples"] = split.size();
    };
    add("test", data.test);
    if (data.validation.size() > 0) add("validation", data.validation);
    directory_.write_result(result);
    return {true, result};
  }

  const RunConfig& config_;
  const SessionOptions<Scalar>& options_;
  StopSignal stop_;
  Progress progress_line_;
  StatusBoard board_;
  RunSetup<Scalar> model_;  // before the directory: what is wrong with data or model leaves no folder behind
  RunDirectory directory_;
  CheckpointStore checkpoints_;
  SampleOrder order_;
  RunProgress progress_;
  TrainingFeed<Scalar> feed_;
  std::optional<FidelityProbe<Scalar>> probe_;
  std::optional<TraceProbe<Scalar>> trace_;
  TimelineProbe<Scalar> timeline_;
  std::uint64_t total_ = 0;
  std::uint64_t begun_with_ = 0;        // after how many trials it was taken up last
  double begun_at_ = 0;                 // and when
  std::optional<std::uint64_t> saved_;  // the trial of the newest checkpoint
  std::uint32_t restarts_ = 0;          // since then
  std::string first_loss_;              // what the first of them was for
  double before_ = 0;                   // seconds that earlier parts took
  double started_ = 0;
  bool warned_unsettled_ = false;
  std::set<VertexId> warned_fidelity_;
};

}  // namespace

template <class Scalar>
SessionOutcome run_session(const RunConfig& config, const SessionOptions<Scalar>& options) {
  return Session<Scalar>(config, options).run();
}

template SessionOutcome run_session(const RunConfig&, const SessionOptions<float>&);
template SessionOutcome run_session(const RunConfig&, const SessionOptions<double>&);

}  // namespace settle
