#include "graph/families/family.hpp"

#include "graph/error.hpp"
#include "graph/suggest.hpp"

namespace settle {
namespace {

constexpr Family kFamilies[] = {
    {"mlp", mlp_source}, {"cnn", cnn_source},   {"residual", residual_source},
    {"rnn", rnn_source}, {"lstm", lstm_source}, {"gru", gru_source},
};

}  // namespace

std::string family_source(std::string_view name, const FamilyOptions& options) {
  for (const Family& family : kFamilies)
    if (family.name == name) return family.source(options);
  std::string known;
  for (const std::string& each : family_names()) known += (known.empty() ? "" : ", ") + each;
  const auto nearest = nearest_word(name, family_names());
  throw BadConfig("family = " + std::string(name) + ": there is no such model family" +
                  (nearest ? ", did you mean '" + *nearest + "'?" : "; the families are: " + known));
}

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const Family& family : kFamilies) names.emplace_back(family.name);
  return names;
}

}  // namespace settle
