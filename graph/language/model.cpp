#include "graph/language/model.hpp"

#include <algorithm>

#include "graph/language/unknown.hpp"

namespace settle::language {
namespace {

std::string counted(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string wanted(const CallRule& rule) {
  if (rule.min_arguments == rule.max_arguments) return counted(rule.min_arguments, "argument");
  if (rule.max_arguments > Shape::kMaxRank) return "at least " + counted(rule.min_arguments, "argument");
  return std::to_string(rule.min_arguments) + " to " + counted(rule.max_arguments, "argument");
}

}  // namespace

bool check_call(Model& model, const SyntaxNode& call, const CallRule& rule, std::optional<std::size_t> positional) {
  bool good = true;
  std::vector<std::string> given;
  for (const NodeArgument& argument : call.arguments) {
    if (argument.positional()) continue;
    const std::string keyword = model.text(argument.keyword);
    std::string message;
    std::string hint = "it is written " + rule.signature;
    if (std::ranges::find(rule.keywords, keyword) == rule.keywords.end()) {
      message = "'" + rule.name + "' has no argument '" + keyword + "'";
      if (const std::string meant = suggestion(model, keyword, rule.keywords); !meant.empty()) hint = meant;
    } else if (std::ranges::find(given, keyword) != given.end()) {
      message = "'" + keyword + "' is given twice";
      hint = "leave one out";
    }
    given.push_back(keyword);
    if (message.empty()) continue;
    model.diagnostics.report(argument.keyword, message, hint);
    good = false;
  }
  const std::size_t count = positional.value_or(call.arguments.size() - given.size());
  // A value under a keyword that is none is likely the one that is missing.
  if (good && (count < rule.min_arguments || count > rule.max_arguments)) {
    model.diagnostics.report(call.at, "'" + rule.name + "' takes " + wanted(rule) + ", not " + std::to_string(count),
                             "it is written " + rule.signature);
    good = false;
  }
  return good;
}

}  // namespace settle::language
