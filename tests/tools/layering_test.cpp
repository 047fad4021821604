// The direction graph <- actors <- sim <- tools, with actors/caf between the protocol and tools and the only folder
// that includes CAF, read from the sources' include lines; and the fixed top level.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Layer {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

// The first entry that holds a file is its layer, so graph/onnx stands before graph and actors/wire before actors.
const std::vector<Layer> kLayers = {
    {"graph/onnx", {"graph", "graph/onnx"}},
    {"graph", {"graph"}},
    {"actors/wire/tls", {"graph", "actors", "actors/wire", "actors/wire/tls"}},
    {"actors/wire", {"graph", "actors", "actors/wire"}},
    {"actors/hosts", {"graph", "actors", "actors/wire", "actors/hosts"}},
    {"actors/caf", {"graph", "actors", "actors/wire", "actors/wire/tls", "actors/hosts", "actors/caf"}},
    {"actors", {"graph", "actors"}},
    {"sim", {"graph", "graph/onnx", "actors", "actors/wire", "actors/wire/tls", "sim"}},
    {"tools",
     {"graph", "graph/onnx", "actors", "actors/wire", "actors/wire/tls", "actors/hosts", "actors/caf", "sim", "tools"}},
};

const std::vector<std::string_view> kTopLevel = {"graph",   "actors", "sim",   "tools",
                                                 "configs", "tests",  "build", "runs"};

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const Layer* layer_of(std::string_view path) {
  const auto holds = [&](const Layer& layer) {
    return path.starts_with(layer.folder) && path.substr(layer.folder.size()).starts_with('/');
  };
  const auto found = std::find_if(kLayers.begin(), kLayers.end(), holds);
  return found == kLayers.end() ? nullptr : &*found;
}

// What an include line names, with its first delimiter ('"' or '<') kept; empty for every other line.
std::string_view included(std::string_view line) {
  const auto take = [&](std::string_view word) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const bool there = line.starts_with(word);
    if (there) line.remove_prefix(word.size());
    return there;
  };
  if (!take("#") || !take("include")) return {};
  take("");
  return line.substr(0, line.find_first_of("\">", 1));
}

// Standard headers have neither a folder nor a suffix; the two intrinsics headers set the processor's rounding mode.
bool is_standard(std::string_view name) {
  return name.find_first_of("./") == name.npos || name == "immintrin.h" || name == "xmmintrin.h";
}

bool is_onnx(std::string_view name) { return name.starts_with("onnx/") || name.starts_with("google/protobuf/"); }

bool is_openssl(std::string_view name) { return name.starts_with("openssl/"); }

bool is_eigen(std::string_view name) { return name.starts_with("Eigen/") || name.starts_with("unsupported/Eigen/"); }

// Why a file of `layer` must not include this; empty if it may.
std::string objection(const Layer& layer, std::string_view include) {
  const std::string_view name = include.substr(1);
  if (name.starts_with("caf/")) return layer.folder == "actors/caf" ? "" : "only actors/caf may include CAF";
  if (include.front() == '<') {
    if (is_onnx(name)) return layer.folder == "graph/onnx" ? "" : "only graph/onnx may include ONNX and protobuf";
    if (is_openssl(name) && layer.folder != "actors/wire/tls" && layer.folder != "sim")
      return "only actors/wire/tls and sim may include OpenSSL";
    const bool allowed = !layer.folder.starts_with("graph") || is_standard(name) || is_eigen(name);
    return allowed ? "" : "graph may include the standard library and Eigen only";
  }
  const Layer* const target = layer_of(name);
  if (target == nullptr) return "an include in quotes is written from the root of the repository";
  if (contains(layer.may_include, target->folder)) return "";
  return std::string(layer.folder) + " must not know " + std::string(target->folder);
}

void check_file(const fs::path& root, const fs::path& file, std::vector<std::string>& faults) {
  const std::string name = file.lexically_relative(root).generic_string();
  const Layer* const layer = layer_of(name);
  std::ifstream in(file);
  REQUIRE_MESSAGE(in.good(), name);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::string_view include = included(line);
    if (include.empty()) continue;
    const std::string reason = objection(*layer, include);
    if (reason.empty()) continue;
    faults.push_back(name + ":" + std::to_string(number) + ": " + std::string(include.substr(1)) + ": " + reason);
  }
}

// "file:line: include: reason" for each broken include and "folder: reason" for each unknown top-level folder, sorted.
std::vector<std::string> layering_faults(const fs::path& root) {
  std::vector<std::string> faults;
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_directory() || name.starts_with('.') || contains(kTopLevel, name)) continue;
    faults.push_back(name + ": is not one of the top-level folders");
  }
  for (const std::string_view top : {"graph", "actors", "sim", "tools"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const fs::path suffix = entry.path().extension();
      if (suffix == ".cpp" || suffix == ".hpp") check_file(root, entry.path(), faults);
    }
  }
  std::sort(faults.begin(), faults.end());
  return faults;
}

// A tree of sources in a folder of its own that goes when the test ends.
class ScratchTree {
 public:
  ScratchTree() : root_(fs::temp_directory_path() / ("settle_layering_" + std::to_string(::getpid()))) {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ScratchTree(const ScratchTree&) = delete;
  ScratchTree& operator=(const ScratchTree&) = delete;
  ~ScratchTree() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  void write(const fs::path& file, std::string_view text) const {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }
  const fs::path& root() const { return root_; }

 private:
  fs::path root_;
};

}  // namespace

TEST_CASE("every include of this repository follows the layers and its top level is the fixed one") {
  const fs::path root = SETTLE_SOURCE_DIR;
  REQUIRE(fs::exists(root / "graph"));
  for (const std::string& fault : layering_faults(root)) FAIL_CHECK(fault);
}

