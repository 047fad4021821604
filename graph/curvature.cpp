#include "graph/curvature.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "graph/eigen.hpp"
#include "graph/evaluator.hpp"
#include "graph/random.hpp"

namespace settle {
namespace {

constexpr int kIterations = 6;
// What a few iterations from a random start miss of the largest singular value.
constexpr double kMissed = 1.1;

// A delayed unstable vertex swings to and fro within this many steps, at the delays that are worth simulating.
constexpr std::uint32_t kFirstStretch = 32;
constexpr std::uint32_t kLongestStretch = 256;
constexpr int kGrowingSwings = 2;
// Also news that come after a while make changes grow: they must not bring a vertex to rest.
constexpr double kMostRestraint = 1.0 / 64;

template <class Scalar>
void add_squares(ConstView<Scalar> tensor, std::vector<double>& sums) {
  const auto rows = static_cast<std::int64_t>(sums.size());
  const std::int64_t width = tensor.size() / rows;
  for (std::int64_t row = 0; row < rows; ++row)
    sums[static_cast<std::size_t>(row)] +=
        static_cast<double>(array(tensor).segment(row * width, width).square().sum());
}

// Every row divided by its norm; a row of norm 0 stays.
template <class Scalar>
void normalise(View<Scalar> tensor, std::size_t rows) {
  std::vector<double> sums(rows, 0.0);
  add_squares(ConstView<Scalar>(tensor), sums);
  const std::int64_t width = tensor.size() / static_cast<std::int64_t>(rows);
  for (std::size_t row = 0; row < rows; ++row)
    if (sums[row] > 0)
      array(tensor).segment(static_cast<std::int64_t>(row) * width, width) *=
          static_cast<Scalar>(1 / std::sqrt(sums[row]));
}

}  // namespace

template <class Scalar>
double norm_of_jacobian(Evaluator<Scalar>& evaluator, const JacobianProbe& probe,
                        const std::vector<ConstView<Scalar>>& parents, ConstView<Scalar> location,
                        View<Scalar> precision, Tensor<Scalar>& scratch) {
  if (probe.slots.empty() || location.size() == 0) return 0;
  const auto rows = probe.by_sample ? static_cast<std::size_t>(location.shape[0]) : std::size_t{1};
  Tensor<Scalar> direction(location.shape);  // u, of the vertex's shape
  RandomStream random(0, probe.name, "curvature");
  for (Scalar& x : std::span(direction.data(), direction.flat().size())) x = static_cast<Scalar>(random.normal());
  std::vector<Tensor<Scalar>> adjoints;  // J^T u, by slot
  std::vector<Tensor<Scalar>> nudged;    // the parents, a step along it
  for (const std::uint32_t slot : probe.slots) {
    adjoints.emplace_back(parents[slot].shape);
    nudged.emplace_back(parents[slot].shape);
  }
  scratch.resize(location.shape);
  const double nudge = std::cbrt(static_cast<double>(std::numeric_limits<Scalar>::epsilon()));
  double largest = 0;
  for (int iteration = 0;; ++iteration) {
    normalise(direction.view(), rows);
    evaluator.set_root(std::as_const(direction).view());
    std::vector<double> squares(rows, 0.0);
    for (std::size_t k = 0; k < adjoints.size(); ++k) {
      if (!evaluator.parent_adjoint(probe.slots[k], adjoints[k].view())) adjoints[k].fill(Scalar(0));
      add_squares(std::as_const(adjoints[k]).view(), squares);
    }
    largest = std::sqrt(std::ranges::max(squares));
    if (iteration + 1 == kIterations || !(largest > 0)) break;
    // J (J^T u) by a difference along it, of a step that is small beside the values; the next adjoint is taken there,
    // which is as near.
    const auto step = static_cast<Scalar>(nudge / largest);
    for (std::size_t k = 0; k < adjoints.size(); ++k) {
      array(nudged[k].view()) = array(parents[probe.slots[k]]) + step * array(std::as_const(adjoints[k]).view());
      evaluator.set_parent(probe.slots[k], std::as_const(nudged[k]).view());
    }
    evaluator.forward(scratch.view(), precision);
    array(direction.view()) = (array(std::as_const(scratch).view()) - array(location)) / step;
  }
  for (const std::uint32_t slot : probe.slots) evaluator.set_parent(slot, parents[slot]);
  evaluator.forward(scratch.view(), precision);
  return kMissed * largest;
}

void Curvature::begin(double own, double gain, std::size_t children) {
  *this = {};
  own_ = own;
  gain_ = gain;
  children_.assign(children, -1.0);
  stretch_ = kFirstStretch;
}

std::optional<Curvature::Pace> Curvature::pace(std::uint32_t delay) const {
  double bound = own_;
  for (const double gain : children_) {
    if (gain < 0) return std::nullopt;
    bound += gain;
  }
  const double share = restraint_ * std::sin(std::numbers::pi / (2 * (2.0 * delay + 1)));
  return Pace{std::isfinite(bound) ? share / bound : 0.0, share};
}

void Curvature::restrain() { restraint_ = std::max(restraint_ / 2, kMostRestraint); }

void Curvature::note_step(double largest) {
  peak_ = std::max(peak_, largest);
  if (++steps_ < stretch_) return;
  if (peak_ > peak_before_) restrain();
  peak_before_ = std::exchange(peak_, 0);
  steps_ = 0;
  stretch_ = std::min(2 * stretch_, kLongestStretch);
}

void Curvature::note_move(double largest, bool turned) {
  if (turned) {
    growing_ = peak_ >= peak_before_ ? growing_ + 1 : 0;
    peak_before_ = std::exchange(peak_, 0);
    if (growing_ == kGrowingSwings) {
      restrain();
      growing_ = 0;
    }
  }
  peak_ = std::max(peak_, largest);
}

template double norm_of_jacobian(Evaluator<float>&, const JacobianProbe&, const std::vector<ConstView<float>>&,
                                 ConstView<float>, View<float>, Tensor<float>&);
template double norm_of_jacobian(Evaluator<double>&, const JacobianProbe&, const std::vector<ConstView<double>>&,
                                 ConstView<double>, View<double>, Tensor<double>&);

}  // namespace settle
