#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include <thread>

#include "sim/config/ini.hpp"
#include "sim/config/keys.hpp"
#include "sim/config/load.hpp"
#include "sim/config/resume.hpp"
#include "sim/relax_defaults.hpp"
#include "tests/sim/scratch.hpp"

namespace settle {
namespace {

constexpr const char* kXor = R"([graph]
family = mlp
layers = 2, 4, 1   # input, hidden, output

[data]
dataset = table
rows = 0 0 : 0 ; 0 1 : 1
)";

RunConfig load(const std::string& text, const std::vector<std::string>& arguments = {},
               const std::map<std::string, std::string>& environment = {}) {
  return load_run_config({"/somewhere/configs/xor.ini", arguments, environment}, text);
}

std::string refusal(const std::string& text, const std::vector<std::string>& arguments = {},
                    const std::map<std::string, std::string>& environment = {}) {
  return thrown_by([&] { load(text, arguments, environment); });
}

}  // namespace

TEST_CASE("a config gives typed values, and defaults where it says nothing") {
  const RunConfig config = load(std::string(kXor) + "[learn]\nlearning_rate = 1e-3\n[relax]\npacing=lockstep\nsteps=7");
  CHECK(config.graph.layers == "2,4,1");
  CHECK(config.graph.activation == "tanh");
  CHECK(config.data.dataset == "table");
  CHECK(config.data.rows == "0 0 : 0 ; 0 1 : 1");
  CHECK(config.rule.name == "fixed_prediction");
  CHECK(config.relax.pacing == RelaxConfig::Pacing::lockstep);
  CHECK(config.relax.steps == 7);
  CHECK_FALSE(config.relax.tolerance);
  CHECK_FALSE(config.relax.wake);
  CHECK(config.relax.value_rate == 1.0);
  CHECK(config.learn.learning_rate == 0.001);
  CHECK(config.learn.beta2 == 0.999);
  CHECK(config.learn.reduction == LearnConfig::Reduction::mean);
  CHECK(config.run.scalar == RunSectionConfig::Scalar::float32);
  CHECK(config.run.threads >= 1);
  CHECK(config.run.directory == std::filesystem::current_path() / "runs/xor");
}

TEST_CASE("every key has a default that its own check accepts, and a place in the resolved config") {
  const RunConfig config = load(kXor);
  for (const ConfigKey& key : config_keys()) {
    CAPTURE(key.name);
    REQUIRE(config.resolved.contains(std::string(key.name)));
    CHECK_FALSE(key.help.empty());
    CHECK_FALSE(key.allowed.empty());
  }
  CHECK(config.resolved.size() == config_keys().size());
  CHECK(config.resolved.at("learn.epsilon").text == find_config_key("learn.epsilon")->default_text);
}

TEST_CASE("the command line wins over the environment, the environment over the file, the file over the default") {
  const std::string text = std::string(kXor) + "[learn]\nepochs = 2\nbatch = 2\nlearning_rate = 2\n";
  const RunConfig config = load(text, {"--learn.epochs=4", "--run.seed", "9"},
                                {{"SETTLE_LEARN__EPOCHS", "3"},
                                 {"SETTLE_LEARN__BATCH", "3"},
                                 {"SETTLE_OTHER", "x"},
                                 {"SETTLE_MY__OWN", "x"},
                                 {"HOME", "/"}});
  CHECK(config.learn.epochs == 4);
  CHECK(config.learn.batch == 3);
  CHECK(config.learn.learning_rate == 2.0);
  CHECK(config.run.seed == 9);
  CHECK(config.resolved.at("learn.epochs").origin == "command line");
  CHECK(config.resolved.at("learn.batch").origin == "environment SETTLE_LEARN__BATCH");
  CHECK(config.resolved.at("learn.learning_rate").origin == "/somewhere/configs/xor.ini:11");
  CHECK(config.resolved.at("learn.momentum").origin == "default");
}

TEST_CASE("an empty value on the command line takes back what the file says") {
  const std::vector<std::string> arguments{"--graph.family=", "--graph.layers=", "--graph.file=/a.graph",
                                           "--learn.batch", "4"};
  const RunConfig config = load(kXor, arguments);
  CHECK(config.graph.family.empty());
  CHECK(config.graph.layers.empty());
  CHECK(config.graph.file == "/a.graph");
  CHECK(config.learn.batch == 4);
  CHECK(refusal(kXor, {"--learn.batch="}).starts_with("78: command line: learn.batch = '' is not possible"));
  CHECK(refusal(kXor, {"--nothing.at_all="}).starts_with("2: command line: unknown key"));
}

