#include "tools/versions.hpp"

#include <Eigen/Core>

#include "actors/caf/version.hpp"
#include "sim/library_versions.hpp"

namespace settle {
namespace {

std::string compiler() {
#if defined(__clang__)
  return std::string("clang ") + __clang_version__;
#else
  return std::string("gcc ") + __VERSION__;
#endif
}

// The extensions that this was compiled for and that change what numbers come out or how fast.
std::string instruction_set() {
  std::string set = "baseline";
  const auto with = [&](const char* name) { set += std::string(" ") + name; };
#if defined(__SSE4_2__)
  with("sse4.2");
#endif
#if defined(__AVX__)
  with("avx");
#endif
#if defined(__AVX2__)
  with("avx2");
#endif
#if defined(__FMA__)
  with("fma");
#endif
#if defined(__AVX512F__)
  with("avx512f");
#endif
#if defined(__AVX512DQ__)
  with("avx512dq");
#endif
#if defined(__ARM_NEON)
  with("neon");
#endif
  static_cast<void>(with);
  return set;
}

}  // namespace

std::map<std::string, std::string> versions() {
  std::map<std::string, std::string> all = library_versions();
  all["settle"] = SETTLE_VERSION;
  all["compiler"] = compiler();
  all["build_type"] = SETTLE_BUILD_TYPE;
  all["instruction_set"] = instruction_set();
  all["caf"] = caf_version();
  all["eigen"] = std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
                 std::to_string(EIGEN_MINOR_VERSION);
  return all;
}

}  // namespace settle
