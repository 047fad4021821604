#include "tools/training_arguments.hpp"

#include <algorithm>

#include "graph/error.hpp"
#include "graph/suggest.hpp"
#include "tools/executors.hpp"
#include "tools/versions.hpp"

namespace settle {

TrainingArguments training_arguments(const Arguments& arguments, const std::string& what,
                                     const std::vector<std::string>& flags) {
  const std::string command = "settle " + std::string(arguments.command->name);
  TrainingArguments parsed;
  for (auto word = arguments.words.begin(); word != arguments.words.end(); ++word) {
    if (!word->starts_with("--")) {
      if (!parsed.target.empty()) throw UsageError(command + ": takes one " + what + ", not also '" + *word + "'");
      parsed.target = *word;
      continue;
    }
    const std::size_t equals = word->find('=');
    const std::string name = word->substr(2, equals == std::string::npos ? equals : equals - 2);
    const bool has_value = equals != std::string::npos;
    if (name.find('.') != std::string::npos) {
      parsed.settings.push_back(*word);
      if (has_value) continue;
      if (++word == arguments.words.end()) throw UsageError(command + ": --" + name + " needs a value");
      parsed.settings.push_back(*word);
      continue;
    }
    if (std::ranges::find(flags, name) == flags.end()) {
      const std::optional<std::string> nearest = nearest_word(name, flags);
      throw UsageError(command + ": unknown option --" + name +
                       (nearest ? "; did you mean --" + *nearest + "?"
                                : "; settings are written --section.key=value (settle help config)"));
    }
    if (name == "split") {
      if (!has_value && ++word == arguments.words.end()) throw UsageError(command + ": --split needs a value");
      parsed.split = has_value ? word->substr(equals + 1) : *word;
      if (parsed.split != "train" && parsed.split != "validation" && parsed.split != "test")
        throw UsageError(command + ": --split is train, validation or test, not '" + parsed.split + "'");
      continue;
    }
    if (name == "launcher") {
      if (word->substr(equals + 1) != "none")
        throw UsageError(command + ": --launcher=none is all there is to say of it; without it the launcher is found");
      parsed.launcher = false;
      continue;
    }
    if (has_value) throw UsageError(command + ": --" + name + " takes no value");
    (name == "json" ? parsed.json : parsed.quiet) = true;
  }
  if (parsed.target.empty())
    throw UsageError(command + ": a " + what + " is missing (settle help " + std::string(arguments.command->name) +
                     ")");
  return parsed;
}

template <class Scalar>
SessionOptions<Scalar> session_options(const Arguments& arguments, const TrainingArguments& parsed) {
  SessionOptions<Scalar> options;
  options.make_executor = [](GraphPtr graph, const NodeSettings<Scalar>& settings, unsigned threads) {
    return make_executor<Scalar>(ExecutorKind::caf, std::move(graph), settings, threads);
  };
  options.argv = {"settle", std::string(arguments.command->name)};
  options.argv.insert(options.argv.end(), arguments.words.begin(), arguments.words.end());
  options.versions = versions();
  options.quiet = parsed.quiet;
  return options;
}

template SessionOptions<float> session_options(const Arguments&, const TrainingArguments&);
template SessionOptions<double> session_options(const Arguments&, const TrainingArguments&);

}  // namespace settle
