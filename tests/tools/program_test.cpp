// The program around its commands: help, wrong words, streams that take nothing.
#include <doctest/doctest.h>

#include "tests/tools/program.hpp"
#include "tools/command.hpp"

using namespace settle;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("settle alone shows the commands on stderr and exits with 2") {
  const ProcessResult result = run_settle({});
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  for (const Command* command : commands()) CHECK(has(result.err, "  " + std::string(command->name) + " "));
}

TEST_CASE("settle help and settle --help list every command on stdout") {
  for (const std::string word : {"help", "--help", "-h"}) {
    const ProcessResult result = run_settle({word});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    for (const Command* command : commands()) CHECK(has(result.out, std::string(command->summary)));
  }
}

TEST_CASE("settle help COMMAND and settle COMMAND --help say the same for every command") {
  for (const Command* command : commands()) {
    const std::string name(command->name);
    CAPTURE(name);
    const ProcessResult result = run_settle({"help", name});
    CHECK(result.exit_code == 0);
    CHECK(has(result.out, "usage: settle " + name));
    CHECK(run_settle({name, "--help"}).out == result.out);
    CHECK(run_settle({name, "what", "-h"}).out == result.out);
  }
}

TEST_CASE("settle help config lists the keys of a config") {
  const ProcessResult result = run_settle({"help", "config"});
  CHECK(result.exit_code == 0);
  CHECK(has(result.out, "value_rate"));
}

TEST_CASE("an unknown command exits with 2 and the nearest known one") {
  const ProcessResult result = run_settle({"grph"});
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(result.err == "settle: there is no command 'grph'; did you mean 'graph'? (settle help lists the commands)\n");
  CHECK(run_settle({"help", "xyzzy"}).exit_code == 2);
}

TEST_CASE("an unknown option exits with 2 and the nearest known one") {
  const ProcessResult result = run_settle({"graph", "model.graph", "--dto", "x"});
  CHECK(result.exit_code == 2);
  CHECK(has(result.err, "there is no option '--dto', did you mean --dot?"));
  CHECK(run_settle({"version", "--jso"}).exit_code == 2);
}

TEST_CASE("options with missing, repeated, foreign or impossible values exit with 2 and name the option") {
  const std::vector<std::vector<std::string>> wrong = {
      {"graph", "a.graph", "--dot"},
      {"graph", "a.graph", "--dot", "x", "--dot", "y"},
      {"graph", "a.graph", "b.graph"},
      {"graph"},
      {"graph", "a.txt"},
      {"graph", "a.graph", "--layers", "1,2"},
      {"graph", "--family", "mlp"},
      {"graph", "--family", "mlp", "--layers", "10,x"},
      {"graph", "--json=yes", "a.graph"},
      {"gradient", "a.graph", "--case", "c"},
      {"gradient", "a.graph", "--case", "c", "--out", "o", "--rule", "strickt"},
      {"gradient", "a.graph", "--case", "c", "--out", "o", "--threads", "0"},
      {"gradient", "a.graph", "--case", "c", "--out", "o", "--value-rate", "nan"},
      {"gradient", "a.graph", "--case", "c", "--out", "o", "--value-rate=-1"},
      {"gradient", "a.graph", "--case", "c", "--out", "o", "--steps", "1.5"},
      {"bench"},
      {"bench", "host"},
      {"bench", "hosts", "now"},
      {"bench", "hosts", "--batch", "3"},
      {"bench", "trial", "--family", "mlp", "--layers", "4,2", "--batch", "2", "--plain"},
      {"bench", "trial", "--family", "mlp", "--layers", "4,2"},
      {"bench", "trial", "--family", "mlp", "--layers", "4,2", "--batch", "0"},
      {"version", "now"},
  };
  for (const auto& words : wrong) {
    CAPTURE(words.back());
    const ProcessResult result = run_settle(words);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(has(result.err, "settle: " + words.front() + ": "));
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  }
}

TEST_CASE("version as JSON is one line with the versions of everything inside") {
  const ProcessResult result = run_settle({"version", "--json"});
  CHECK(result.exit_code == 0);
  CHECK(std::count(result.out.begin(), result.out.end(), '\n') == 1);
  const nlohmann::json json = last_line(result);
  for (const char* key :
       {"version", "compiler", "build_type", "instruction_set", "caf", "eigen", "boost", "libzip", "zlib", "openssl"})
    CHECK_MESSAGE(json.at(key).is_string(), key);
  CHECK(has(run_settle({"--version"}).out, "settle " + json.at("version").get<std::string>()));
}

TEST_CASE("results that stdout does not take exit with 74 and one line") {
  for (const auto& words : std::vector<std::vector<std::string>>{{"help"}, {"version"}, {"help", "config"}}) {
    ProcessOptions full;
    full.output = "/dev/full";
    ProcessOptions closed;
    closed.closed_output = true;
    for (const ProcessOptions& options : {full, closed}) {
      const ProcessResult result = run_settle(words, options);
      CHECK(result.exit_code == 74);
      CHECK(has(result.err, "settle: standard output: cannot write"));
      CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    }
  }
}
