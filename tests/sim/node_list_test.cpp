#include "sim/launch/node_list.hpp"

#include <doctest/doctest.h>

#include "tests/sim/scratch.hpp"
#include "tests/sim/variables.hpp"

using namespace settle;

namespace {

using Names = std::vector<std::string>;
using Counts = std::vector<std::size_t>;

std::string refused_list(const std::string& text) {
  return thrown_by([&] { read_node_list(text); });
}

std::string refused_tasks(const std::string& text) {
  return thrown_by([&] { read_tasks_per_node(text); });
}

// As srun says it in a step of 4 tasks on 2 nodes.
Variables step() {
  return {{"SLURM_JOB_ID", "17"},
          {"SLURM_STEP_ID", "0"},
          {"SLURM_PROCID", "1"},
          {"SLURM_STEP_NUM_TASKS", "4"},
          {"SLURM_STEP_NODELIST", "n[1-2]"},
          {"SLURM_STEP_TASKS_PER_NODE", "3,1"}};
}

Variables with(Variables variables, const std::string& name, const std::string& value) {
  variables[name] = value;
  return variables;
}

}  // namespace

TEST_CASE("node list: ranges, lists, plain names and zeros before numbers are written out in order") {
  CHECK(read_node_list("n[1-2,7],a[001-003]") == Names{"n1", "n2", "n7", "a001", "a002", "a003"});
  CHECK(read_node_list("login") == Names{"login"});
  CHECK(read_node_list("b,a") == Names{"b", "a"});
  CHECK(read_node_list("n[9-11]") == Names{"n9", "n10", "n11"});
  CHECK(read_node_list("n[09-10]") == Names{"n09", "n10"});
  CHECK(read_node_list("n[0-0]") == Names{"n0"});
}

TEST_CASE("node list: of several brackets in a name the last runs fastest, and text may follow one") {
  CHECK(read_node_list("r[1-2]n[3-4]") == Names{"r1n3", "r1n4", "r2n3", "r2n4"});
  CHECK(read_node_list("n[1-2]-ib,x") == Names{"n1-ib", "n2-ib", "x"});
  CHECK(read_node_list("[1-2][3,5]") == Names{"13", "15", "23", "25"});
}

TEST_CASE("node list: what is none is refused with its text, the place and the cause") {
  CHECK(refused_list("n[1-2") == "65: node list 'n[1-2', character 6: expected ']'");
  CHECK(refused_list("n1]") == "65: node list 'n1]', character 3: a bracket that none opens");
  CHECK(refused_list("n[[1]]") == "65: node list 'n[[1]]', character 3: expected a number");
  CHECK(refused_list("n[x]") == "65: node list 'n[x]', character 3: expected a number");
  CHECK(refused_list("n[]") == "65: node list 'n[]', character 3: expected a number");
  CHECK(refused_list("n[1-]") == "65: node list 'n[1-]', character 5: expected a number");
  CHECK(refused_list("n[3-1]") == "65: node list 'n[3-1]', character 6: a range that runs backwards");
  CHECK(refused_list("a,,b") == "65: node list 'a,,b', character 3: expected a name");
  CHECK(refused_list("") == "65: node list '', character 1: expected a name");
}

TEST_CASE("node list: absurd sizes are refused before they take memory") {
  CHECK(read_node_list("n[1-65535]").size() == 65535);
  CHECK(refused_list("n[0-65535]").ends_with("more than 65535 machines"));
  CHECK(refused_list("n[1-999999999999]").ends_with("more than 65535 machines"));
  CHECK(refused_list("a[1-300]b[1-300]").ends_with("more than 65535 machines"));
  CHECK(refused_list("a[1-40000],b[1-40000]").ends_with("more than 65535 machines"));
  CHECK(refused_list("n[1-99999999999999999999]").ends_with("too long a number"));
  CHECK(refused_list("n[" + std::string(60000, '0') + "-60000]").ends_with("too long a number"));
  CHECK(refused_list("n[1-60000]" + std::string(60000, 'x')).ends_with("too long a name"));
}

TEST_CASE("tasks per node: a count stands for one node or for as many as it is repeated") {
  CHECK(read_tasks_per_node("2(x3),1") == Counts{2, 2, 2, 1});
  CHECK(read_tasks_per_node("4") == Counts{4});
  CHECK(refused_tasks("2(x3") == "65: tasks per node '2(x3', character 5: expected ')'");
  CHECK(refused_tasks("2(3)") == "65: tasks per node '2(3)', character 3: expected 'x'");
  CHECK(refused_tasks("2;1") == "65: tasks per node '2;1', character 2: expected ','");
  CHECK(refused_tasks("") == "65: tasks per node '', character 1: expected a number");
  CHECK(refused_tasks("1(x99999)").ends_with("more than 65535 machines"));
}

TEST_CASE("nodes of ranks: a step fills its nodes one after the other") {
  CHECK(nodes_of_ranks(given(step())) == Names{"n1", "n1", "n1", "n2"});
  CHECK(nodes_of_ranks(given(with(step(), "SLURM_DISTRIBUTION", "block:cyclic"))).size() == 4);
}

TEST_CASE("nodes of ranks: nothing is claimed where Slurm does not say, deals ranks out in turn or makes no sense") {
  CHECK(nodes_of_ranks(given({})).empty());
  CHECK(nodes_of_ranks(given(with(step(), "SLURM_DISTRIBUTION", "cyclic"))).empty());
  CHECK(nodes_of_ranks(given(with(step(), "SLURM_STEP_NODELIST", "n[1-"))).empty());
  CHECK(nodes_of_ranks(given(with(step(), "SLURM_STEP_TASKS_PER_NODE", "3"))).empty());
  CHECK(nodes_of_ranks(given(with(step(), "SLURM_STEP_TASKS_PER_NODE", "65535,1"))).empty());
  Variables open_mpi = with(step(), "OMPI_COMM_WORLD_RANK", "0");
  CHECK(nodes_of_ranks(given(with(open_mpi, "OMPI_COMM_WORLD_SIZE", "4"))).empty());
}
