#include "graph/language/model.hpp"

#include <algorithm>

#include "graph/suggest.hpp"

namespace settle::language {
namespace {

std::string count(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string wanted(const CallRule& rule) {
  if (rule.min_arguments == rule.max_arguments) return count(rule.min_arguments, "argument");
  if (rule.max_arguments > Shape::kMaxRank) return "at least " + count(rule.min_arguments, "argument");
  return std::to_string(rule.min_arguments) + " to " + count(rule.max_arguments, "argument");
}

}  // namespace

bool check_call(Model& model, const SyntaxNode& call, const CallRule& rule) {
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
  const std::size_t positional = call.arguments.size() - given.size();
  // A value under a keyword that is none is likely the one that is missing.
  if (good && (positional < rule.min_arguments || positional > rule.max_arguments)) {
    model.diagnostics.report(call.at,
                             "'" + rule.name + "' takes " + wanted(rule) + ", not " + std::to_string(positional),
                             "it is written " + rule.signature);
    good = false;
  }
  return good;
}

std::string suggestion(const Model& model, std::string_view word, const std::vector<std::string>& candidates) {
  // In a generated text of that size, the search would cost more than its answer is worth.
  if (model.diagnostics.full() || candidates.size() > 20000) return "";
  const auto nearest = nearest_word(word, candidates);
  return nearest ? "did you mean '" + *nearest + "'?" : "";
}

}  // namespace settle::language
