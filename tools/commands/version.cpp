#include <iostream>
#include <nlohmann/json.hpp>

#include "tools/options.hpp"
#include "tools/versions.hpp"

namespace settle {
namespace {

constexpr Option kOptions[] = {
    {"json", "", "one line of JSON"},
};

int version(const Arguments& arguments) {
  const Options options(arguments);
  if (!options.words().empty()) options.fail("it takes no words");
  auto all = versions();
  if (options.has("json")) {
    nlohmann::json line = all;
    line["version"] = all["settle"];
    std::cout << line.dump() << "\n";
    return 0;
  }
  std::cout << "settle " << all["settle"] << "\n";
  all.erase("settle");
  for (const auto& [name, value] : all) std::cout << "  " << name << ": " << value << "\n";
  return 0;
}

}  // namespace

extern const Command kVersionCommand = {
    "version", "[--json]", "tell the version of this program, its compiler and its libraries", kOptions, "", version,
};

}  // namespace settle
