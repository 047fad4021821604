// Any bytes are a model or BadConfig; a model can be described and drawn.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "graph/describe.hpp"
#include "graph/error.hpp"
#include "graph/language/language.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto graph = settle::parse_graph({reinterpret_cast<const char*>(data), size}, "fuzz.graph");
    static_cast<void>(settle::describe(*graph));
    static_cast<void>(settle::dot(*graph));
  } catch (const settle::BadConfig&) {
  }
  return 0;
}
