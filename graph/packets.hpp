// Purpose: vectors of as many scalars as one instruction takes, by Eigen's names for them, and loops over an array in
// such packets: for kernels that Eigen's expressions do not cover, or only in several passes.
// Included by kernels only (.cpp files of graph/). Thread rule: pure functions.
#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace settle {

template <class Scalar>
using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
// Scalars of a packet.
template <class Scalar>
inline constexpr std::int64_t kLanes = Eigen::internal::unpacket_traits<Packet<Scalar>>::size;

// Calls visit.operator()<P>(i) for the packets of [0, size), i being the first element, and then, P being Scalar, for
// the elements that are left. An element gets the same bits either way where `visit` adds no two products.
template <class Scalar, class Visit>
void for_each_packet(std::int64_t size, Visit&& visit) {
  std::int64_t i = 0;
  for (; i + kLanes<Scalar> <= size; i += kLanes<Scalar>) visit.template operator()<Packet<Scalar>>(i);
  for (; i < size; ++i) visit.template operator()<Scalar>(i);
}

}  // namespace settle
