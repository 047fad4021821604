// Any text as a config: a RunConfig, or refused with its mistakes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "graph/error.hpp"
#include "sim/config/load.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    settle::load_run_config({"fuzz.ini", {}, {}}, std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const settle::BadConfig&) {
  }
  return 0;
}
