// Purpose: the processes of this machine as /proc shows them: which run now, and what one of them holds.
// Callers: tests of programs that start others. Thread rule: any thread.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace settle {

struct RunningProcess {
  pid_t id = 0;
  pid_t parent = 0;
  std::vector<std::string> words;        // its command line
  std::vector<std::string> environment;  // "NAME=VALUE", as it was when it started

  // One behind the other.
  bool has_words(const std::vector<std::string>& some) const {
    return std::search(words.begin(), words.end(), some.begin(), some.end()) != words.end();
  }
  bool has_variable(const std::string& name_and_value) const {
    return std::ranges::find(environment, name_and_value) != environment.end();
  }
};

namespace process_detail {

inline std::string proc_file(const std::string& process, const char* name) {
  std::ostringstream text;
  text << std::ifstream("/proc/" + process + "/" + name, std::ios::binary).rdbuf();  // no exception where it has ended
  return text.str();
}

// What a 0 ends.
inline std::vector<std::string> ended_by_zero(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size(); begin += parts.back().size() + 1)
    parts.emplace_back(text.c_str() + begin);
  return parts;
}

}  // namespace process_detail

// Oldest id first; without those that have ended and wait for their parent.
inline std::vector<RunningProcess> running_processes() {
  using namespace process_detail;
  std::vector<RunningProcess> all;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string stat = proc_file(name, "stat");
    const std::size_t end = stat.rfind(") ");  // of the program's name, then "STATE PARENT"
    if (end == std::string::npos || stat[end + 2] == 'Z') continue;
    all.push_back({std::stoi(name), std::stoi(stat.substr(end + 4)), ended_by_zero(proc_file(name, "cmdline")),
                   ended_by_zero(proc_file(name, "environ"))});
  }
  std::ranges::sort(all, {}, &RunningProcess::id);
  return all;
}

// The newest process of which `is` says so; 0: none.
template <class Is>
pid_t newest_process(Is is) {
  pid_t newest = 0;
  for (const RunningProcess& process : running_processes())
    if (is(process)) newest = process.id;
  return newest;
}

inline std::size_t open_descriptors(pid_t process) {
  std::error_code gone;
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/fd", gone),
                    std::filesystem::directory_iterator()));
}

}  // namespace settle
