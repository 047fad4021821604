#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "sim/progress.hpp"
#include "sim/watch/run_look.hpp"
#include "sim/watch/status_text.hpp"
#include "tools/options.hpp"

namespace settle {
namespace {

constexpr Option kOptions[] = {
    {"every", "SECONDS", "look again and again until the run ends or Ctrl-C (exit code 130)"},
    {"json", "", "one line of JSON a look"},
};

constexpr std::string_view kDetails =
    "How a run is, from another terminal, whatever it waits for: its trial, loss and rate, and of every host:\n\n"
    "  phase       that it has begun last; 'no answer' where it is stopped, cut off or lost\n"
    "  vertices    that it has, replicas of inputs included\n"
    "  messages/s  that its vertices handle now\n"
    "  waiting     messages that its vertices have still to handle\n"
    "  heard       how long ago host 0 last heard of it\n"
    "  sent, received, queued, credit   bytes between it and its peers; credit: what it may send at once, at least\n\n"
    "Of a run that has ended it says how, from the files that the run left; the exit code is 0 then, too.\n"
    "JSON: \"state\" is running, complete, stopped (early, with a checkpoint), failed, killed, or unfinished. "
    "Running:\n"
    "\"stage\", \"trial\", \"trials\", \"epoch\", \"epochs\", \"loss\", \"trials_per_second\", \"seconds_since_trial\" "
    "and\n"
    "\"hosts\", each with \"host\", \"answers\", \"phase\", \"vertices\", \"handled\", \"outstanding\", "
    "\"messages_per_second\",\n"
    "\"bytes_sent\", \"bytes_sent_per_second\", \"bytes_received\", \"queued_messages\", \"queued_bytes\", "
    "\"credit\",\n"
    "\"seconds_since_heard\", ... Ended: \"trial\", \"trials\", \"exit_code\", \"cause\". What is not known is null or "
    "missing.\n"
    "Only the user who started the run may ask. Exit codes: 66 no run's directory, 69 nobody answers, 77 another "
    "user's.\n\n"
    "  settle status runs/fashion_mlp\n"
    "  settle status runs/fashion_mlp --every 2\n"
    "  settle status runs/fashion_mlp --json\n";

// A look with rates: since `before`, or of half a second.
RunLook look_with_rates(const std::string& directory, const RunLook* before) {
  constexpr std::chrono::milliseconds kInterval{500};
  RunLook first;
  if (!before) {
    first = look_at_run(directory, RunQuestion::status);
    if (first.state != "running") return first;
    std::this_thread::sleep_for(kInterval);
    before = &first;
  }
  RunLook now = look_at_run(directory, RunQuestion::status);
  if (now.state == "running") add_rates(now.json, before->json);
  return now;
}

int status(const Arguments& arguments) {
  const Options options(arguments);
  const std::string directory = options.word("RUN_DIR");
  const auto every = options.positive("every");
  const ProgressStyle style = stdout_progress_style();
  RunLook look;
  for (bool first = true;; first = false) {
    look = look_with_rates(directory, first ? nullptr : &look);
    if (options.has("json"))
      std::cout << look.json.dump() << "\n";
    else
      std::cout << (!every          ? ""
                    : style.repaint ? "\x1b[H\x1b[J"
                    : first         ? ""
                                    : "\n")
                << status_text(look.json, style.terminal ? style.columns : 0);
    std::cout << std::flush;
    if (!every || look.state != "running" || !std::cout) return 0;
    std::this_thread::sleep_for(std::chrono::duration<double>(*every));
  }
}

}  // namespace

extern const Command kStatusCommand = {
    "status", "RUN_DIR [--every SECONDS] [--json]", "how a run is, also while it hangs", kOptions, kDetails, status,
};

}  // namespace settle
