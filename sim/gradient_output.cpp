#include "sim/gradient_output.hpp"

#include <fstream>

#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/file_name.hpp"
#include "sim/file_system.hpp"
#include "sim/npy.hpp"

namespace settle {
namespace {

namespace fs = std::filesystem;

constexpr const char* kResult = "result.json";
constexpr const char* kTrace = "trace.csv";

// A training run's directory has a result.json too: only ours tells a distance from backprop.
bool is_ours(const fs::path& folder) {
  std::ifstream file(folder / kResult);
  const auto json = nlohmann::json::parse(file, nullptr, false);
  return json.is_object() && json.contains("backprop_relative_error");
}

bool is_output(const std::string& name) {
  const bool array = (name.starts_with("grad_") || name.starts_with("gradin_")) && name.ends_with(".npy");
  return array || name == kTrace;
}

}  // namespace

GradientOutput::GradientOutput(const fs::path& folder) : folder_(folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) {
    FileSystem::system().make_directory(folder);
    return;
  }
  const bool empty = fs::is_directory(folder, error) && fs::is_empty(folder, error);
  if (error || (!empty && !is_ours(folder)))
    throw CannotCreate(folder.string() +
                       ": something else than an earlier result of settle gradient is there; give "
                       "another --out, or remove it");
}

template <class Scalar>
void GradientOutput::write(const GradientCase<Scalar>& gradient_case, const Gradients<Scalar>& gradients) {
  const auto put = [&](const std::string& name, const Tensor<Scalar>& tensor, const Shape& shape) {
    write_npy<Scalar>(folder_ / name, {tensor.data(), shape});
    written_.insert(name);
  };
  const Graph& graph = *gradient_case.graph();
  for (VertexId id = 0; id < graph.size(); ++id) {
    const Vertex& vertex = graph[id];
    if (vertex.kind == VertexKind::input)
      put("gradin_" + file_part(vertex.name) + ".npy", gradients[id][0], gradient_case.file_shape(id));
    for (std::size_t k = 0; k < vertex.parameters.size(); ++k)
      put("grad_" + file_part(vertex.parameters[k].name) + ".npy", gradients[id][k], vertex.parameters[k].shape);
  }
}

void GradientOutput::write_trace(const std::string& csv) {
  write_file_atomically(folder_ / kTrace, csv);
  written_.insert(kTrace);
}

void GradientOutput::finish(const nlohmann::json& result) {
  std::set<std::string> old;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename().string();
    if (is_output(name) && !written_.contains(name)) old.insert(name);
  }
  for (const std::string& name : old) FileSystem::system().remove(folder_ / name);
  write_file_atomically(folder_ / kResult, result.dump() + "\n");
}

template void GradientOutput::write(const GradientCase<float>&, const Gradients<float>&);
template void GradientOutput::write(const GradientCase<double>&, const Gradients<double>&);

}  // namespace settle