TEST_CASE("the default value rate is the rule's") {
  CHECK(load(kXor, {"--rule.name=strict"}).relax.value_rate == 0.1);
  CHECK(load(kXor, {"--rule.name=strict", "--relax.value_rate=0.5"}).relax.value_rate == 0.5);
  const RunConfig by_curvature = load(kXor, {"--rule.name=strict", "--relax.value_rate=auto"});
  CHECK(by_curvature.relax.follows_curvature);
  CHECK(by_curvature.resolved.at("relax.value_rate").text == "auto");
  CHECK(node_settings<double>(rule_choice(by_curvature)).rule->follows_curvature());
  CHECK(load(kXor, {"--rule.name=backprop"}).resolved.at("relax.value_rate").text == "1");
}

TEST_CASE("paths in a config are relative to it, paths on the command line to the current directory") {
  const std::string text = "[graph]\nfile = ../models/a.graph\n[data]\ndataset = npy\npath = data\n";
  const RunConfig config = load(text, {"--run.directory=out"});
  CHECK(config.graph.file == "/somewhere/models/a.graph");
  CHECK(config.data.path == "/somewhere/configs/data");
  CHECK(config.run.directory == std::filesystem::current_path() / "out");
  CHECK(load(text, {"--data.path=/abs"}).data.path == "/abs");
}

TEST_CASE("an unknown key names file, line and the key that was probably meant") {
  CHECK(refusal(std::string(kXor) + "[learn]\nlearning_rat = 1\n") ==
        "78: /somewhere/configs/xor.ini:9: unknown key 'learn.learning_rat'; did you mean 'learn.learning_rate'?");
  CHECK(refusal(std::string(kXor) + "[learn]\nseed = 1\n") ==
        "78: /somewhere/configs/xor.ini:9: unknown key 'learn.seed'; did you mean 'run.seed'?");
  CHECK(refusal("quark = 1\n" + std::string(kXor)) ==
        "78: /somewhere/configs/xor.ini:1: unknown key 'quark'; see: settle help config");
}

TEST_CASE("an unknown option is a usage error") {
  CHECK(refusal(kXor, {"--learn.epoch=3"}) ==
        "2: command line: unknown key 'learn.epoch'; did you mean 'learn.epochs'?");
  CHECK(refusal(kXor, {"--learn.epochs=3", "--learn.epochs=4"}) ==
        "2: command line: 'learn.epochs' is given twice (first: command line); remove one");
  CHECK(refusal(kXor, {"stray"}) == "2: command line: 'stray' is not expected here");
  CHECK(refusal(kXor, {"--learn.epochs"}).starts_with("2: command line: "));
}

TEST_CASE("keys of virtual time are refused where nothing runs in it") {
  CHECK(refusal(kXor, {"--network.latency=5"}) ==
        "78: command line: network.latency is of virtual time: set run.executor = virtual, or leave it out");
  CHECK(load(kXor, {"--network.latency=constant(1)"}).network.latency == "1");  // what it is anyway
  CHECK(load(kXor, {"--network.latency=5", "--run.executor=virtual"}).network.latency == "5");
}

TEST_CASE("an impossible value names its place, key, value and what is allowed") {
  CHECK(refusal(kXor, {"--learn.epochs=ten"}) ==
        "78: command line: learn.epochs = 'ten' is not possible; it must be a whole number from 1 to 1000000000");
  CHECK(refusal(std::string(kXor) + "[relax]\npacing = fast") ==
        "78: /somewhere/configs/xor.ini:9: relax.pacing = 'fast' is not possible; it must be one of asynchronous, "
        "lockstep");
  CHECK(
      refusal(kXor, {}, {{"SETTLE_RELAX__VALUE_RATE", "3"}}) ==
      "78: environment SETTLE_RELAX__VALUE_RATE: relax.value_rate = '3' is not possible; it must be default (1 for "
      "fixed_prediction, zero_divergence and backprop, else 0.1), auto (strict: each vertex by its own curvature) or a "
      "number above 0 to 2");
  for (const char* option :
       {"--learn.learning_rate=-1", "--learn.learning_rate=nan", "--learn.learning_rate=inf", "--learn.beta1=1",
        "--graph.bias=2", "--graph.readout=all", "--graph.init=normal", "--graph.init=normal(-1)",
        "--graph.init=gamma(1)", "--data.validation=1.5", "--data.validation=-1", "--run.threads=0", "--run.seed=-1",
        "--checkpoint.keep=0", "--learn.epochs=3 4", "--relax.wake=late", "--relax.value_rate=0"}) {
    CAPTURE(std::string(option));
    CHECK(refusal(kXor, {option}).starts_with("78: command line: "));
  }
}

TEST_CASE("all mistakes of all sources are listed at once, a line each") {
  CHECK(
      refusal("[graph]\nfamily = mpl\nlayers = 2,1\n[data]\ndataset = table\nrows = 1 : 1\nthis is nothing\n"
              "dataset = npy\n",
              {"--learn.epoch=3"}) ==
      "78: command line: unknown key 'learn.epoch'; did you mean 'learn.epochs'?\n"
      "/somewhere/configs/xor.ini:7: 'this is nothing' is neither [section] nor key = value\n"
      "/somewhere/configs/xor.ini:8: 'data.dataset' is given twice (first: /somewhere/configs/xor.ini:5); remove "
      "one\n"
      "/somewhere/configs/xor.ini:2: graph.family = 'mpl' is not possible; it must be one of mlp, cnn, residual, rnn, "
      "lstm, gru");
}

