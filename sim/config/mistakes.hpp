// Purpose: collects what is wrong with a config, so that the user learns all of it at once. Caller: load.cpp.
// Thread rule: one user.
#pragma once

#include <string>
#include <utility>

#include "graph/error.hpp"

namespace settle {

class ConfigMistakes {
 public:
  void add(ExitCode kind, const std::string& line) {
    text_ += (text_.empty() ? "" : "\n") + line;
    if (kind != ExitCode::usage) only_usage_ = false;
  }
  bool any() const noexcept { return !text_.empty(); }
  // Errors: UsageError where every mistake is one, else BadConfig. Nothing where there is none.
  void throw_if_any() const {
    if (!any()) return;
    if (only_usage_) throw UsageError(text_);
    throw BadConfig(text_);
  }

 private:
  std::string text_;
  bool only_usage_ = true;
};

}  // namespace settle
