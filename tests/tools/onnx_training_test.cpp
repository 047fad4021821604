// ONNX models trained by `settle run`.
#include <doctest/doctest.h>

#include "graph/onnx/writer.hpp"
#include "tests/sim/npy_files.hpp"
#include "tests/support/onnx_builder.hpp"
#include "tests/tools/training.hpp"

using namespace settle;
using namespace settle::test;

namespace {

nlohmann::json trained(const Scratch& folder, const std::string& config, std::vector<std::string> settings) {
  settings.insert(settings.begin(), {"run", config, "--quiet", "--json"});
  const ProcessResult result = run_settle(settings, {folder.path()});
  CHECK(result.err == "");
  REQUIRE(result.exit_code == 0);
  return last_line(result);
}

}  // namespace

TEST_CASE("a model that went out as ONNX and came back trains to the same bits, in batches that its file leaves open") {
  const Scratch folder;
  put_quadrants(folder / "data", "train", 192);
  put_quadrants(folder / "data", "t10k", 40);  // two batches and a half: the last one is filled up
  put(folder / "small.ini",
      std::string_view("[graph]\nfamily = mlp\nlayers = 64,12,4\n[data]\ndataset = idx\npath = data\n"
                       "[learn]\nlearning_rate = 0.1\nbatch = 16\nepochs = 3\n"));
  put(folder / "onnx.ini", std::string_view("[graph]\nfile = small.onnx\n[data]\ndataset = idx\npath = data\n"
                                            "[learn]\nlearning_rate = 0.1\nbatch = 16\nepochs = 3\n"));
  REQUIRE(run_settle({"convert", "small.ini", "small.onnx"}, {folder.path()}).exit_code == 0);
  const nlohmann::json expected = trained(folder, "small.ini", {});
  const nlohmann::json actual = trained(folder, "onnx.ini", {});
  CHECK(actual.at("parameters_sha256") == expected.at("parameters_sha256"));
  CHECK(actual.at("test_accuracy") == expected.at("test_accuracy"));
  CHECK(actual.at("test_samples") == 40);
  CHECK(actual.at("test_loss").get<double>() == doctest::Approx(expected.at("test_loss").get<double>()).epsilon(1e-5));
}

TEST_CASE("token ids train an embedding") {
  const Scratch folder;
  const onnx::Model model = OnnxBuilder()
                                .input(tensor("ids", {-1, 3}, onnx::ElementType::int64))
                                .initialiser(floats("W", {7, 2}, -0.5))
                                .initialiser(floats("V", {2, 6}, -1))
                                .initialiser(integers("flat", {0, 6}))
                                .node("Gather", {"W", "ids"}, {"rows"})
                                .node("Reshape", {"rows", "flat"}, {"row"})
                                .node("Gemm", {"row", "V"}, {"y"}, {{"transB", std::int64_t{1}}})
                                .output("y")
                                .model;
  put(folder / "tokens.onnx", onnx::write_model(model, "test"));
  std::string ids, labels;
  for (int i = 0; i < 28; ++i) {
    for (const int token : {i % 7, i * i % 7, (i + 3) % 7}) ids += static_cast<char>(token);
    labels += static_cast<char>(i % 7 < 3 ? 0 : 1);
  }
  std::filesystem::create_directories(folder / "data");
  put_integers(folder / "data" / "x_train.npy", "|u1", "(28, 3)", ids);
  put_integers(folder / "data" / "y_train.npy", "|u1", "(28,)", labels);
  put(folder / "tokens.ini",
      std::string_view("[graph]\nfile = tokens.onnx\n[data]\ndataset = npy\npath = data\nnormalise = none\n"
                       "[learn]\noptimizer = adam\nlearning_rate = 0.05\nbatch = 4\nepochs = 60\n"));
  CHECK(trained(folder, "tokens.ini", {}).at("train_accuracy") == 1);
}

TEST_CASE("a sequence model holds its samples along axis 1 where data.batch_axis says so") {
  const Scratch folder;
  const onnx::Model model = OnnxBuilder()
                                .input(tensor("x", {3, -1, 1}))
                                .initialiser(floats("w", {1, 1}))
                                .node("MatMul", {"x", "w"}, {"each"})
                                .node("ReduceMean", {"each"}, {"y"}, {{"axes", std::vector<std::int64_t>{0}}})
                                .output("y")
                                .model;
  put(folder / "mean.onnx", onnx::write_model(model, "test"));
  put(folder / "mean.ini", std::string_view("[graph]\nfile = mean.onnx\noutput = normal\n"
                                            "[data]\ndataset = table\nbatch_axis = 1\n"
                                            "rows = 1 2 3 : 2 ; 0 6 0 : 2 ; -1 -2 0 : -1 ; 3 3 3 : 3\n"
                                            "[learn]\nlearning_rate = 0.1\nbatch = 2\nepochs = 60\n"));
  CHECK(trained(folder, "mean.ini", {}).at("train_loss").get<double>() < 1e-8);
  const ProcessResult refused =
      run_settle({"run", "mean.ini", "--data.batch_axis=0", "--run.directory=other"}, {folder.path()});
  CHECK(refused.exit_code == 78);
  CHECK(has(refused.err, "axis 1 has no fixed extent"));
  const ProcessResult uneven =
      run_settle({"run", "mean.ini", "--learn.batch=5", "--run.directory=other"}, {folder.path()});
  CHECK(uneven.exit_code == 78);
  CHECK(has(uneven.err, "the dataset has 4 to train on"));
}
