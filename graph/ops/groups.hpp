// Purpose: the elements of a tensor grouped by the result that each goes into, as runs (graph/ops/broadcast.hpp): what
// every reduction is written with. Along a run either all elements go into one result, or each into the next one.
// A `Fold` says how elements meet: start, two(a, b) of arrays or numbers, and all(array), one number.
// Caller: graph/ops/reduce*. Thread rule: a value type.
#pragma once

#include <concepts>
#include <limits>

#include "graph/ops/broadcast.hpp"
#include "graph/ops/elementwise.hpp"

namespace settle {

struct SumFold {
  static constexpr double start = 0;
  static auto two(const auto& a, const auto& b) { return a + b; }
  static auto all(const auto& x) { return x.sum(); }
};
struct ProductFold {
  static constexpr double start = 1;
  static auto two(const auto& a, const auto& b) { return a * b; }
  static auto all(const auto& x) { return x.prod(); }
};
struct MaxFold {
  static constexpr double start = -std::numeric_limits<double>::infinity();
  static auto two(const auto& a, const auto& b) { return larger_of(a, b); }
  template <std::floating_point Scalar>
  static Scalar two(Scalar a, Scalar b) {
    return a >= b || a != a ? a : b;
  }
  static auto all(const auto& x) { return x.template maxCoeff<Eigen::PropagateNaN>(); }
};

// A run whose elements all go into one result.
struct OneResult {
  std::int64_t result;
  std::int64_t length;

  template <class Scalar>
  auto of(const Scalar* results) const {
    return repeated(results + result, length);
  }
  template <class Fold, class Scalar>
  void fold(Scalar* results, const auto& terms) const {
    results[result] = Fold::two(results[result], Scalar(Fold::all(terms)));
  }
};

// A run whose elements go into neighbouring results.
struct EachItsResult {
  std::int64_t result;
  std::int64_t length;

  template <class Scalar>
  auto of(const Scalar* results) const {
    return run(results + result, length);
  }
  template <class Fold, class Scalar>
  void fold(Scalar* results, const auto& terms) const {
    auto into = run(results + result, length);
    into = Fold::two(into, terms);
  }
};

class Groups {
 public:
  Groups(const Shape& elements, const Shape& results)
      : walk_(elements, {results}), elements_(elements.size()), results_(results.size()) {}

  std::int64_t results() const noexcept { return results_; }
  // Elements that go into each result.
  std::int64_t terms() const noexcept { return results_ == 0 ? 1 : elements_ / results_; }

  // Calls visit(first element, OneResult or EachItsResult) for each run.
  template <class Visit>
  void for_each_run(Visit&& visit) const {
    walk_.for_each_run([&](std::int64_t start, const auto& offsets) {
      if (walk_.stride(0) == 0)
        visit(start, OneResult{offsets[0], walk_.length()});
      else
        visit(start, EachItsResult{offsets[0], walk_.length()});
    });
  }

  // Calls visit(element, result) for each element, in order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    walk_.for_each_run([&](std::int64_t start, const auto& offsets) {
      for (std::int64_t i = 0; i < walk_.length(); ++i) visit(start + i, offsets[0] + i * walk_.stride(0));
    });
  }

  // results = the fold of term(x, along) over the elements of x, `along.of(array)` being what goes with each of them in
  // an array of results.
  template <class Fold, class Scalar, class Term>
  void fold(const Scalar* x, Scalar* results, Term&& term) const {
    std::fill_n(results, results_, static_cast<Scalar>(Fold::start));
    for_each_run([&](std::int64_t start, const auto& along) {
      along.template fold<Fold>(results, term(run(x + start, along.length), along));
    });
  }

  // destination (+)= term(x, along), element by element.
  template <class Scalar, class Term>
  void spread(const Scalar* x, Scalar* destination, bool accumulate, Term&& term) const {
    for_each_run([&](std::int64_t start, const auto& along) {
      store(run(destination + start, along.length), term(run(x + start, along.length), along), accumulate);
    });
  }

 private:
  BroadcastWalk<1> walk_;
  std::int64_t elements_;
  std::int64_t results_;
};

}  // namespace settle
