// Purpose: vectors of as many scalars as one instruction takes, by Eigen's names for them, and loops over an array in
// such packets: for kernels that Eigen's expressions do not cover, or only in several passes.
// Included by kernels only (.cpp files of graph/). Thread rule: pure functions.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace settle {

template <class Scalar>
using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
// Scalars of a packet.
template <class Scalar>
inline constexpr std::int64_t kLanes = Eigen::internal::unpacket_traits<Packet<Scalar>>::size;

// a b + c for a packet or a scalar, rounded once for both or for neither. (Of scalars Eigen's pmadd leaves that to the
// compiler, and clang's choice is another than its packets'.)
template <class P>
P multiply_add(const P& a, const P& b, const P& c) {
#ifdef EIGEN_VECTORIZE_FMA
  if constexpr (std::is_floating_point_v<P>) return std::fma(a, b, c);
#endif
  return Eigen::internal::pmadd(a, b, c);
}

// Calls visit.operator()<P>(i) for the packets of [0, size), i being the first element, and then, P being Scalar, for
// the elements that are left.
template <class Scalar, class Visit>
void for_each_packet(std::int64_t size, Visit&& visit) {
  std::int64_t i = 0;
  for (; i + kLanes<Scalar> <= size; i += kLanes<Scalar>) visit.template operator()<Packet<Scalar>>(i);
  for (; i < size; ++i) visit.template operator()<Scalar>(i);
}

}  // namespace settle
