#include "graph/families/family.hpp"

#include <algorithm>

#include "graph/error.hpp"
#include "graph/suggest.hpp"

namespace settle {
namespace {

constexpr Family kFamilies[] = {
    {"mlp", false, mlp_source}, {"cnn", false, cnn_source},  {"residual", false, residual_source},
    {"rnn", true, rnn_source},  {"lstm", true, lstm_source}, {"gru", true, gru_source},
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

bool family_has_steps(std::string_view name) {
  const auto family = std::ranges::find(kFamilies, name, &Family::name);
  return family != std::end(kFamilies) && family->has_steps;
}

}  // namespace settle
