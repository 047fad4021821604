// Purpose: the memory of this process, as Linux counts it. Caller: benchmarks. Thread rule: any thread.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace settle {

inline double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  statm >> pages >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// The most that were ever resident.
inline double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

}  // namespace settle
