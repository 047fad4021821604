// Any bytes are a model or an error of the user's; a model can be described and drawn. The bytes behind a line "---"
// are a file that the text may include, as "other".
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "graph/describe.hpp"
#include "graph/error.hpp"
#include "graph/language/language.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kDivider = "\n---\n";
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t divider = bytes.find(kDivider);
  settle::LanguageOptions options;
  options.limit = 10000;
  options.include = [&](const std::string&, const std::string& path) -> settle::IncludedText {
    if (path != "other" || divider == std::string_view::npos)
      throw settle::MissingInput(path + ": there is no such file");
    return {path, std::string(bytes.substr(divider + kDivider.size()))};
  };
  try {
    const auto graph = settle::parse_graph(bytes.substr(0, divider), "fuzz.graph", options);
    static_cast<void>(settle::describe(*graph));
    static_cast<void>(settle::dot(*graph));
  } catch (const settle::BadConfig&) {
  } catch (const settle::MissingInput&) {
  }
  return 0;
}
