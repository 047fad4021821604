// What a run says of itself, and what a user reads of it.
#include "sim/watch/status_board.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>

#include "sim/watch/status_text.hpp"

namespace settle {
namespace {

// Whoever asks stays inside until it is let go.
class SlowToAnswer final : public Inspectable {
 public:
  std::vector<std::string> stacks() const override { return {"host 0: idle"}; }
  std::vector<HostActivity> activity() const override {
    inside = true;
    entered.set_value();
    let_go.get_future().wait();
    inside = false;
    return {};
  }

  mutable std::atomic<bool> inside = false;
  mutable std::promise<void> entered;
  mutable std::promise<void> let_go;
};

nlohmann::json host(int number, bool answers, double handled) {
  return {{"host", number},
          {"answers", answers},
          {"phase", "relax"},
          {"vertices", 1200},
          {"handled", handled},
          {"outstanding", 3},
          {"bytes_sent", 10 * handled},
          {"bytes_received", 0},
          {"queued_bytes", 0},
          {"credit", 4000000},
          {"seconds_since_heard", 0.04},
          {"machine", "n1"},
          {"process", 4711 + number}};
}

nlohmann::json running(double clock, double handled) {
  return {{"state", "running"},
          {"directory", "runs/a"},
          {"machine", "n1"},
          {"process", 4711},
          {"stage", "training"},
          {"trial", 50},
          {"trials", 150},
          {"epoch", 1},
          {"epochs", 3},
          {"loss", 0.25},
          {"trials_per_second", 10.0},
          {"seconds_since_trial", 0.05},
          {"executor", 1},
          {"clock", clock},
          {"hosts", {host(0, true, handled), host(1, false, handled)}}};
}

}  // namespace

TEST_CASE("watch: a board tells trials, epochs and stages as they are, and nothing that is not known") {
  StatusBoard board;
  board.plan(26, 13);
  CHECK(board.status().at("stage") == "starting");
  board.enter(RunStage::training);
  board.take_up(10);
  nlohmann::json status = board.status();
  CHECK(status.at("trial") == 10);
  CHECK(status.at("trials") == 26);
  CHECK(status.at("epoch") == 1);
  CHECK(status.at("epochs") == 2);
  CHECK(status.at("loss").is_null());
  CHECK(status.at("trials_per_second").is_null());
  CHECK(status.at("hosts").empty());
  CHECK(board.stacks().at("stacks").is_null());
  board.trial_done(13, 0.5);
  {
    const StageScope stage(board, RunStage::evaluating);
    status = board.status();
    CHECK(status.at("stage") == "evaluating");
    CHECK(status.at("epoch") == 2);
    CHECK(status.at("loss") == 0.5);
    CHECK(status.at("trials_per_second").get<double>() > 0);
  }
  board.trial_done(26, 0.5);
  CHECK(board.status().at("stage") == "training");
  CHECK(board.status().at("epoch") == 2);
}

TEST_CASE("watch: an executor that is asked is not given up before it has answered") {
  StatusBoard board;
  const SlowToAnswer executor;
  board.watch(&executor);
  std::future<nlohmann::json> asked = std::async(std::launch::async, [&] { return board.status(); });
  executor.entered.get_future().wait();
  std::future<bool> inside = std::async(std::launch::async, [&] {
    board.watch(nullptr);
    return executor.inside.load();
  });
  board.trial_done(1, 0);  // the run does not wait
  executor.let_go.set_value();
  CHECK_FALSE(inside.get());
  asked.get();
  CHECK(board.stacks().at("stacks").is_null());
}

TEST_CASE("watch: what waits is told by ranks and processes, which are not numbered as hosts are where one is lost") {
  struct TwoHosts final : Inspectable {
    std::vector<std::string> stacks() const override {
      return {"host 0: relax, 2 vertices, outstanding: 0", "  vertex 'h': relax, waits for: all",
              "host 1: does not answer"};
    }
    std::vector<HostActivity> activity() const override {
      HostActivity second;
      second.host = 1;
      second.answered = false;
      return {HostActivity{}, second};
    }
  };
  const TwoHosts executor;
  StatusBoard board;
  board.watch(&executor);
  CHECK(board.stacks().at("stacks")[2] == "host 1: does not answer");
  board.set_hosts({{0, "n1", 4711}, {2, "n2", 4713}});
  CHECK(board.stacks().at("stacks") == nlohmann::json{"host 0 (process 4711 on n1): relax, 2 vertices, outstanding: 0",
                                                      "  vertex 'h': relax, waits for: all",
                                                      "host 2 (process 4713 on n2): does not answer"});
  const nlohmann::json hosts = board.status().at("hosts");
  CHECK(hosts[1].at("rank") == 2);
  CHECK(hosts[1].at("process") == 4713);
  CHECK(hosts[1].at("answers") == false);
  CHECK(hosts[0].at("phase") == "idle");
}

TEST_CASE("watch: rates are differences of two answers, of who has answered both times and is still the same") {
  nlohmann::json now = running(12, 300);
  add_rates(now, running(10, 100));
  CHECK(now.at("hosts")[0].at("messages_per_second") == 100);
  CHECK(now.at("hosts")[0].at("bytes_sent_per_second") == 1000);
  CHECK(now.at("hosts")[1].at("messages_per_second").is_null());
  nlohmann::json another = running(12, 300);
  another["executor"] = 2;
  add_rates(another, running(10, 100));
  CHECK(another.at("hosts")[0].at("messages_per_second").is_null());
}

TEST_CASE("watch: a table has columns under each other, and the last ones give way on a narrow terminal") {
  nlohmann::json status = running(12, 300000);
  add_rates(status, running(10, 100000));
  CHECK(
      status_text(status, 0) ==
      "runs/a: training, process 4711 on n1\n"
      "trial 50 of 150, epoch 1 of 3, loss 0.2500, 10 trials/s, 0:10 left; last trial 0.1 s ago\n"
      "\n"
      "host      phase  vertices  messages/s  waiting  heard  sent B/s  received B/s  queued B  credit B     process\n"
      "   0      relax      1.2k        100k        3  0.0 s      1.0M             0         0      4.0M  4711 on n1\n"
      "   1  no answer      1.2k           -        3  0.0 s         -             -         0      4.0M  4712 on "
      "n1\n");
  CHECK(status_text(status, 40) ==
        "runs/a: training, process 4711 on n1\n"
        "trial 50 of 150, epoch 1 of 3, loss 0.25\n"
        "\n"
        "host      phase  vertices  messages/s\n"
        "   0      relax      1.2k        100k\n"
        "   1  no answer      1.2k           -\n");
  status["hosts"].erase(1);
  CHECK(
      status_text(status, 0).ends_with("host  phase  vertices  messages/s  waiting\n"
                                       "   0  relax      1.2k        100k        3\n"));
}

TEST_CASE("watch: numbers are short, and right to the last digit that is shown") {
  CHECK(short_number(0) == "0");
  CHECK(short_number(999) == "999");
  CHECK(short_number(999.6) == "1.0k");
  CHECK(short_number(1234) == "1.2k");
  CHECK(short_number(9960) == "10k");
  CHECK(short_number(999400) == "999k");
  CHECK(short_number(999600) == "1.0M");
  CHECK(short_number(4.2e9) == "4.2G");
}

}  // namespace settle
