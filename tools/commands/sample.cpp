#include <iostream>
#include <nlohmann/json.hpp>

#include "sim/datasets/utf8.hpp"
#include "tools/options.hpp"
#include "tools/run_of_directory.hpp"
#include "tools/text_of_run.hpp"

namespace settle {
namespace {

constexpr Option kOptions[] = {
    {"length", "N", "characters to draw (default 500)"},
    {"temperature", "T", "below 1 likelier characters, above 1 stranger ones; 0: always the likeliest (default 1)"},
    {"prime", "TEXT", "what the text begins with (default: a new line)"},
    {"seed", "N", "of the draws (default 1): the same text for the same seed"},
    {"json", "", "one line of JSON"},
};

constexpr std::string_view kDetails =
    "Draws text from the newest valid checkpoint of a run on data.dataset = text: each character from the model's\n"
    "prediction behind the last ones, as many of them as it has steps.\n\n"
    "  settle sample runs/lstm_quick --prime 'ROMEO:' --temperature 0.8\n";

int sample(const Arguments& arguments) {
  const Options options(arguments);
  TextSampling sampling;
  sampling.length = static_cast<std::uint64_t>(options.whole("length", 1, kLongestSample).value_or(500));
  sampling.temperature = options.not_negative("temperature").value_or(1);
  sampling.seed = static_cast<std::uint64_t>(options.whole("seed", 0).value_or(1));
  const std::string prime = options.text("prime").value_or("");
  sampling.prime = decode_utf8(std::as_bytes(std::span(prime)), "--prime");
  const RunConfig config = config_of_run(options.word("RUN_DIR"), {});

  const bool json = options.has("json");
  std::string text;
  const auto take = [&](std::u32string_view characters) {
    const std::string bytes = encode_utf8(characters);
    text += bytes;
    if (!json) std::cout << bytes << std::flush;
  };
  text_of_run(config, sampling, take);
  if (json)
    std::cout << nlohmann::json{{"text", text}}.dump() << "\n";
  else
    std::cout << "\n";
  return 0;
}

}  // namespace

extern const Command kSampleCommand = {
    "sample",
    "RUN_DIR [--length N] [--temperature T] [--prime TEXT] [--seed N] [--json]",
    "draw text from a trained sequence model",
    kOptions,
    kDetails,
    sample,
};

}  // namespace settle
