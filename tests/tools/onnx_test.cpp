// ONNX models as a user meets them: settle gradient, graph and onnx-test.
#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/support/protobuf_bytes.hpp"
#include "tests/tools/gradient_case.hpp"

using namespace settle;

namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

fs::path oracles() { return fs::path(SETTLE_SOURCE_DIR) / ".." / "shared" / "oracles"; }

// The case folders; none, with a word about it, where they are not beside the checkout.
std::vector<fs::path> cases() {
  std::vector<fs::path> folders;
  const fs::path root = oracles() / "gradients";
  if (!fs::is_directory(root)) {
    MESSAGE("skipped: there is no " << root.string());
    return folders;
  }
  for (const auto& entry : fs::directory_iterator(root)) folders.push_back(entry.path());
  std::ranges::sort(folders);
  return folders;
}

// |ours - stored| / |stored| of every grad_*_SUFFIX.npy of the case; how many there are.
std::size_t check_gradients(const fs::path& folder, const fs::path& out, const std::string& suffix, double tolerance) {
  std::size_t count = 0;
  for (const std::string& name : names_in(folder)) {
    if (!name.starts_with("grad") || !name.ends_with(suffix)) continue;
    ++count;
    const Tensor<double> stored = array_of(folder / name);
    const Tensor<double> ours = array_of(out / (name.substr(0, name.size() - suffix.size()) + ".npy"));
    CHECK(ours.shape() == stored.shape());
    CHECK_MESSAGE(distance(ours, stored) < tolerance, name);
  }
  return count;
}

std::string onnx_node_tests() {
  const char* const given = std::getenv("SETTLE_ONNX_NODE_TESTS");
  return given != nullptr ? given : (oracles() / "onnx_node").string();
}

}  // namespace

TEST_CASE("gradients of ONNX models on actors are PyTorch's and backprop's to the bit, in both precisions") {
  for (const fs::path& folder : cases())
    for (const std::string granularity : {"op", "layer"})
      for (const bool wide : {true, false}) {
        CAPTURE(folder.string());
        CAPTURE(granularity);
        const Scratch scratch;
        const ProcessResult run =
            run_settle({"gradient", (folder / "model.onnx").string(), "--case", folder.string(), "--out", "out",
                        "--granularity", granularity, "--scalar", wide ? "float64" : "float32", "--threads", "2"},
                       {scratch.path()});
        CHECK(run.err == "");
        REQUIRE(run.exit_code == 0);
        CHECK(check_gradients(folder, scratch / "out", wide ? "_f64.npy" : "_f32.npy", wide ? 1e-10 : 1e-5) > 0);
        const nlohmann::json result = nlohmann::json::parse(get(scratch / "out/result.json"));
        CHECK(result.at("backprop_relative_error") == 0);
        CHECK(result.at("actors") == result.at("vertices"));
        CHECK(result.at("unsettled") == 0);
      }
}

TEST_CASE("backprop of ONNX models is PyTorch's, and a lockstep trace ends at rate 1 where the errors have arrived") {
  for (const fs::path& folder : cases()) {
    CAPTURE(folder.string());
    const Scratch scratch;
    const std::vector<std::string> common = {
        "gradient", (folder / "model.onnx").string(), "--case", folder.string(), "--scalar", "float64"};
    const auto run = [&](std::vector<std::string> more) {
      more.insert(more.begin(), common.begin(), common.end());
      return run_settle(more, {scratch.path()});
    };
    REQUIRE(run({"--out", "backprop", "--rule", "backprop"}).exit_code == 0);
    CHECK(check_gradients(folder, scratch / "backprop", "_f64.npy", 1e-10) > 0);
    REQUIRE(run({"--out", "trace", "--pacing", "lockstep", "--steps", "60", "--executor", "reference", "--trace"})
                .exit_code == 0);
    CHECK(nlohmann::json::parse(get(scratch / "trace/result.json")).at("backprop_relative_error") == 0);
  }
}

TEST_CASE("the ONNX project's operator tests pass, all of them") {
  const std::string folder = onnx_node_tests();
  if (!fs::is_directory(folder)) {
    MESSAGE("skipped: there is no " << folder << "; SETTLE_ONNX_NODE_TESTS can name another folder");
    return;
  }
  std::size_t tests = 0;
  for (const auto& entry : fs::directory_iterator(folder)) tests += fs::exists(entry.path() / "model.onnx") ? 1 : 0;
  const ProcessResult run = run_settle({"onnx-test", folder, "--json"});
  const nlohmann::json result = last_line(run);
  INFO(run.err);
  CHECK(result.at("failed").empty());
  CHECK(result.at("unsupported").empty());
  CHECK(result.at("passed").size() == tests);
  CHECK(run.exit_code == 0);
}

