// Purpose: collects the mistakes of one text and renders them:
//
//   model.graph:4:21: error: there is no vertex or expression named 'h11'
//     y ~ normal(linear(h11, 10))
//                       ^~~
//     did you mean 'h1'?
//
// Within a repeat or a function that is called, the message says where: "(for t = 3)", "(in 'block', called in line
// 7)". Thread rule: one owner.
#pragma once

#include <string>
#include <vector>

#include "graph/language/source.hpp"

namespace settle::language {

struct Diagnostic {
  Place place;               // line 0: about the text as a whole
  std::uint32_t length = 0;  // in characters, within the line
  std::string message;
  std::string hint;  // the remedy, or ""
};

std::string render(const Diagnostic& diagnostic, const Source& source);

// One round of a repeat, or one call of a function, that is being worked on.
struct Frame {
  std::string_view name;   // the variable, or the function
  std::int64_t value = 0;  // of the variable
  Range called;            // where the function is called; of length 0 for a repeat
  const Frame* outer = nullptr;
};

class Diagnostics {
 public:
  // Requires: `source` outlives the collection.
  explicit Diagnostics(const Source& source) : source_(&source) {}

  // One mistake is kept once, even when it is met again where an expression is inlined, repeated or called.
  void report(Range at, const std::string& message, const std::string& hint = "");
  void report_whole(const std::string& message);

  bool empty() const noexcept { return list_.empty(); }
  std::size_t size() const noexcept { return list_.size(); }
  // So many mistakes that looking for more helps nobody.
  bool full() const noexcept { return list_.size() >= kMaxReported; }
  // In order of place.
  std::string render_all() const;

 private:
  friend class Within;
  static constexpr std::size_t kMaxReported = 100;

  std::string frames() const;

  const Source* source_;
  const Frame* innermost_ = nullptr;
  std::vector<Diagnostic> list_;
};

// While it lives, mistakes are told to be within that round or call.
class Within {
 public:
  Within(Diagnostics& diagnostics, Frame frame) : diagnostics_(&diagnostics), frame_(frame) {
    frame_.outer = diagnostics.innermost_;
    diagnostics.innermost_ = &frame_;
  }
  ~Within() { diagnostics_->innermost_ = frame_.outer; }
  Within(const Within&) = delete;
  Within& operator=(const Within&) = delete;

 private:
  Diagnostics* diagnostics_;
  Frame frame_;
};

}  // namespace settle::language
