// Purpose: two Peers joined by their bytes alone, cut at random, and what each has received. Thread rule: one owner.
#pragma once

#include <doctest/doctest.h>

#include "actors/wire/peer.hpp"
#include "graph/random.hpp"

namespace settle {

inline Hello test_hello(HostId rank) {
  Hello hello;
  hello.rank = rank;
  hello.run = "run token";
  hello.build = "a build";
  hello.instruction_set = "avx2 fma";
  hello.graph = "hash of the graph";
  hello.scalar = "float32";
  return hello;
}

inline PeerSettings test_settings(HostId rank, std::uint64_t window = std::uint64_t{8} << 20) {
  PeerSettings settings;
  settings.hello = test_hello(rank);
  settings.hello.window = window;
  return settings;
}

// Keeps what came, in order; done with a message only when the test says so.
class Inbox final : public PeerEvents {
 public:
  void joined(const Hello& other) override { hosts.push_back(other.rank); }
  void received(VertexMessage message, std::size_t bytes) override {
    order += 'v';
    messages.push_back(std::move(message));
    sizes.push_back(bytes);
  }
  void received_control(std::uint16_t kind, std::span<const char> content) override {
    order += 'c';
    controls.emplace_back(kind, std::string(content.begin(), content.end()));
  }

  std::vector<HostId> hosts;
  std::vector<VertexMessage> messages;
  std::vector<std::size_t> sizes;
  std::vector<std::pair<std::uint16_t, std::string>> controls;
  std::string order;  // 'v' and 'c'
};

struct Side {
  Peer peer;
  Inbox inbox;
  Bytes line;               // on its way to the other
  std::size_t carried = 0;  // of it
};

class PeerPair {
 public:
  explicit PeerPair(const PeerSettings& a, const PeerSettings& b, std::uint64_t seed = 0)
      : PeerPair(a, b, std::make_unique<PlainChannel>(), std::make_unique<PlainChannel>(), seed) {}
  PeerPair(const PeerSettings& a, const PeerSettings& b, std::unique_ptr<Channel> channel_a,
           std::unique_ptr<Channel> channel_b, std::uint64_t seed = 0)
      : left{Peer(a, PeerRole::connected, std::move(channel_a), now), {}, {}, 0},
        right{Peer(b, PeerRole::accepted, std::move(channel_b), now), {}, {}, 0},
        random_(seed, "line", "test") {}

  // One piece of what each has to say goes to the other. False where neither has anything.
  bool step() {
    if (left.line.empty()) left.peer.produce(left.line, most, now);
    if (right.line.empty()) right.peer.produce(right.line, most, now);
    const bool moved = !left.line.empty() || !right.line.empty();
    carry(left, right);
    carry(right, left);
    return moved;
  }
  void settle() {
    while (step()) {
    }
  }
  // Both are done with all they have received.
  void done_with_all() {
    for (Side* side : {&left, &right}) {
      for (const std::size_t bytes : side->inbox.sizes) side->peer.done(bytes);
      side->inbox.sizes.clear();
    }
  }
  void tick(std::chrono::milliseconds later) {
    now += later;
    left.peer.tick(now);
    right.peer.tick(now);
  }

  std::size_t most = 512 << 10;   // of one `produce`
  std::size_t longest = 100'000;  // piece of a line
  WireTime now{};
  Side left;
  Side right;

 private:
  void carry(Side& from, Side& to) {
    const auto rest = std::span(from.line).subspan(from.carried);
    if (rest.empty()) return;
    const auto piece = rest.first(1 + random_.below(std::min(rest.size(), longest)));
    to.peer.receive(piece, now, to.inbox);
    from.carried += piece.size();
    if (piece.size() < rest.size()) return;
    from.line.clear();
    from.carried = 0;
  }

  RandomStream random_;
};

}  // namespace settle
