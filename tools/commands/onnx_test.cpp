#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "graph/error.hpp"
#include "sim/onnx_test.hpp"
#include "tools/options.hpp"

namespace settle {
namespace {

namespace fs = std::filesystem;

constexpr Option kOptions[] = {
    {"json", "", "one line: {\"passed\": [NAME...], \"failed\": [...], \"unsupported\": [...]}"},
};

constexpr std::string_view kDetails =
    "DIR holds model.onnx and test_data_set_K/input_K.pb, output_K.pb, as the ONNX project's backend tests do, or is "
    "a\n"
    "folder of such folders. Each model is run forward; its outputs have to be the stored ones within rtol 1e-3 and\n"
    "atol 1e-5. A folder that is not what it should be has failed. Exit code 65 where one failed.\n\n"
    "  settle onnx-test node/test_conv* --json\n";

bool is_test(const fs::path& folder) {
  std::error_code unreadable;
  return fs::exists(folder / "model.onnx", unreadable);
}

// The test folders that a word stands for; the word itself where it is, or holds, none.
std::vector<fs::path> tests_of(const fs::path& folder) {
  std::vector<fs::path> tests;
  std::error_code unreadable;
  if (!is_test(folder) && fs::is_directory(folder, unreadable))
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, unreadable))
      if (is_test(entry.path())) tests.push_back(entry.path());
  std::ranges::sort(tests);
  if (tests.empty()) tests.push_back(folder);
  return tests;
}

std::string name_of(const fs::path& folder) {
  const fs::path clean = fs::absolute(folder).lexically_normal();
  return (clean.has_filename() ? clean : clean.parent_path()).filename().string();
}

int onnx_test(const Arguments& arguments) {
  const Options options(arguments);
  if (options.words().empty()) options.fail("give one or more test folders");
  constexpr const char* kinds[] = {"passed", "failed", "unsupported"};
  nlohmann::json names = {{"passed", nlohmann::json::array()},
                          {"failed", nlohmann::json::array()},
                          {"unsupported", nlohmann::json::array()}};
  for (const std::string& word : options.words())
    for (const fs::path& folder : tests_of(word)) {
      const OnnxTestOutcome outcome = run_onnx_test(folder);
      const char* const kind = kinds[static_cast<std::size_t>(outcome.kind)];
      const std::string name = name_of(folder);
      names[kind].push_back(name);
      std::FILE* const stream = options.has("json") ? stderr : stdout;
      if (outcome.kind == OnnxTestOutcome::Kind::passed && options.has("json")) continue;
      std::fprintf(stream, "%-13s%s%s%s\n", kind, name.c_str(), outcome.reason.empty() ? "" : ": ",
                   outcome.reason.c_str());
    }
  if (options.has("json"))
    std::cout << names.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  else
    std::printf("passed %zu, failed %zu, unsupported %zu\n", names["passed"].size(), names["failed"].size(),
                names["unsupported"].size());
  return names["failed"].empty() ? 0 : static_cast<int>(ExitCode::bad_data);
}

}  // namespace

extern const Command kOnnxTestCommand = {
    "onnx-test", "DIR... [--json]", "run the ONNX project's backend tests", kOptions, kDetails, onnx_test,
};

}  // namespace settle
