// Purpose: collects the mistakes of one text and renders them:
//
//   model.graph:4:21: error: there is no vertex or expression named 'h11'
//     y ~ normal(linear(h11, 10))
//                       ^~~
//     did you mean 'h1'?
//
// Thread rule: one owner.
#pragma once

#include <string>
#include <vector>

#include "graph/language/source.hpp"

namespace settle::language {

struct Diagnostic {
  std::uint32_t line = 0;  // 0: about the text as a whole
  std::uint32_t column = 0;
  std::uint32_t length = 0;  // in characters, within the line
  std::string message;
  std::string hint;  // the remedy, or ""
};

std::string render(const Diagnostic& diagnostic, const Source& source);

class Diagnostics {
 public:
  // Requires: `source` outlives the collection.
  explicit Diagnostics(const Source& source) : source_(&source) {}

  // One mistake is kept once, even when it is met again where an expression is inlined.
  void report(Range at, const std::string& message, const std::string& hint = "");
  void report_whole(const std::string& message);

  bool empty() const noexcept { return list_.empty(); }
  // So many mistakes that looking for more helps nobody.
  bool full() const noexcept { return list_.size() >= kMaxReported; }
  // In order of place.
  std::string render_all() const;

 private:
  static constexpr std::size_t kMaxReported = 100;

  void add(Diagnostic diagnostic);

  const Source* source_;
  std::vector<Diagnostic> list_;
};

}  // namespace settle::language
