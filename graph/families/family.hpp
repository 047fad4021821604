// Purpose: model families: from a few numbers to the text of a `.graph` model, to be read like any other. Adding a
// family: one file and one line in family.cpp.
// Thread rule: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace settle {

struct FamilyOptions {
  std::vector<std::int64_t> layers = {};  // units, from the input to the output
  std::string activation = "tanh";        // any function of one argument
  std::string output = "categorical";     // normal or bernoulli
  std::vector<std::int64_t> sample = {};  // extents of one input sample; empty: [layers[0]]
};

struct Family {
  std::string_view name;
  std::string (*source)(const FamilyOptions& options);
};

// Readable text that `parse_graph` takes. Errors: BadConfig naming the option and what it may be; for an unknown
// family, the families there are.
std::string family_source(std::string_view name, const FamilyOptions& options);

std::vector<std::string> family_names();

// x -> h1 -> h2 ... -> y: layers of linear and activation, the last one linear only.
std::string mlp_source(const FamilyOptions& options);

}  // namespace settle
