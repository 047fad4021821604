// Any bytes: an ONNX model that becomes a graph at every granularity, or is refused; and a tensor, or refused.
#include <cstddef>
#include <cstdint>
#include <span>

#include "graph/describe.hpp"
#include "graph/error.hpp"
#include "graph/onnx/importer.hpp"
#include "graph/onnx/reader.hpp"

namespace {

template <class Read>
void read_or_refuse(Read read) {
  try {
    read();
  } catch (const settle::BadConfig&) {
  } catch (const settle::BadData&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace settle;
  const auto bytes = std::as_bytes(std::span(data, size));
  read_or_refuse([&] { onnx::parse_tensor(bytes, "fuzz"); });
  read_or_refuse([&] {
    const onnx::Model model = onnx::parse_model(bytes, "fuzz");
    for (const onnx::Granularity granularity :
         {onnx::Granularity::op, onnx::Granularity::layer, onnx::Granularity::all})
      read_or_refuse([&] {
        onnx::ImportOptions options;
        options.granularity = granularity;
        // Little enough to be done in no time under the sanitizers.
        options.most_constants = 1 << 18;
        options.most_work = 1e6;
        const onnx::Imported imported = onnx::import_model(model, options);
        if (imported.graph) static_cast<void>(describe(*imported.graph));
      });
  });
  return 0;
}
