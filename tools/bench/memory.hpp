// Purpose: the memory of a process, as Linux counts it. Caller: benchmarks. Thread rule: any thread.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace settle {

// `process`: its number.
inline double resident_bytes(const std::string& process = "self") {
  std::ifstream statm("/proc/" + process + "/statm");
  double pages = 0;
  statm >> pages >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// The most that were ever resident in this one.
inline double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

}  // namespace settle
