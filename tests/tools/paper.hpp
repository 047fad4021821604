// Purpose: the experiments of configs/paper, and what they learn from. Thread rule: any thread.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "graph/random.hpp"

namespace settle {

inline std::filesystem::path paper() { return std::filesystem::path(SETTLE_SOURCE_DIR) / "configs/paper"; }

// Where it is not, that is said.
inline bool has_fashion_mnist() {
  if (std::filesystem::exists("/usr/share/datasets/fashion-mnist")) return true;
  MESSAGE("skipped: Fashion-MNIST is not installed (apt-get install dataset-fashion-mnist)");
  return false;
}

// Random words over 65 characters, as many as tiny Shakespeare has.
inline std::string random_text(std::size_t length) {
  RandomStream random(3, "text", "test");
  std::string text;
  for (char c = 32; c < 32 + 65; ++c) text += c;
  while (text.size() < length) text += static_cast<char>(32 + random.below(random.below(65) + 1));
  return text;
}

}  // namespace settle
