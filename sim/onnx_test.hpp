// Purpose: one test folder of the ONNX project's backend tests: model.onnx, and in each test_data_set_K input_K.pb and
// output_K.pb, tensors in the order of the graph's inputs and outputs. The model is imported with a vertex for each
// node and run forward; every output has to have the stored type and shape, and elements x with |x - stored| <= 1e-5 +
// 1e-3 |stored|; NaN meets NaN. Runs in float32 where all inputs and outputs are of that type, else in float64, which
// holds integers too. Caller: `settle onnx-test`. Thread rule: pure. Errors: none; whatever is wrong with a folder is
// its outcome.
#pragma once

#include <filesystem>
#include <string>

namespace settle {

struct OnnxTestOutcome {
  enum class Kind { passed, failed, unsupported };
  Kind kind = Kind::passed;
  std::string reason;  // of a failure, or what is not supported
};

OnnxTestOutcome run_onnx_test(const std::filesystem::path& folder);

}  // namespace settle