TEST_CASE("a test folder that is not what it should be has failed, by name, whatever is wrong with it") {
  const Scratch scratch;
  fs::create_directories(scratch / "empty");
  put(scratch / "a_file", "text");
  fs::create_directories(scratch / "no_data");
  put(scratch / "no_data/model.onnx", "");
  fs::create_directories(scratch / "garbage/test_data_set_0");
  put(scratch / "garbage/model.onnx", "\x08\x07garbage");
  const ProcessResult run =
      run_settle({"onnx-test", "empty", "a_file", "no_data", "garbage/", "missing", "--json"}, {scratch.path()});
  CHECK(run.exit_code == 65);
  CHECK(last_line(run) == nlohmann::json({{"passed", nlohmann::json::array()},
                                          {"failed", {"empty", "a_file", "no_data", "garbage", "missing"}},
                                          {"unsupported", nlohmann::json::array()}}));
  CHECK(has(run.err, "empty/model.onnx"));
  CHECK(has(run.err, "this is not an ONNX model, or it is cut off"));
  CHECK(run_settle({"onnx-test"}).exit_code == 2);
}

TEST_CASE("settle graph describes an ONNX model at the granularity that is asked for") {
  for (const fs::path& folder : cases()) {
    if (folder.filename() != "mlp_tanh") continue;
    const std::string model = (folder / "model.onnx").string();
    const ProcessResult layer = run_settle({"graph", model});
    CHECK(layer.exit_code == 0);
    CHECK(has(layer.out, "/1/Tanh_output_0"));
    CHECK(!has(layer.out, "/0/Gemm_output_0"));
    CHECK(has(layer.out, "vertices 4, edges 3, parameters 119"));
    CHECK(has(run_settle({"graph", model, "--granularity", "op"}).out, "/0/Gemm_output_0"));
    CHECK(has(run_settle({"graph", model, "--granularity", "node"}).err, "--granularity node: it takes"));
    CHECK(run_settle({"graph", model, "--print"}).exit_code == 78);
  }
  CHECK(has(run_settle({"graph", "model.graph", "--granularity", "op"}).err, "--granularity is of an .onnx file"));
}

TEST_CASE("an ONNX file that is missing or damaged is refused with its name") {
  const Scratch scratch;
  put(scratch / "bad.onnx", "nonsense");
  const ProcessResult missing = run_settle({"graph", "absent.onnx"}, {scratch.path()});
  CHECK(missing.exit_code == 66);
  CHECK(has(missing.err, "absent.onnx"));
  const ProcessResult damaged = run_settle({"graph", "bad.onnx"}, {scratch.path()});
  CHECK(damaged.exit_code == 65);
  CHECK(has(damaged.err, "bad.onnx: this is not an ONNX model, or it is cut off"));
}

TEST_CASE("a parameter's name may hold slashes: its gradient stays in the folder, and its values are found") {
  using test::bytes_field;
  using test::number_field;
  const Scratch scratch;
  const std::string one = bytes_field(1, number_field(1, 1));
  const std::string type = bytes_field(2, bytes_field(1, number_field(1, 1) + bytes_field(2, one)));
  const std::string name = "../a/b";
  const std::string weight = number_field(1, 1) + number_field(2, 1) + bytes_field(8, name) +
                             bytes_field(4, std::string("\0\0\0\x40", 4));  // 2
  const std::string node = bytes_field(1, "x/0") + bytes_field(1, name) + bytes_field(2, "y") + bytes_field(4, "Mul");
  put(scratch / "model.onnx",
      bytes_field(8, number_field(2, 13)) +
          bytes_field(7, bytes_field(1, node) + bytes_field(5, weight) + bytes_field(11, bytes_field(1, "x/0") + type) +
                             bytes_field(12, bytes_field(1, "y") + type)));
  fs::create_directory(scratch / "case");
  put(scratch / "case/case.json", "{\"loss\": \"mse\"}");
  const Tensor<double> three(Shape{1}, std::vector<double>{3});
  write_npy<double>(scratch / "case/input_x%2F0.npy", three.view());
  write_npy<double>(scratch / "case/target.npy", three.view());
  const std::vector<std::string> words = {"gradient", "model.onnx", "--case", "case", "--out", "out"};
  REQUIRE(run_settle(words, {scratch.path()}).exit_code == 0);
  CHECK(array_of(scratch / "out/grad_..%2Fa%2Fb.npy").flat()[0] == 9);  // (2 * 3 - 3) * 3
  CHECK(array_of(scratch / "out/gradin_x%2F0.npy").flat()[0] == 6);
  write_npy<double>(scratch / "case/param_..%2Fa%2Fb.npy", three.view());
  REQUIRE(run_settle(words, {scratch.path()}).exit_code == 0);
  CHECK(array_of(scratch / "out/grad_..%2Fa%2Fb.npy").flat()[0] == 18);  // (3 * 3 - 3) * 3
}
