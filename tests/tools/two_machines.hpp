// Purpose: two machines with a cable between them, on this one: network namespaces, which are gone with the processes
// that hold them. Needs root, unshare and ip. Thread rule: one user.
#pragma once

#include <array>

#include "tests/tools/training.hpp"

namespace settle {

class TwoMachines {
 public:
  // False where that is not allowed here.
  bool built() {
    for (const auto& machine : machines_)
      if (!waits_for(*machine, [&] { return has(machine->err_so_far(), "here"); })) return false;
    return shell("ip link add settle0 netns " + holder(0) + " type veth peer name settle1 netns " + holder(1)) == 0 &&
           shell(at(0) + "ip addr add " + address(0) + "/30 dev settle0") == 0 &&
           shell(at(1) + "ip addr add " + address(1) + "/30 dev settle1") == 0 && link(0, "up") && link(1, "up");
  }
  // Its end of the cable, "up" or "down"; the other machine keeps its address and has no carrier.
  bool link(int machine, const std::string& state) {
    return shell(at(machine) + "ip link set settle" + std::to_string(machine) + " " + state) == 0;
  }
  // A command on a machine.
  std::vector<std::string> on(int machine, const std::vector<std::string>& words) const {
    std::vector<std::string> all = {"/bin/sh", "-c", "exec " + at(machine) + "\"$@\"", "sh"};
    all.insert(all.end(), words.begin(), words.end());
    return all;
  }
  static std::string address(int machine) { return "10.99.0." + std::to_string(machine + 1); }

 private:
  std::string holder(int machine) const {
    return std::to_string(machines_.at(static_cast<std::size_t>(machine))->id());
  }
  std::string at(int machine) const { return "nsenter -t " + holder(machine) + " -n "; }
  static int shell(const std::string& script) { return run_process({"/bin/sh", "-c", script}).exit_code; }
  static std::unique_ptr<Process> machine() {
    return std::make_unique<Process>(
        std::vector<std::string>{"/bin/sh", "-c", "exec unshare -n sh -c 'echo here >&2; exec sleep 600'"});
  }

  std::array<std::unique_ptr<Process>, 2> machines_ = {machine(), machine()};
};

}  // namespace settle