TEST_CASE("keys that need or exclude one another are checked together") {
  CHECK(refusal("") ==
        "78: /somewhere/configs/xor.ini: no model: give graph.file, or graph.family and graph.layers\n"
        "/somewhere/configs/xor.ini: data.dataset is missing: one of cifar10, cifar100, fashion-mnist, idx, npy, "
        "table, text, words");
  CHECK(refusal(std::string(kXor), {"--graph.file=x.graph"}).find("two models") != std::string::npos);
  CHECK(refusal("[graph]\nfamily=mlp\n[data]\ndataset=npy\n").find("graph.layers is missing") != std::string::npos);
  CHECK(refusal(std::string(kXor), {"--graph.layers=784, x"})
            .find("xor.ini: graph.layers = 784, x: 'x': there is no such layer") != std::string::npos);
  CHECK(refusal("[graph]\nfile=a\n[data]\ndataset=npy\n").find("data.path is missing") != std::string::npos);
  CHECK(refusal("[graph]\nfile=a\n[data]\ndataset=table\nrows=1 2").find("row 1") != std::string::npos);
  CHECK(refusal("[graph]\nfile=a\n[data]\ndataset=npy\npath=x\nrows=1:1").find("data.rows belongs") !=
        std::string::npos);
}

TEST_CASE("a config that is not there is a missing input that names it") {
  CHECK(thrown_by([] { load_run_config({"/nowhere/a.ini", {}, {}}); }).starts_with("66: /nowhere/a.ini: no such file"));
}

TEST_CASE("a config is read from its file") {
  const Scratch scratch;
  put(scratch / "xor.ini", std::string_view(kXor));
  CHECK(load_run_config({scratch / "xor.ini", {}, {}}).graph.family == "mlp");
}

TEST_CASE("the same value has one spelling, however it was written") {
  const RunConfig a = load(kXor, {"--learn.learning_rate=1e-3", "--graph.init=normal( 5e-2 )", "--run.seed=007"});
  const RunConfig b = load(kXor, {"--learn.learning_rate=0.001", "--graph.init=normal(0.05)", "--run.seed=7"});
  CHECK(resolved_texts(a) == resolved_texts(b));
  CHECK(a.graph.init == "normal(0.05)");
  CHECK(a.resolved.at("graph.layers").text == "2,4,1");
}

TEST_CASE("a resumed run may change how far and how fast it goes, but nothing that its results depend on") {
  const ResolvedTexts before = resolved_texts(load(kXor));
  CHECK(changed_keys(before, resolved_texts(load(kXor, {"--learn.epochs=99", "--run.threads=3", "--probe.fidelity=5",
                                                        "--learn.max_trials=5", "--run.max_hours=2"})))
            .empty());
  const ResolvedTexts now = resolved_texts(load(kXor, {"--learn.batch=2", "--run.seed=5"}));
  CHECK(thrown_by([&] { check_unchanged(before, now, "runs/xor"); }) ==
        "78: runs/xor: learn.batch was '64' when this run began and is '2' now; set it back, or give another "
        "--run.directory\n"
        "runs/xor: run.seed was '1' when this run began and is '5' now; set it back, or give another --run.directory");
}

TEST_CASE("a key that an older manifest does not know counts as its default") {
  const ResolvedTexts now = resolved_texts(load(kXor));
  ResolvedTexts before = now;
  before.erase("learn.beta2");
  CHECK(changed_keys(before, now).empty());
  before["learn.of_old"] = "1";
  const auto changed = changed_keys(before, now);
  REQUIRE(changed.size() == 1);
  CHECK(changed[0].key == "learn.of_old");
}

TEST_CASE("the help lists every key with its default") {
  const std::string help = config_help();
  CHECK(help.find("[relax]\n  pacing = asynchronous") != std::string::npos);
  for (const ConfigKey& key : config_keys()) {
    CAPTURE(key.name);
    CHECK(help.find("\n  " + std::string(key.name.substr(key.name.find('.') + 1)) + " = ") != std::string::npos);
  }
}

TEST_CASE("no text makes the INI reader do more than list entries and mistakes") {
  CHECK(rc::check("soup", [] {
    const auto text = *rc::gen::container<std::string>(
        rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::element('[', ']', '=', '\n', '#', '.', 'a', ' ', '*')));
    const IniText ini = parse_ini(text);
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    for (const IniEntry& entry : ini.entries) RC_ASSERT(entry.line >= 1 && entry.line <= lines);
    for (const IniMistake& mistake : ini.mistakes) RC_ASSERT(mistake.line >= 1 && mistake.line <= lines);
  }));
}

}  // namespace settle