TEST_CASE("the layering check passes a tree whose includes all point down") {
  const ScratchTree tree;
  tree.write("graph/a.hpp", "#include <Eigen/Core>\n#include <vector>\n#include \"graph/ops/b.hpp\"\n");
  tree.write("graph/onnx/a.cpp",
             "#include <onnx/onnx_pb.h>\n#include \"graph/a.hpp\"\n#include \"graph/onnx/a.hpp\"\n");
  tree.write("actors/a.cpp", "#include \"actors/a.hpp\"\n#include \"graph/a.hpp\"\n");
  tree.write("actors/wire/a.cpp", "#include \"actors/a.hpp\"\n#include \"actors/wire/a.hpp\"\n");
  tree.write("actors/wire/tls/a.cpp", "#include <openssl/ssl.h>\n#include \"actors/wire/a.hpp\"\n");
  tree.write("actors/caf/a.cpp",
             "#include <caf/all.hpp>\n#include \"actors/wire/a.hpp\"\n#include \"actors/caf/a.hpp\"\n");
  tree.write("sim/a.cpp", "#include <zip.h>\n#include \"actors/a.hpp\"\n#include \"graph/onnx/a.hpp\"\n");
  tree.write("tools/a.cpp", "#include \"actors/caf/a.hpp\"\n#include \"sim/a.hpp\"\n#include \"tools/a.hpp\"\n");
  tree.write(".hidden/a.cpp", "#include \"anything.hpp\"\n");
  CHECK(layering_faults(tree.root()) == std::vector<std::string>{});
}

TEST_CASE("the layering check names file, line and reason of each include that points up or outside") {
  const ScratchTree tree;
  tree.write("graph/a.cpp",
             "#include <vector>\n  #  include \"actors/a.hpp\"\n#include <boost/any.hpp>\n#include \"b.hpp\"\n");
  tree.write("graph/ops/deep.hpp", "#include <caf/all.hpp>\n#include <unistd.h>\n");
  tree.write("graph/b.cpp", "#include \"graph/onnx/a.hpp\"\n#include <onnx/onnx_pb.h>\n");
  tree.write("graph/onnx/a.cpp", "#include <boost/any.hpp>\n#include \"sim/a.hpp\"\n");
  tree.write("actors/a.cpp", "#include \"actors/caf/a.hpp\"\n#include \"sim/a.hpp\"\n");
  tree.write("actors/b.cpp", "#include \"actors/wire/a.hpp\"\n");
  tree.write("actors/caf/a.cpp", "#include \"sim/a.hpp\"\n");
  tree.write("actors/wire/a.cpp",
             "#include \"actors/caf/a.hpp\"\n#include \"actors/wire/tls/a.hpp\"\n#include <caf/all.hpp>\n");
  tree.write("actors/caf/b.cpp", "#include <openssl/ssl.h>\n");
  tree.write("sim/a.cpp", "#include \"actors/caf/a.hpp\"\n#include \"tools/a.hpp\"\n");
  tree.write("tools/commands/a.cpp", "// #include <caf/none.hpp>\n#include <caf/all.hpp>\n");
  CHECK(layering_faults(tree.root()) ==
        std::vector<std::string>{
            "actors/a.cpp:1: actors/caf/a.hpp: actors must not know actors/caf",
            "actors/a.cpp:2: sim/a.hpp: actors must not know sim",
            "actors/b.cpp:1: actors/wire/a.hpp: actors must not know actors/wire",
            "actors/caf/a.cpp:1: sim/a.hpp: actors/caf must not know sim",
            "actors/caf/b.cpp:1: openssl/ssl.h: only actors/wire/tls and sim may include OpenSSL",
            "actors/wire/a.cpp:1: actors/caf/a.hpp: actors/wire must not know actors/caf",
            "actors/wire/a.cpp:2: actors/wire/tls/a.hpp: actors/wire must not know actors/wire/tls",
            "actors/wire/a.cpp:3: caf/all.hpp: only actors/caf may include CAF",
            "graph/a.cpp:2: actors/a.hpp: graph must not know actors",
            "graph/a.cpp:3: boost/any.hpp: graph may include the standard library and Eigen only",
            "graph/a.cpp:4: b.hpp: an include in quotes is written from the root of the repository",
            "graph/b.cpp:1: graph/onnx/a.hpp: graph must not know graph/onnx",
            "graph/b.cpp:2: onnx/onnx_pb.h: only graph/onnx may include ONNX and protobuf",
            "graph/onnx/a.cpp:1: boost/any.hpp: graph may include the standard library and Eigen only",
            "graph/onnx/a.cpp:2: sim/a.hpp: graph/onnx must not know sim",
            "graph/ops/deep.hpp:1: caf/all.hpp: only actors/caf may include CAF",
            "graph/ops/deep.hpp:2: unistd.h: graph may include the standard library and Eigen only",
            "sim/a.cpp:1: actors/caf/a.hpp: sim must not know actors/caf",
            "sim/a.cpp:2: tools/a.hpp: sim must not know tools",
            "tools/commands/a.cpp:2: caf/all.hpp: only actors/caf may include CAF",
        });
}

TEST_CASE("the layering check names a top-level folder that does not belong") {
  const ScratchTree tree;
  tree.write("graph/a.hpp", "");
  tree.write("utils/a.hpp", "");
  tree.write("build/release/a.hpp", "#include \"anything.hpp\"\n");
  CHECK(layering_faults(tree.root()) == std::vector<std::string>{"utils: is not one of the top-level folders"});
}
