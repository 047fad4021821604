// Purpose: the reductions themselves, each a struct over Groups (graph/ops/groups.hpp):
//   name, standard                          its own, and the one in the ONNX standard
//   forward(groups, x, y)                   y from x
//   backward(groups, x, y, g, a, add)       a (+)= the adjoint of x, from the adjoint g of y
// Formulas in graph/ops/reduce.hpp. Caller: graph/ops/reduce.cpp. Thread rule: pure functions.
#pragma once

#include <string_view>

#include "graph/ops/exact.hpp"
#include "graph/ops/groups.hpp"
#include "graph/ops/product.hpp"
#include "graph/ops/scratch.hpp"

namespace settle {

// y = finish(sum of term(x), terms);  a = slope(x, y, g, terms).
template <class F>
struct SumOf : F {
  template <class Scalar>
  static void forward(const Groups& groups, const Scalar* x, Scalar* y) {
    groups.fold<SumFold>(x, y, [](const auto& of_x, const auto&) { return F::term(of_x); });
    auto results = run(y, groups.results());
    F::finish(results, static_cast<Scalar>(groups.terms()));
  }
  template <class Scalar>
  static void backward(const Groups& groups, const Scalar* x, const Scalar* y, const Scalar* g, Scalar* a, bool add) {
    const auto terms = static_cast<Scalar>(groups.terms());
    groups.spread(x, a, add,
                  [&](const auto& of_x, const auto& along) { return F::slope(of_x, along.of(y), along.of(g), terms); });
  }
};

struct SumTerms {
  static constexpr std::string_view name = "sum";
  static constexpr std::string_view standard = "ReduceSum";
  static auto term(const auto& x) { return x; }
  static void finish(auto&, auto) {}
  static auto slope(const auto&, const auto&, const auto& g, auto) { return g; }
};
struct MeanTerms {
  static constexpr std::string_view name = "mean";
  static constexpr std::string_view standard = "ReduceMean";
  static auto term(const auto& x) { return x; }
  static void finish(auto& y, auto terms) { y /= terms; }
  static auto slope(const auto&, const auto&, const auto& g, auto terms) { return (1 / terms) * g; }
};
struct L1Terms {
  static constexpr std::string_view name = "l1_norm";
  static constexpr std::string_view standard = "ReduceL1";
  static auto term(const auto& x) { return x.abs(); }
  static void finish(auto&, auto) {}
  static auto slope(const auto& x, const auto&, const auto& g, auto) {
    return (x > 0).select(g, (x < 0).select(-g, 0));
  }
};
struct L2Terms {
  static constexpr std::string_view name = "l2_norm";
  static constexpr std::string_view standard = "ReduceL2";
  static auto term(const auto& x) { return x.square(); }
  static void finish(auto& y, auto) { y = exact_sqrt(y); }
  static auto slope(const auto& x, const auto& y, const auto& g, auto) { return (y == 0).select(0, g * x / y); }
};
struct SquareTerms {
  static constexpr std::string_view name = "sum_square";
  static constexpr std::string_view standard = "ReduceSumSquare";
  static auto term(const auto& x) { return x.square(); }
  static void finish(auto&, auto) {}
  static auto slope(const auto& x, const auto&, const auto& g, auto) { return g * (x + x); }
};
struct LogTerms {
  static constexpr std::string_view name = "log_sum";
  static constexpr std::string_view standard = "ReduceLogSum";
  static auto term(const auto& x) { return x; }
  static void finish(auto& y, auto) { y = y.log(); }
  static auto slope(const auto&, const auto& y, const auto& g, auto) { return g * (-y).exp(); }
};

struct LogSumExp {
  static constexpr std::string_view name = "log_sum_exp";
  static constexpr std::string_view standard = "ReduceLogSumExp";
  template <class Scalar>
  static void forward(const Groups& groups, const Scalar* x, Scalar* y) {
    // Exponents are taken relative to the largest; relative to 0 where that is infinite.
    Scalar* top = scratch<Scalar>(groups.results());
    groups.fold<MaxFold>(x, top, [](const auto& of_x, const auto&) { return of_x; });
    auto tops = run(top, groups.results());
    tops = (tops.abs() == std::numeric_limits<Scalar>::infinity()).select(0, tops);
    groups.fold<SumFold>(x, y, [&](const auto& of_x, const auto& along) {
      return (of_x - along.of(static_cast<const Scalar*>(top))).exp();
    });
    auto results = run(y, groups.results());
    results = results.log() + tops;
  }
  template <class Scalar>
  static void backward(const Groups& groups, const Scalar* x, const Scalar* y, const Scalar* g, Scalar* a, bool add) {
    groups.spread(x, a, add,
                  [&](const auto& of_x, const auto& along) { return along.of(g) * (of_x - along.of(y)).exp(); });
  }
};

struct ProductOfAll {
  static constexpr std::string_view name = "prod";
  static constexpr std::string_view standard = "ReduceProd";
  template <class Scalar>
  static void forward(const Groups& groups, const Scalar* x, Scalar* y) {
    groups.fold<ProductFold>(x, y, [](const auto& of_x, const auto&) { return of_x; });
  }
  template <class Scalar>
  static void backward(const Groups& groups, const Scalar* x, const Scalar*, const Scalar* g, Scalar* a, bool add) {
    Scalar* product = scratch<Scalar>(2 * groups.results());
    Scalar* zeros = product + groups.results();
    groups.fold<ProductFold>(x, product, [](const auto& of_x, const auto&) { return unless_zero(of_x); });
    groups.fold<SumFold>(x, zeros, [](const auto& of_x, const auto&) { return is_zero(of_x); });
    groups.spread(x, a, add, [&](const auto& of_x, const auto& along) {
      const Scalar* p = product;
      const Scalar* z = zeros;
      return along.of(g) * product_of_others(of_x, along.of(p), along.of(z));
    });
  }
};

// max, or min as minus the max of -x.
template <int Sign>
struct Extreme {
  static constexpr std::string_view name = Sign > 0 ? "max" : "min";
  static constexpr std::string_view standard = Sign > 0 ? "ReduceMax" : "ReduceMin";
  template <class Scalar>
  static void forward(const Groups& groups, const Scalar* x, Scalar* y) {
    groups.fold<MaxFold>(x, y, [](const auto& of_x, const auto&) { return Scalar(Sign) * of_x; });
    auto results = run(y, groups.results());
    results *= Scalar(Sign);
  }
  template <class Scalar>
  static void backward(const Groups& groups, const Scalar* x, const Scalar* y, const Scalar* g, Scalar* a, bool add) {
    Scalar* open = scratch<Scalar>(groups.results());  // 1 until the first of the equal elements has come
    std::fill_n(open, groups.results(), Scalar(1));
    groups.for_each([&](std::int64_t element, std::int64_t result) {
      const bool first = open[result] != 0 && x[element] == y[result];
      if (first) open[result] = 0;
      const Scalar term = first ? g[result] : Scalar(0);
      a[element] = add ? a[element] + term : term;
    });
  }
};

}  // namespace settle
