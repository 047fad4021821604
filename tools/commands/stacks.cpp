#include <iostream>

#include "sim/watch/run_look.hpp"
#include "tools/options.hpp"

namespace settle {
namespace {

constexpr std::string_view kDetails =
    "Every vertex of a run that waits, by host: in which phase, and for whom. A run that goes on waits for a moment "
    "here\n"
    "and there; one that hangs says the same again. A host that does not answer is stopped, cut off or lost (settle\n"
    "status says when it was last heard); of a vertex that does not, the host counts it: it is inside an act.\n"
    "Of a run that has ended it says that nothing runs. Exit codes: 66 no run's directory, 69 nobody answers, 77 the "
    "run\nis another user's.\n\n"
    "  settle stacks runs/fashion_mlp\n";

int stacks(const Arguments& arguments) {
  const Options options(arguments);
  const std::string directory = options.word("RUN_DIR");
  const RunLook look = look_at_run(directory, RunQuestion::stacks);
  if (look.state != "running")
    std::cout << directory << ": nothing runs here (" << look.state << "); settle status says more\n";
  else if (look.json.at("stacks").is_null())
    std::cout << directory << ": " << look.json.at("stage").get<std::string>() << ": there are no actors to ask\n";
  else
    for (const nlohmann::json& line : look.json.at("stacks")) std::cout << line.get<std::string>() << "\n";
  return 0;
}

}  // namespace

extern const Command kStacksCommand = {
    "stacks", "RUN_DIR", "which vertices of a run wait, and for whom", {}, kDetails, stacks,
};

}  // namespace settle
